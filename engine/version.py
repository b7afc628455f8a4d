"""Which version this is; a test holds it equal to pyproject.toml."""

from typing import Final

VERSION: Final = "0.1.0"
