"""Every command and every button with the worst there can be, in every tongue: nothing passes a limit.

`tests.bot.stage` holds each call against Discord's description and limits when a stage closes; here
everything is brought about that a member and who runs a server can see.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from discord.app_commands import Command
from simcord.results import InteractionResult
from structlog.testing import capture_logs

from bot.buttons import presses
from bot.languages import read_tongues
from engine.domain import judge
from engine.domain.quote import Outcome, OutcomeKind, SourceKind
from engine.domain.server import Sheet, server_itself
from engine.domain.watch import Destination, DestinationKind, Owner, Rules, Watch, WatchId
from engine.domain.webhook import MOST_PER_SERVER
from engine.visits import Visit
from tests.bot import worst
from tests.bot.forging import Place, answer_of, close_forms, pick, press, typed
from tests.bot.house import House, open_house
from tests.bot.stage import Stage
from tests.bot.test_matrix_commands import commands, options_of, owned_options
from tests.support.clock import START

TONGUES: Final = sorted(read_tongues().known)
MOST: Final = 25
ROOM: Final = 2  # for a route to be added and one to be imported
HEAD: Final = "origin,destination,depart,target\n"
ROW: Final = "LON,UPN,2027-09-22,999999999\n"
NAME: Final = "W" * 40
LIST: Final = (f"{'W' * 200}.csv", (HEAD + f"LON,{'W' * 500},2027-09-22,1\n" * 40 + ROW).encode())
TROUBLE: Final = ("interaction failed", "reply not shown", "form not shown", "interaction not acknowledged")


@pytest.mark.parametrize("tongue", TONGUES)
async def test_no_answer_passes_a_limit_of_discord(tmp_path: Path, tongue: str) -> None:
    async with open_house(tmp_path) as house:
        await furnish(house)
        place = {"locale": tongue, "guild_locale": tongue}
        with capture_logs() as logs:
            results = [result async for result in everything(house, place)]

        assert [line for line in logs if line["event"] in TROUBLE] == []
        said = "".join(map(answer_of, results))
        assert said.count(NAME) > 1


async def furnish(house: House) -> None:
    """Ada runs the server now; she and it have twenty-five of the worst routes each, and chose everything."""
    stage = house.stage
    crew = stage.guild.roles["Crew"].id
    stage.env.backend.add_member_role(stage.guild.id, stage.ada.id, crew)
    await _watch(stage, stage.owner, MOST - ROOM - len(await stage.routes()))
    await _watch(stage, server_itself(str(stage.guild.id)), MOST)
    for _ in range(MOST_PER_SERVER - 1):
        form = await house.mia.slash(stage.channel, "settings webhook add", kind="json", name=NAME)
        await house.mia.submit_modal(form, {"url": "https://board.example.com/x"})
    sheet = Sheet(
        link="https://docs.google.com/spreadsheets/d/" + "x" * 80,
        name=NAME,
        linked_at=START,
        channel_id=worst.SNOWFLAKE,
        unread_since=START,
        why="W" * 2_000,
        faults=("W" * 2_000,) * 200,
    )
    roles = tuple(str(int(worst.SNOWFLAKE) - number) for number in range(10))
    async with stage.engine.store.transaction() as tx:
        server = await tx.servers.of(str(stage.guild.id))
        await tx.servers.save(
            msgspec.structs.replace(
                server,
                channel_id=str(stage.channel.id),
                admin_channel_id=str(stage.channel.id),
                currency=worst.CURRENCY,
                timezone="America/Argentina/ComodRivadavia",
                most_routes=500,
                most_by_role=dict.fromkeys(roles, 500),
                watchers=roles,
                ping_role_id=roles[0],
                sheet=sheet,
            )
        )
    await stage.ada.slash(
        stage.channel, "alerts quiet", **{"from": "22:59", "to": "07:59", "timezone": "Buenos Aires"}
    )
    await stage.ada.slash(stage.channel, "alerts digest", time="08:59", gather=False)


async def _watch(stage: Stage, owner: Owner, count: int) -> None:
    """So many in a channel, each with a fare that was seen; what came of it is told."""
    gazetteer = stage.engine.gazetteer
    place = Destination(DestinationKind.CHANNEL, str(stage.channel.id))
    routes = [worst.route(gazetteer, number) for number in range(count)]
    now = stage.clock.now()
    armed = judge.fresh_state(from_list=True)
    watches = [
        Watch(
            id=WatchId(f"{owner.kind.value}-{number:020}"),
            owner=owner,
            route_id=route.id,
            currency=route.currency,
            rules=Rules(target=worst.MOST, drop_percent=15, new_low_days=30),
            tell=(place,),
            created_at=now,
        )
        for number, route in enumerate(routes)
    ]
    async with stage.engine.store.transaction() as tx:
        await tx.routes.ensure_many(routes, now + timedelta(days=1))
        await tx.watches.add_many([(watch, armed) for watch in watches])
        rows = await tx.routes.get_many([route.id for route in routes])
    for row in rows.values():
        quotes = (worst.quote(row.route),)
        outcome = Outcome(
            kind=OutcomeKind.QUOTES,
            source="travelpayouts",
            source_kind=SourceKind.CACHED,
            observed_at=now,
            quotes=quotes,
        )
        await stage.engine._loops.recorder.record(Visit(row=row, outcome=outcome, at=now))


async def everything(house: House, place: Place) -> AsyncIterator[InteractionResult]:
    """All commands, then all buttons and menus, as Ada; what deletes comes last."""
    stage = house.stage
    ids = iter(await stage.routes())
    for command in commands(stage):
        tries = list(_tries(house, command, next(ids) if "route" in owned_options(command) else ""))
        for result in await typed(stage.ada, stage.channel, command.qualified_name, *tries, place=place):
            yield result
    shown = await stage.ada.slash(stage.channel, "help")
    assert shown.response
    preview = (await typed(stage.ada, stage.channel, "route import", {"file": LIST}, place=place))[0]
    assert preview.response
    key = preview.response.components[0]["components"][0]["custom_id"].split(":")[-1]
    yield preview
    for verb in sorted(presses(), key=lambda verb: (verb == "privacy-forget", verb)):
        words = _words(house, verb, await stage.routes(), key)
        pressed = await press(
            stage.ada, shown.response, *(f"fare1:{verb}:{each}" for each in words), place=place
        )
        for result in pressed:
            yield result
        close_forms(stage.ada)
    for menu in ("setup-channel", "setup-admin", "setup-watchers", "setup-role"):
        picked = [str(stage.channel.id)] if menu in ("setup-channel", "setup-admin") else [worst.SNOWFLAKE]
        for result in await pick(stage.ada, shown.response, f"pick1:{menu}", picked, place=place):
            yield result


def _tries(house: House, command: Command[Any, ..., Any], watch_id: str) -> Iterator[dict[str, Any]]:
    """A command with what it needs, and with the worst that fits."""
    given = options_of(house, command, everything=False)
    names = {option.display_name for option in command.parameters}
    if "route" in names:
        yield given | {"route": watch_id}
        yield given | {"route": "W" * 6_000}
    elif "webhook" in names:
        yield given | {"webhook": NAME}
        yield given | {"webhook": "W" * 6_000}
    else:
        yield given
    for option in {"of", "for"} & names:
        yield given | {option: "server"}
    if "origin" in names:
        yield given | {"origin": "W" * 6_000, "target": "9" * 60}
        yield given | {"depart": "W" * 6_000}


def _words(house: House, verb: str, ids: Sequence[str], key: str) -> Sequence[str]:
    """What may stand behind a verb, so that something comes of it."""
    route_id, watch_id = worst.route(house.stage.engine.gazetteer, 3).id, ids[len(verb) % len(ids)]
    servers = f"server-{3:020}"
    of_verb: dict[str, list[str]] = {
        "list": ["next:0", "next:2"],
        "list-server": ["next:0", "next:2"],
        "routes": ["next:0", "next:2"],
        "recent": ["next:0", "next:3"],
        "snooze": [route_id],
        "pause": [route_id],
        "chart": [route_id],
        "target": [route_id],
        "offer": [f"{watch_id}:low:30", f"{watch_id}:{worst.ALMOST.minor}:{worst.CURRENCY}"],
        "setup-pings": ["on", "off"],
        "hook-test": [house.ids["webhook"]],
        "import": [key],
    }
    return of_verb.get(verb, [watch_id, servers])
