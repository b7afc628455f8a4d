"""The links by which somebody adds the bot to a server or to their own apps.

Plain facts of Discord, shared by bot and doctor.
The bits are those of Discord's documentation ("Permissions"); a test of the bot holds them against
discord.py.
"""

from typing import Final
from urllib.parse import urlencode

_VIEW_CHANNEL: Final = 1 << 10
_SEND_MESSAGES: Final = 1 << 11
_EMBED_LINKS: Final = 1 << 14
_READ_MESSAGE_HISTORY: Final = 1 << 16
_SEND_MESSAGES_IN_THREADS: Final = 1 << 38

_AUTHORIZE: Final = "https://discord.com/oauth2/authorize"
_TO_USER: Final = 1  # "Application Integration Types": 0 is a server

# What the bot needs in a channel, and no more.
PERMISSIONS: Final = (
    _VIEW_CHANNEL | _SEND_MESSAGES | _EMBED_LINKS | _READ_MESSAGE_HISTORY | _SEND_MESSAGES_IN_THREADS
)


def invite_link(application_id: int) -> str:
    """The address with the scopes `bot` and `applications.commands` and the permissions needed."""
    query = {
        "client_id": application_id,
        "scope": "bot applications.commands",
        "permissions": PERMISSIONS,
    }
    return f"{_AUTHORIZE}?{urlencode(query)}"


def own_apps_link(application_id: int) -> str:
    """The address by which somebody adds the bot to their own apps, to use it wherever they are."""
    query = {"client_id": application_id, "scope": "applications.commands", "integration_type": _TO_USER}
    return f"{_AUTHORIZE}?{urlencode(query)}"
