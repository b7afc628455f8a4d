"""Why Discord did not take a message, or takes none now: half sentences like those of the engine."""

from typing import Final

NOT_LOGGED_IN: Final = "not logged in to Discord yet"
POSTING_RESTS: Final = "too many refusals by Discord, all posting rests"
NOT_IN_HISTORY: Final = "not in the channel's history"
NO_POST: Final = "there is no post to edit"

CHANNEL_GONE: Final = "the channel is gone"
SERVER_GONE: Final = "the server is gone"
MEMBER_GONE: Final = "the member is gone"
NOT_SEEN: Final = "I may not see the channel"
DIRECT_CLOSED: Final = "direct messages from me are closed"
NO_WRITING: Final = "I may not write in the channel"
ARCHIVED: Final = "the thread is archived"
NO_SERVER_SHARED: Final = "we share no server any more"
LOCKED: Final = "the thread is locked"

RATE_LIMIT: Final = "rate limit"
OPENED_TOO_FAST: Final = "direct messages opened too fast"
NO_ANSWER: Final = "no answer from Discord ({fault})"
ANSWERED: Final = "Discord answered HTTP {status}"
ADDRESS_REFUSED: Final = "Discord refuses this address for a while (HTTP 429)"
NO_SUCH_TOKEN: Final = "Discord does not know the token (HTTP 401)"  # noqa: S105  no token
REFUSED: Final = "Discord refused (HTTP {status})"
NOT_TAKEN: Final = "Discord could not take the message (HTTP {status})"
