"""From the judgements of a transaction to the rows of the outbox: reads what `announce` has to know."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from engine.domain.alert import Notification, Reason
from engine.domain.announce import Judged, Operator, Telling, announce, changes_post
from engine.domain.findtelling import announce_finds
from engine.domain.hush import Clocks, Hush, hush_of
from engine.domain.judgement import Effect
from engine.domain.leaving import leave
from engine.domain.money import Money
from engine.domain.route import Route
from engine.domain.server import Server
from engine.domain.sweep import Found
from engine.domain.watch import Destination, DestinationKind, OwnerKind, Watch, WatchId
from engine.store.database import Transaction


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one look came to for all the watches of its route; `median` is the 30-day one.

    `found` are the finds of a sweep to anywhere, which are told in place of the route.
    """

    route: Route
    at: datetime
    judgements: Sequence[Judged]
    median: Money | None = None
    found: Sequence[Found] = ()

    @property
    def everything(self) -> Sequence[Judged]:
        """Each judgement with its watch, those of the finds included."""
        return (*self.judgements, *(judged for found in self.found for judged in found.judgements))

    @property
    def tells(self) -> bool:
        """Whether anybody is to be told anything."""
        return any(judgement.effect is not Effect.NONE for _, judgement in self.everything)


def _told(
    telling: Telling, verdict: Verdict, posts: Mapping[WatchId, Sequence[Notification]]
) -> list[Notification]:
    judgements = verdict.judgements
    expired = [watch.id for watch, judgement in judgements if judgement.reason is Reason.EXPIRED]
    standing = [post for watch_id in expired for post in posts.get(watch_id, ())]
    finds = announce_finds(telling, verdict.found, posts)
    return [*announce(telling, judgements, posts), *finds, *leave(expired, standing, telling.at)]


class Announcer:
    """Finds out who is told besides the places that a watch names.

    `texts_members`: pings go to members' linked phones as well. Public alerts are copied to the
    `operator`, to the `targets`, and with `has_webhooks` to those of the server of each watch.
    `clocks` are those by which members' quiet hours go.
    """

    def __init__(
        self,
        *,
        clocks: Clocks,
        operator: Operator | None = None,
        texts_members: bool = False,
        targets: Sequence[Destination] = (),
        has_webhooks: bool = False,
    ) -> None:
        self._clocks = clocks
        self._operator = operator
        self._texts_members = texts_members
        self._targets = targets
        self._has_webhooks = has_webhooks

    async def announced(
        self, tx: Transaction, verdicts: Sequence[Verdict], now: datetime
    ) -> list[Notification]:
        """Everything new that is to be told of these looks; reads only what they ask for.

        What belongs to a post that waits for the end of quiet hours has joined it.
        """
        telling = [verdict for verdict in verdicts if verdict.tells]
        everything = [pair for verdict in telling for pair in verdict.everything]
        pinged = [watch for watch, judgement in everything if judgement.effect is Effect.POST]
        hush = await self._hush(tx, pinged, now)
        changed = [
            watch.id
            for watch, judgement in everything
            if judgement.reason is Reason.EXPIRED
            or any(changes_post(hush, watch, judgement, place) for place in watch.tell)
        ]
        posts = await tx.notifications.newest_posts(set(changed)) if changed else {}
        to_anywhere = [each for each in telling if each.route.to_anywhere]
        swept = {watch.id for each in to_anywhere for watch, _ in each.judgements} & set(changed)
        if swept:
            posts = posts | await tx.notifications.posts_with_lines(swept)
        phones = await self._phones(tx, pinged)
        webhooks = await self._webhooks(tx, pinged)
        servers = await _servers(tx, everything)
        told = [
            notification
            for verdict in telling
            for notification in _told(
                Telling(
                    route=verdict.route,
                    at=verdict.at,
                    median=verdict.median,
                    operator=self._operator,
                    phones=phones,
                    webhooks=webhooks,
                    targets=self._targets,
                    hush=hush,
                    servers=servers,
                ),
                verdict,
                posts,
            )
        ]
        return await tx.waiting.join(told) if pinged else told

    async def _hush(self, tx: Transaction, pinged: Sequence[Watch], now: datetime) -> Hush:
        """Of the members to be pinged, those whose quiet hours it is, or whose digest tells them.

        Who cannot be sent a digest is pinged.
        """
        members = await tx.members.of_many(_members(pinged)) if pinged else {}
        hush = hush_of(members.values(), self._clocks, now)
        if not hush.gathered:
            return hush
        closed = await tx.notifications.paused_lanes(DestinationKind.DM)
        open_ = [id_ for id_ in hush.gathered if Destination(DestinationKind.DM, id_).lane not in closed]
        return msgspec.structs.replace(hush, gathered=frozenset(open_))

    async def _phones(self, tx: Transaction, pinged: Sequence[Watch]) -> Mapping[str, str]:
        """Of the members to be pinged, those who are texted too, by their fingerprints."""
        if not self._texts_members:
            return {}
        chosen = await tx.members.of_many(_members(pinged))
        paused = {member.id for member in chosen.values() if member.texts_paused_at is not None}
        return await tx.phones.fingerprints(_members(pinged) - paused)

    async def _webhooks(
        self, tx: Transaction, pinged: Sequence[Watch]
    ) -> Mapping[str, Sequence[Destination]]:
        """The webhooks of the servers in which somebody is to be pinged."""
        servers = {watch.owner.server_id for watch in pinged if watch.owner.server_id is not None}
        return await tx.webhooks.working(servers) if servers and self._has_webhooks else {}


def _members(watches: Sequence[Watch]) -> set[str]:
    return {watch.owner.id for watch in watches if watch.owner.kind is OwnerKind.MEMBER}


async def _servers(tx: Transaction, told: Sequence[Judged]) -> Mapping[str, Server]:
    """What was chosen for the servers of the watches that are told of."""
    ids = {
        watch.owner.server_id
        for watch, judgement in told
        if judgement.effect is not Effect.NONE and watch.owner.server_id is not None
    }
    return await tx.servers.of_many(ids) if ids else {}
