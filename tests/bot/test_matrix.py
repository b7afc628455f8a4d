"""The matrix: every button and menu, pressed by everybody who has no business with it.

Whatever id it carries, the answer is the one for an id that never was, nobody else sees it, it tells
nothing of the owner, and nothing of anybody else's changes.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pytest
from structlog.testing import capture_logs

from bot import moderation, setup
from bot.buttons import presses
from bot.picks import PickMenu
from bot.present.replies import servers_own
from bot.press import PressButton
from tests.bot.forging import answer_of, close_forms, pick, press
from tests.bot.house import NEVER, PHONES, PRIVATE, PUBLIC, SERVERS, House, changed, open_house

# Only who manages the server.
MANAGERS: Final = frozenset({"hook-test", "list-server", *setup.presses(), *moderation.presses()})
# Everybody, each with what is theirs.
EVERYBODYS: Final = frozenset(
    """snooze pause chart target rest resume remove restore undo offer change again list recent code texts
    privacy-export privacy-delete privacy-forget privacy-keep import import-cancel
    tell-here tell-dm""".split()
)
PAGES: Final = frozenset({"list", "list-server", "recent"})
ALERTS: Final = frozenset({"snooze", "pause", "chart", "target"})
# What may stand behind the id.
TAILS: Final = {
    "offer": (["45000", "EUR"], ["low", "30"], ["low"], ["x", "EUR"], ["-1", "EUR"], []),
    "list": (["0"], []),
}
REFUSED: Final = "Only members who may manage this server can do that."


def malformed(house: House) -> Iterable[str]:
    """Ids that are none: nothing, too long, of another kind."""
    return ("", "0", "-", "x" * 300, str(house.stage.ada.id), str(house.stage.guild.id))


async def test_the_matrix_knows_every_button_and_every_kind_of_item(tmp_path: Path) -> None:
    """A new one has to be put on one side or the other before it ships."""
    assert set(presses()) == MANAGERS | EVERYBODYS
    assert not MANAGERS & EVERYBODYS
    async with open_house(tmp_path) as house:
        items = house.stage.bot._connection._view_store._dynamic_items.values()
        assert set(items) == {PressButton, PickMenu}


@pytest.mark.parametrize("who", ["ben", "zoe", "dora"])
async def test_whose_id_it_is_makes_no_difference_to_a_stranger(tmp_path: Path, who: str) -> None:
    async with open_house(tmp_path) as house:
        ids = [*house.ids.values(), *malformed(house)]
        await _tries_all(house, who, sorted(presses()), ids, (*PUBLIC, *PRIVATE, *SERVERS, *PHONES))


async def test_who_manages_the_server_gets_at_nothing_private_of_a_member(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        theirs = {"server's", "server's route", "webhook"}
        ids = [id_ for name, id_ in house.ids.items() if name not in theirs | {"public"}]
        await _tries_all(house, "mia", sorted(presses()), [*ids, *malformed(house)], (*PRIVATE, *PHONES))
        public = [house.ids["public"]]
        own = sorted(set(presses()) - set(moderation.presses()))
        await _tries_all(house, "mia", own, public, (*PRIVATE, *PHONES))


@pytest.mark.parametrize("who", ["ben", "dora"])
async def test_who_does_not_manage_the_server_is_refused_by_every_button_of_it(
    tmp_path: Path, who: str
) -> None:
    async with open_house(tmp_path) as house:
        actor, _ = house.actor(who)
        under = await house.greeted(who)
        before = house.rows()
        ids = [*house.ids.values(), str(house.stage.channel.id), "on", "0"]
        for verb in sorted(MANAGERS):
            pressed = await press(actor, under, *(f"fare1:{verb}:{id_}" for id_ in ids))
            picked = await pick(actor, under, f"pick1:{verb}", *([id_] for id_ in ids[::4]))
            assert [verb for each in (*pressed, *picked) if REFUSED not in answer_of(each)] == []
        assert changed(before, house.rows()) == []


async def _tries_all(
    house: House, who: str, verbs: Sequence[str], ids: Sequence[str], secrets: Sequence[str]
) -> None:
    """Press and pick each verb with each id: the answer is that to an id that never was."""
    actor, _ = house.actor(who)
    under = await house.greeted(who)
    before = house.rows()
    with capture_logs() as logs:
        for verb in verbs:
            for tail in TAILS.get(verb, ([],)):
                tries = [[id_, *tail] for id_ in (NEVER, *_meant_by(verb, ids))]
                pressed = await press(actor, under, *(":".join(("fare1", verb, *each)) for each in tries))
                usual, *rest = map(answer_of, pressed)
                others = {answer for answer in rest if answer != usual}
                assert others <= _in_public(house, who, verb), (verb, tail, usual)
                picked = await pick(actor, under, f"pick1:{verb}", *tries[:2], [])
                said = [usual, *map(answer_of, picked)]
                assert [secret for secret in secrets if any(secret in each for each in said)] == [], verb
            answer_of(*await press(actor, under, f"fare1:{verb}"))
            close_forms(actor)
    assert [line for line in logs if line["event"] == "interaction failed"] == []
    assert [row for row in changed(before, house.rows()) if not _is_of(house, who, row)] == []


def _meant_by(verb: str, ids: Sequence[str]) -> Sequence[str]:
    """A number is a page of what is the presser's own."""
    return [id_ for id_ in ids if not id_.isdecimal()] if verb in PAGES else ids


def _in_public(house: House, who: str, verb: str) -> set[str]:
    """Whose alert it is, a channel may know of its own server's: it stands in each post of it."""
    here = house.actor(who)[1].id == house.stage.channel.id
    return {servers_own()} if here and verb in ALERTS else set()


def _is_of(house: House, who: str, row: str) -> bool:
    """Whether a row is somebody's own, or that of the server they run, and in no way Ada's."""
    servers = {"zoe": house.zoe.guild.id, "mia": house.stage.guild.id}
    own = [str(each) for each in (house.actor(who)[0].id, servers.get(who)) if each]
    return str(house.stage.ada.id) not in row and any(id_ in row for id_ in own)
