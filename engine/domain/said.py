"""How a sentence quotes what somebody typed."""

from typing import Final

_LONGEST: Final = 40


def said(text: str) -> str:
    """The text in quotation marks, on one line, cut to 40 characters."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    line = " ".join(line.split())
    if len(line) > _LONGEST:
        line = line[: _LONGEST - 1] + "…"
    return f'"{line}"'
