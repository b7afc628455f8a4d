"""What the demo asks of its surroundings; no setting of the product."""

import os
import sys


def has_screen() -> bool:
    """Whether a browser opened here would be seen by whoever started the demo."""
    if "SSH_CONNECTION" in os.environ:
        return False
    graphical = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform in ("darwin", "win32") or bool(graphical)
