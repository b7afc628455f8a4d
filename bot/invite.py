"""What the bot must be allowed to do in a server, and which of it is missing where."""

import discord

from engine.invite import PERMISSIONS, invite_link, own_apps_link
from engine.tongue import key, say

__all__ = ["NEEDED", "THREADS", "invite_link", "missing", "own_apps_link"]

THREADS = (
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)

NEEDED = discord.Permissions(PERMISSIONS)

_WORDS = {
    "view_channel": key("View Channel"),
    "send_messages": key("Send Messages"),
    "send_messages_in_threads": key("Send Messages in Threads"),
    "embed_links": key("Embed Links"),
}


def missing(held: discord.Permissions, *, in_thread: bool) -> list[str]:
    """The permissions without which alerts cannot be posted, by their names in Discord's settings."""
    send = "send_messages_in_threads" if in_thread else "send_messages"
    return [say(_WORDS[name]) for name in ("view_channel", send, "embed_links") if not getattr(held, name)]
