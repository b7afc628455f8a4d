"""How the pretend Discord answers: the shapes of its resources, and the content type that counts."""

from typing import Final

import msgspec
from aiohttp import web

from sandbox.discord_posts import Json, Post

APPLICATION_ID: Final = "4001"
GUILD_ID: Final = "5001"
_EMPTY: Final[Json] = {"content": "", "embeds": [], "components": []}


def answer(body: object, status: int = 200, **headers: str) -> web.Response:
    """A JSON answer. discord.py takes a content type with a charset for a page of HTML."""
    return web.Response(
        body=msgspec.json.encode(body),
        status=status,
        headers={"Content-Type": "application/json", **headers},
    )


def refusal(status: int, code: int = 0, message: str = "refused") -> web.Response:
    """A refusal with one of Discord's codes."""
    return answer({"message": message, "code": code}, status)


def rate_limited(retry_after_s: float) -> web.Response:
    """A 429 of Discord itself; without `Via` it would be Cloudflare's, which discord.py gives up on."""
    body = {"message": "You are being rate limited.", "retry_after": retry_after_s, "global": False}
    return answer(body, 429, Via="1.1 google")


def account() -> Json:
    """The bot's own user."""
    return {"id": APPLICATION_ID, "username": "fares", "discriminator": "0", "avatar": None, "bot": True}


def user(id_: str) -> Json:
    """Somebody else."""
    return {"id": id_, "username": "member", "discriminator": "0", "avatar": None}


def application(servers: int, *, to_people: bool = False) -> Json:
    """The application behind the token; `to_people`: they may add it to their own apps."""
    return {
        "id": APPLICATION_ID,
        "name": "fares",
        "description": "",
        "icon": None,
        "summary": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "",
        "flags": 0,
        "approximate_guild_count": servers,
        "integration_types_config": {"0": {}, **({"1": {}} if to_people else {})},
        "bot": account(),
        "team": None,
        "owner": account(),
    }


def dm_channel(recipient: str) -> Json:
    """The channel of direct messages with somebody."""
    return {"id": f"8{recipient}", "type": 1, "last_message_id": None, "recipients": [user(recipient)]}


def message(post: Post) -> Json:
    """The message resource."""
    shown = {name: post.shown.get(name) or empty for name, empty in _EMPTY.items()}
    whole = bare_message(post.id, post.channel_id, post.accepted_at.isoformat())
    return {**whole, **shown, "nonce": post.nonce}


def bare_message(id_: str, channel_id: str, at: str) -> Json:
    """A message of the bot that shows nothing."""
    return {
        "id": id_,
        "channel_id": channel_id,
        "author": account(),
        "timestamp": at,
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "pinned": False,
        "type": 0,
        **_EMPTY,
    }


def guild(id_: str) -> Json:
    """A server as GUILD_CREATE brings it: nobody in it is named, its channels are not needed."""
    everyone = {"id": id_, "name": "@everyone", "permissions": "0", "position": 0, "color": 0}
    return {
        "id": id_,
        "name": "Sandbox",
        "owner_id": APPLICATION_ID,
        "member_count": 1,
        "roles": [{**everyone, "hoist": False, "managed": False, "mentionable": False}],
        "channels": [],
        "threads": [],
        "members": [],
        "emojis": [],
        "stickers": [],
        "features": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "premium_tier": 0,
        "nsfw_level": 0,
        "system_channel_flags": 0,
        "preferred_locale": "en-US",
        "afk_timeout": 300,
        "unavailable": False,
    }
