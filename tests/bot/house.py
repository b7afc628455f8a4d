"""A server in which somebody has something of every kind, for those who try to get at it."""

import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, UserHandle
from simcord.results import ResponseMessage

from engine.domain.server import server_itself
from engine.domain.webhook import WebhookKind
from tests.bot.crew import elsewhere, manager, open_to_everybody
from tests.bot.forging import Actor
from tests.bot.stage import Stage
from tests.bot.test_sms import PHONE, linked, texting_stage
from tests.support.outside import LOOPBACK, URLS, open_outside

NEVER: Final = "0neverwasany0"
# Places, amounts and names that no help, no form and no example of ours has in it.
PUBLIC: Final = ("WDH", "Windhoek", "421.37")
PRIVATE: Final = ("TBS", "Tbilisi", "97.53", "ULN", "Ulaanbaatar", "TNR", "Antananarivo")
SERVERS: Final = ("GYD", "Baku", "333.19", "Team board", "board.example.com", "canary")
PHONES: Final = (PHONE[1:], PHONE[3:], "…001")

Rows = Mapping[str, frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class House:
    """Ada and her server have all of it; the others have nothing here. `ids` names what is whose.

    `seen` are messages of the bot under which each of them can press something.
    """

    stage: Stage
    folder: Path
    mia: MemberActor
    zoe: MemberActor
    dora: UserHandle
    talk: ChannelHandle
    ids: Mapping[str, str]

    def actor(self, name: str) -> tuple[Actor, ChannelHandle]:
        """Somebody and where they are: ben and mia in the server, zoe in hers, dora in direct messages."""
        places: dict[str, tuple[Actor, ChannelHandle]] = {
            "ben": (self.stage.ben, self.stage.channel),
            "mia": (self.mia, self.stage.channel),
            "zoe": (self.zoe, self.talk),
            "dora": (self.dora, self.dora.dm_channel),
        }
        return places[name]

    async def greeted(self, name: str) -> ResponseMessage:
        """A message of the bot to somebody, which from now on knows their language."""
        actor, channel = self.actor(name)
        result = await (
            actor.slash("help") if isinstance(actor, UserHandle) else actor.slash(channel, "help")
        )
        message: ResponseMessage | None = result.response
        assert message
        return message

    def rows(self) -> Rows:
        """Everything that is stored, a set of rows for each table."""
        with sqlite3.connect(self.folder / "fares.db") as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {
                name: frozenset(map(repr, database.execute(f'SELECT * FROM "{name}"')))  # noqa: S608
                for (name,) in tables
            }


def changed(before: Rows, after: Rows) -> list[str]:
    """The rows that are new, other, or gone."""
    return [f"{table}: {row}" for table in after for row in before[table] ^ after[table]]


@asynccontextmanager
async def open_house(folder: Path) -> AsyncIterator[House]:
    """The stage with everything in it."""
    async with (
        open_outside(folder) as outside,
        texting_stage(folder, hook_session=outside.may_reach(LOOPBACK)) as stage,
    ):
        mia = manager(stage)
        zoe, talk = elsewhere(stage)
        await open_to_everybody(stage, "settings")
        ids = await _owned(stage)
        ids |= await _servers(stage, mia)
        yield House(
            stage=stage,
            folder=folder,
            mia=mia,
            zoe=zoe,
            dora=stage.env.create_user("dora", global_name="Dora"),
            talk=talk,
            ids=ids,
        )


async def _owned(stage: Stage) -> dict[str, str]:
    """What is Ada's: routes told in public, privately, paused and just removed; a phone, a list."""
    for place in ("WDH", "TBS", "ULN", "TNR"):
        stage.fare(f"LON-{place}", 500)
    await stage.add(destination="WDH", target="421.37")
    for place in ("TBS", "ULN", "TNR"):
        await stage.add(destination=place, target="97.53", where="dm")
    shown = await stage.engine.actions.watches.of_owner(stage.owner)
    watches = {one.route.destination.code: one.watch.id for one in shown}
    routes = {one.route.destination.code: one.route.id for one in shown}
    await stage.ada.slash(stage.channel, "route pause", route=watches["ULN"])
    await stage.ada.slash(stage.channel, "route remove", route=watches["TNR"])
    await linked(stage)
    rows = b"origin,destination,depart,return,target,currency\nLON,TBS,2027-05-10,2027-05-24,97.53,EUR\n"
    preview = await stage.ada.slash(stage.channel, "route import", file=("mine.csv", rows))
    assert preview.response
    key = preview.response.components[0]["components"][0]["custom_id"].split(":")[-1]
    return {
        "public": watches["WDH"],
        "private": watches["TBS"],
        "paused": watches["ULN"],
        "removed": watches["TNR"],
        "public route": routes["WDH"],
        "private route": routes["TBS"],
        "list": key,
    }


async def _servers(stage: Stage, mia: MemberActor) -> dict[str, str]:
    """What is the server's: a route, a webhook, choices."""
    stage.fare("LON-GYD", 500)
    await stage.add(mia, destination="GYD", target="333.19", **{"for": "server"})
    form = await mia.slash(stage.channel, "settings webhook add", kind="json", name="Team board")
    await mia.submit_modal(form, {"url": URLS[WebhookKind.JSON], "secret": "canary-json-secret"})
    server_id = str(stage.guild.id)
    (route,) = await stage.engine.actions.watches.of_owner(server_itself(server_id))
    (hook,) = await stage.engine.actions.webhooks.of_server(server_id)
    return {"server's": route.watch.id, "server's route": route.route.id, "webhook": hook.webhook.id}
