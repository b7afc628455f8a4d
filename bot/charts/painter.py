"""The drawing process: reads what to draw from its input, writes pictures to its output, ends with its input.

Run as `python -m bot.charts.painter` by `bot.charts.studio`. Each message is its length in four bytes
and then its body: a picture to draw as MessagePack, and back the PNG; an empty one when it failed.
"""

import sys
import traceback
from typing import Final

import msgspec

from bot.charts.spec import Picture

LENGTH_BYTES: Final = 4


def paint() -> None:
    """Serve until the input ends."""
    from bot.charts.drawing import draw

    orders, pictures = sys.stdin.buffer, sys.stdout.buffer
    decoder = msgspec.msgpack.Decoder(Picture)
    while len(head := orders.read(LENGTH_BYTES)) == LENGTH_BYTES:
        order = orders.read(int.from_bytes(head, "big"))
        try:
            png = draw(decoder.decode(order))
        except Exception:  # noqa: BLE001  the root of one picture; the next may be drawn
            traceback.print_exc()
            png = b""
        pictures.write(len(png).to_bytes(LENGTH_BYTES, "big") + png)
        pictures.flush()


if __name__ == "__main__":
    paint()
