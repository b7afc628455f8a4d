"""What a victim is told before it starts; shared by the rig and the process that is killed."""

import msgspec

from engine.steps import Step
from tests.support.scaled import Dial


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """One life of the bot: where it runs and looks for Discord, its clock, and where it is to die.

    `dies_at` with `passings` n: it kills itself at the n-th passing of that step; None leaves that
    to the rig. `environ` is all that it sees of the environment; its log goes to the end of `log`.
    """

    folder: str
    log: str
    environ: dict[str, str]
    discord_api: str
    discord_gateway: str
    dial: Dial
    dies_at: Step | None = None
    passings: int = 1
