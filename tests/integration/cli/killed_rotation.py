"""`fare-engine rotate-keys`, killed before its n-th change of a number: `killed_rotation.py N`."""

import os
import signal
import sys
from itertools import count

from sqlalchemy import Engine, event

from engine.headless.rotating import rotate_keys


def main(last: int) -> None:
    changes = count(1)

    def kill_at_last(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE phones") and next(changes) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", kill_at_last)
    rotate_keys()


main(int(sys.argv[1]))
