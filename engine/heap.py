"""What is loaded at start stays for good: the garbage collector need not walk it again and again."""

import gc
from typing import Final

# Objects made, net of those freed, before the youngest are looked through; the older generations come
# every tenth and every fiftieth time. Python's own 700 runs full collections in the middle of batches.
_YOUNG: Final = 20_000
_MIDDLE: Final = 10
_OLD: Final = 50


def freeze_heap() -> None:
    """Take everything loaded so far out of the collector's sight. Call once, when all is opened.

    A full collection over the libraries, airports and locales holds the loop for about 90 ms; over
    what a few thousand routes under way leave, for 60. Both become rare.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
