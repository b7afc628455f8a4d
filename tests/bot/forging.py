"""Interactions that no Discord client would send: buttons about anybody's things, commands that are hidden.

Whoever writes to Discord by hand can send them all, so nothing may rest on what a client shows.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord
from simcord import interactions
from simcord._modal import _modal_submit_nodes
from simcord.actors import MemberActor
from simcord.backend import serializers
from simcord.backend.models import Interaction
from simcord.builders import ChannelHandle, UserHandle
from simcord.components import validate_modal
from simcord.enums import ComponentType, InteractionType
from simcord.results import InteractionResult, ResponseMessage

from tests.bot.stage import words

Actor = MemberActor | UserHandle
Place = Mapping[str, Any]
"""What Discord says of where something is typed or pressed, in place of what simcord says."""
_CHANCE: Final = re.compile(r'"custom_id": "[0-9a-f]{32}"')  # discord.py names a form by chance


async def press(
    actor: Actor, under: ResponseMessage, *custom_ids: str, place: Place | None = None
) -> list[InteractionResult]:
    """Buttons with these custom ids under a message of the bot, all at once; `place` as in `elsewhere`."""
    return await _touched(actor, under, [(_button(custom_id), {}) for custom_id in custom_ids], place)


async def pick(
    actor: Actor, under: ResponseMessage, custom_id: str, *picks: Sequence[str], place: Place | None = None
) -> list[InteractionResult]:
    """Picks from a menu with that custom id under a message of the bot, all at once; `place` as there."""
    touched = [(_menu(custom_id, values), {"values": list(values)}) for values in picks]
    return await _touched(actor, under, touched, place)


async def typed(
    actor: Actor, channel: ChannelHandle, name: str, *tries: Mapping[str, Any], place: Place | None = None
) -> list[InteractionResult]:
    """A command with each of these options, whether or not Discord would show it to them there.

    `place` as in `elsewhere`.
    """
    root_name, *rest = name.split()
    root = actor._env.backend.find_command(root_name, None)
    assert root
    leaf, nesting = interactions.walk_to_subcommand(root, rest)
    records = []
    for options in tries:
        given, resolved = interactions.build_options(actor, name, leaf, dict(options), channel_id=channel.id)
        data = {
            "id": root["id"],
            "name": root["name"],
            "type": root.get("type", 1),
            "options": interactions.nest_options(root, nesting, given),
            "resolved": resolved,
        }
        records.append(_sent(actor, channel.id, InteractionType.APPLICATION_COMMAND, data, place))
    return await _answered(actor, records)


async def sent_off(
    actor: Actor, channel: ChannelHandle, form: InteractionResult, values: Mapping[str, Any]
) -> InteractionResult:
    """A form that was opened for somebody else, filled in and sent off by this one."""
    spec = validate_modal(form.modal or {})
    filled = _modal_submit_nodes(spec["components"], actor, dict(values), {}, channel.id, [])
    data = {"custom_id": spec["custom_id"], "components": filled}
    record = _sent(actor, channel.id, InteractionType.MODAL_SUBMIT, data)
    return (await _answered(actor, [record]))[0]


def elsewhere(actor: UserHandle, *, in_server: bool = True) -> Place:
    """A place of which the bot is no member, as Discord describes it to who added the bot to their apps.

    A server that they even manage, or a chat with a friend. simcord knows no such place: it takes what is
    answered for an answer in direct messages, which is as ephemeral.
    """
    owners = {"authorizing_integration_owners": {"1": str(actor.id)}}
    if not in_server:
        friend = {"id": "702", "username": "eve", "discriminator": "0", "avatar": None, "global_name": "Eve"}
        chat = {"id": "701", "type": 1, "last_message_id": None, "recipients": [friend]}
        return {**owners, "context": 2, "channel_id": "701", "channel": chat}
    may = discord.Permissions(manage_guild=True, send_messages=True)
    member = {
        "user": dict(serializers.user_payload(actor._env.backend.get_user(actor.id))),
        "roles": [],
        "joined_at": "2025-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "permissions": str(may.value),
    }
    channel = {"id": "801", "type": 0, "guild_id": "800", "name": "chat", "position": 0}
    return {
        **owners,
        "context": 0,
        "guild_id": "800",
        "guild": {"id": "800", "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "channel_id": "801",
        "channel": {**channel, "permissions": str(may.value), "permission_overwrites": []},
        "member": member,
        "app_permissions": str(discord.Permissions(attach_files=True, embed_links=True).value),
    }


def close_forms(actor: Actor) -> None:
    """Nobody is going to fill in those that are open; simcord looks at each again and again."""
    for form in list(actor._env.bot._connection._view_store._modals.values()):
        form.stop()


def _button(custom_id: str) -> dict[str, Any]:
    return {"type": int(ComponentType.BUTTON), "style": 2, "label": "?", "custom_id": custom_id}


def _menu(custom_id: str, values: Sequence[str]) -> dict[str, Any]:
    options = [{"label": value[:100] or "?", "value": value} for value in values]
    return {"type": int(ComponentType.STRING_SELECT), "custom_id": custom_id, "options": options}


async def _touched(
    actor: Actor,
    under: ResponseMessage,
    components: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    place: Place | None = None,
) -> list[InteractionResult]:
    backend = actor._env.backend
    stored = backend.get_message(under.channel_id, under.id)
    records = []
    for component, picked in components:
        row = {"type": int(ComponentType.ACTION_ROW), "id": 1, "components": [{"id": 2, **component}]}
        message = {**serializers.message_payload(backend, stored), "components": [row]}
        data = {"custom_id": component["custom_id"], "component_type": component["type"], **picked}
        extra = {**(place or {}), "message": message}
        record = _sent(actor, stored.channel_id, InteractionType.MESSAGE_COMPONENT, data, extra)
        record.source_message_id = stored.id
        records.append(record)
    return await _answered(actor, records)


def _sent(
    actor: Actor, channel_id: int, type_: InteractionType, data: dict[str, Any], extra: Place | None = None
) -> Interaction:
    backend, guild = actor._env.backend, getattr(actor, "guild", None)
    record, payload = interactions.base_payload(
        backend,
        type=type_,
        channel_id=channel_id,
        guild_id=guild.id if guild else None,
        user_id=actor.id,
        data=data,
    )
    backend.emit("INTERACTION_CREATE", {**payload, **(extra or {})})
    return record


async def _answered(actor: Actor, records: Sequence[Interaction]) -> list[InteractionResult]:
    # To wait for the many first is cheap; simcord's own waiting looks at every one of them at every turn.
    store = actor._env.bot._connection._view_store
    await asyncio.sleep(0)
    while tasks := list(store._ViewStore__tasks):  # type: ignore[attr-defined]
        await asyncio.wait(tasks)
    await actor._env._settle_internal(dispatch="INTERACTION_CREATE")
    return [InteractionResult(actor._env, record) for record in records]


def answer_of(result: InteractionResult) -> str:
    """All that the bot said to it, without what chance put in and with no echo of what was typed.

    Nobody else may see it.
    """
    if result.modal is not None:
        form = json.dumps(result.modal, ensure_ascii=False)
        return _CHANCE.sub("", form)
    first = result.response
    messages = result.followups or ([first] if first else [])
    assert messages
    assert all(message.ephemeral for message in messages)
    return re.sub(r'"[^"\n]*"', '"…"', "\n".join(words(message) for message in messages))
