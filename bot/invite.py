"""The link by which somebody adds the bot to a server, asking for no more than it needs."""

import discord

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    read_message_history=True,
)

_WORDS = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
}


def invite_link(application_id: int) -> str:
    """The address with the scopes `bot` and `applications.commands` and the permissions needed."""
    return discord.utils.oauth_url(
        application_id, permissions=NEEDED, scopes=("bot", "applications.commands")
    )


def missing(held: discord.Permissions, *, in_thread: bool) -> list[str]:
    """The permissions without which alerts cannot be posted, by their names in Discord's settings."""
    send = "send_messages_in_threads" if in_thread else "send_messages"
    return [_WORDS[name] for name in ("view_channel", send, "embed_links") if not getattr(held, name)]
