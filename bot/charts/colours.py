"""The colours that all pictures share: light on a dark ground, told apart without seeing red or green."""

from typing import Final

GROUND: Final = "#1e1f24"
INK: Final = "#e8e9ed"
FAINT: Final = "#9a9ca6"
GRID: Final = "#33353d"
FARE: Final = "#5aa9ff"
TARGET: Final = "#4fd18b"
LOW: Final = "#ffb454"
