"""Members who type and press, made from the commands as they were registered; they live outside."""

import asyncio
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from sandbox.discord import FakeDiscord
from sandbox.discord_interactions import shown
from sandbox.discord_posts import Json
from sandbox.discord_replies import GUILD_ID, user

CHANNEL_ID: Final = "9001"
_COMMAND, _COMPONENT, _TYPING = 2, 3, 4
_SUBCOMMANDS: Final = (1, 2)
_STRING, _INTEGER, _BOOLEAN = 3, 4, 5
_EVERY_BUTTON, _EVERY_TYPING = 5, 7
_GAP_S: Final = 0.04  # twenty-five a second: far more than a server of people ask
_PATIENCE_S: Final = 20.0
_MANAGER: Final = str(2**53 - 1)


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """A member and what they can ask about: ids of their watches and of the routes of these."""

    id: str
    watches: tuple[str, ...]
    routes: tuple[str, ...]


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """How many milliseconds each first answer took, by what was done; `unanswered` got none."""

    commands_ms: tuple[float, ...]
    presses_ms: tuple[float, ...]
    typing_ms: tuple[float, ...]
    unanswered: int


class Members:
    """They ask, and wait for the answers."""

    def __init__(self, discord: FakeDiscord, owners: Sequence[Owner], pair: str) -> None:
        self._discord = discord
        self._owners = owners
        self._dice = random.Random(1)
        self._origin, _, self._destination = pair.partition("-")
        self._leaves = list(_leaves(msgspec.convert(discord.registered[-1], list[dict[str, Any]])))
        self._kinds: dict[str, int] = {}

    async def ask(self, most: int) -> Answered:
        """Every command in turn, a button or a choice while typing between; then wait for the answers."""
        order = self._dice.sample(self._leaves, len(self._leaves))
        for number in range(most):
            await self._one(number, order[number % len(order)])
            await asyncio.sleep(_GAP_S)
        await self._all_answered()
        return self._answers()

    async def _one(self, number: int, leaf: "_Leaf") -> None:
        owner = self._dice.choice(self._owners)
        if number % _EVERY_BUTTON == 0:
            custom_id = self._dice.choice(_buttons(owner, self._dice))
            rows: list[Json] = [{"type": 1, "components": [_button(custom_id)]}]
            data: Json = {"custom_id": custom_id, "component_type": 2}
            await self._send(_COMPONENT, data, owner, shown(rows))
        elif number % _EVERY_TYPING == 0:
            show = next(each for each in self._leaves if each.names == ("route", "show"))
            focused = {"name": "route", "type": _STRING, "value": "l", "focused": True}
            await self._send(_TYPING, show.data([focused]), owner)
        else:
            await self._send(_COMMAND, leaf.data(list(self._filled(leaf, owner))), owner)

    async def _send(self, kind: int, data: Json, owner: Owner, message: Json | None = None) -> None:
        member: Json = {
            "user": user(owner.id),
            "roles": [],
            "joined_at": "2025-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": _MANAGER,
        }
        channel = {"id": CHANNEL_ID, "type": 0, "name": "fares", "position": 0, "permission_overwrites": []}
        place: Json = {"guild_id": GUILD_ID, "channel_id": CHANNEL_ID, "channel": channel}
        id_ = await self._discord.interactions.ask(kind, data, member, place, message)
        self._kinds[id_] = kind

    def _filled(self, leaf: "_Leaf", owner: Owner) -> Iterator[Json]:
        for option in leaf.options:
            if option.get("required"):
                yield {"name": option["name"], "type": option["type"], "value": self._value(option, owner)}

    def _value(self, option: Mapping[str, Any], owner: Owner) -> object:
        if option.get("choices"):
            return option["choices"][0]["value"]
        if option["type"] == _INTEGER:
            return option.get("min_value", 1)
        if option["type"] == _BOOLEAN:
            return True
        day = datetime.now(UTC).date() + timedelta(days=self._dice.randint(30, 200))
        texts = {
            "origin": self._origin,
            "destination": self._destination,
            "depart": day.isoformat(),
            "route": self._dice.choice(owner.watches),
        }
        return texts.get(option["name"], "none")

    async def _all_answered(self) -> None:
        interactions = self._discord.interactions
        for _ in range(int(_PATIENCE_S / _GAP_S)):
            if interactions.asked.keys() <= interactions.answered.keys():
                return
            await asyncio.sleep(_GAP_S)

    def _answers(self) -> Answered:
        def took(kind: int) -> tuple[float, ...]:
            return tuple(
                (answered[id_] - asked) * 1000
                for id_, asked in self._discord.interactions.asked.items()
                if self._kinds[id_] == kind and id_ in answered
            )

        answered = self._discord.interactions.answered
        return Answered(
            commands_ms=took(_COMMAND),
            presses_ms=took(_COMPONENT),
            typing_ms=took(_TYPING),
            unanswered=len(self._kinds.keys() - answered.keys()),
        )


class _Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """One command as it is typed: `settings webhook add` with what it takes."""

    names: tuple[str, ...]
    kinds: tuple[int, ...]
    options: tuple[Mapping[str, Any], ...]

    def data(self, filled: list[Json]) -> Json:
        """What Discord sends when it is typed with these options."""
        for name, kind in zip(self.names[:0:-1], self.kinds[:0:-1], strict=True):
            filled = [{"name": name, "type": kind, "options": filled}]
        return {"id": "1", "name": self.names[0], "type": 1, "options": filled}


def _leaves(commands: Sequence[Mapping[str, Any]]) -> Iterator[_Leaf]:
    """Every command that was registered."""
    for command in commands:
        yield from _below((command["name"],), (1,), command)


def _below(names: tuple[str, ...], kinds: tuple[int, ...], node: Mapping[str, Any]) -> Iterator[_Leaf]:
    options = node.get("options") or []
    deeper = [option for option in options if option["type"] in _SUBCOMMANDS]
    if not deeper:
        yield _Leaf(names=names, kinds=kinds, options=tuple(options))
    for each in deeper:
        yield from _below((*names, each["name"]), (*kinds, each["type"]), each)


def _buttons(owner: Owner, dice: random.Random) -> list[str]:
    """Those of alerts, of a member's own messages, and those that open a form."""
    watch, route = dice.choice(owner.watches), dice.choice(owner.routes)
    alert = [f"fare1:{verb}:{route}" for verb in ("snooze", "pause", "target", "chart")]
    own = [f"fare1:{verb}:{watch}" for verb in ("change", "rest", "resume")]
    return [*alert, *own, "fare1:list:next:1", "fare1:setup-form", "fare1:privacy-delete"]


def _button(custom_id: str) -> Json:
    return {"type": 2, "style": 2, "label": "?", "custom_id": custom_id}
