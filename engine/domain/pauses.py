"""Why a watch was paused by somebody else than its owner, in the words that its owner reads."""

from typing import Final

BY_MANAGERS: Final = "removed by who manages the server"
CHANNEL_DELETED: Final = "its channel was deleted"
BOT_REMOVED: Final = "I was removed from its server"
OWNER_LEFT: Final = "you left its server"
