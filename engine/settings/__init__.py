"""The settings: read once at start from the environment and `.env`, checked whole, frozen.

Nothing else in the engine reads the environment.
"""

from engine.settings.model import Settings

__all__ = ["Settings"]
