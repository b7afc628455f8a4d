"""The noisy market once more, counted where people are told: at the pretend Discord and Twilio.

The looks, markets and targets are those of `benchmarks.noisy_market`; here each goes through the real
recorder, store, outbox and relay, discord.py's HTTP layer and twilio's client. A ping is a post that
Discord accepted, a "gone" an edit that says so, and the operator gets a text for every ping.
"""

import heapq
import random
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from benchmarks.noisy_market import END, INTERVALS, SEED, START, Market, Tally, fetched, make_market, tallied
from benchmarks.rows import Row, at_most, for_comparison, table
from benchmarks.way_out import WayOut, open_way_out
from engine.domain.judgement import Effect
from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.route import RollingDates, Route
from engine.domain.watch import Destination, DestinationKind, Owner, OwnerKind, Rules, Watch, WatchId
from engine.fastloop import run_fast
from sandbox.discord_posts import Post

# A fifth of the watches, for everything is done for each look that is done in earnest.
_WATCHES: Final = 12
_SERVER: Final = "5001"
_GONE: Final = ": gone"


class _Watched:
    """One watch with a market, a route and a channel of its own."""

    def __init__(self, number: int) -> None:
        self.dice = random.Random(SEED + number)
        self.market: Market = make_market(self.dice)
        self.looks = 0
        self.judged = 0
        self.tally = Tally()
        self._saw_gone = 0
        self.route = Route(
            origin=Place.metro("LON"),
            destination=Place.metro("TYO"),
            trip=RollingDates(60 + number, 14),
            currency="EUR",
        )
        target = Money.of(Decimal(str(self.market.percentile(25))), self.route.currency)
        self.limit = float(target.amount)
        self.channel_id = str(9001 + number)
        self.watch = Watch(
            id=WatchId(f"noisy-{number}"),
            owner=Owner(OwnerKind.MEMBER, str(1001 + number), _SERVER),
            route_id=self.route.id,
            currency=self.route.currency,
            rules=Rules(target=target),
            tell=(Destination(DestinationKind.CHANNEL, self.channel_id),),
            created_at=START,
        )

    def note(self, posts: list[Post], at: datetime) -> None:
        """Count a post that turned to gone while the fare is truly there."""
        gone = sum(_says_gone(edit) for post in posts for edit in post.edits)
        if gone > self._saw_gone and self.market.fare(at) <= self.limit:
            self.tally.false_gone += 1
        self._saw_gone = gone


async def run() -> list[Row]:
    """Two months of all watches, and the figures against their goals."""
    watched = [_Watched(number) for number in range(_WATCHES)]
    with tempfile.TemporaryDirectory(prefix="fare-bench-") as folder:
        async with open_way_out(Path(folder), START, INTERVALS) as way_out:
            for each in watched:
                await way_out.watch(each.route, each.watch)
            await _let_time_pass(way_out, watched)
            return _rows(way_out, watched)


async def _let_time_pass(way_out: WayOut, watched: list[_Watched]) -> None:
    due = [(START, number) for number in range(len(watched))]
    while due and due[0][0] < END:
        at, together = due[0][0], []
        while due and due[0][0] == at:
            together.append(heapq.heappop(due)[1])
        way_out.clock.put(at)
        looked = [watched[number] for number in together]
        found = {
            each.route.id: fetched(each.route.id, each.market.fare(at), each.looks, at, each.dice)
            for each in looked
        }
        for number, recorded in zip(together, await way_out.look(found), strict=True):
            each = watched[number]
            each.looks += 1
            effects = {judgement.effect for _, judgement in recorded.judgements}
            each.judged += Effect.POST in effects
            if Effect.EDIT in effects:
                each.note(_posts_of(way_out)[each.channel_id], at)
            heapq.heappush(due, (max(recorded.next_look_at, at + timedelta(minutes=1)), number))


def _rows(way_out: WayOut, watched: list[_Watched]) -> list[Row]:
    posts, texts = _posts_of(way_out), len(way_out.twilio.messages)
    for each in watched:
        pinged_at = [post.accepted_at for post in posts[each.channel_id]]
        tallied(each.tally, each.market.episodes(each.limit), pinged_at)

    def mean(of: Callable[[Tally], int]) -> float:
        return sum(of(each.tally) for each in watched) / len(watched)

    pings, episodes = mean(lambda t: t.pings), mean(lambda t: t.episodes)
    told, judged = len(way_out.discord.posts), sum(each.judged for each in watched)
    return [
        for_comparison("noisy_end_to_end_looks", sum(each.looks for each in watched), "looks"),
        for_comparison("noisy_end_to_end_posts", told, "posts"),
        at_most("noisy_end_to_end_pings_per_episode", pings / episodes, "pings", 2.0),
        at_most("noisy_end_to_end_false_gone", mean(lambda t: t.false_gone), "per watch", 3.0),
        at_most("noisy_end_to_end_late_unpinged", mean(lambda t: t.late_unpinged), "per watch", 0.1),
        at_most("noisy_end_to_end_untold", abs(judged - told) + abs(judged - texts), "posts and texts", 0),
    ]


def _posts_of(way_out: WayOut) -> Mapping[str, list[Post]]:
    posts: dict[str, list[Post]] = {}
    for post in way_out.discord.posts:
        posts.setdefault(post.channel_id, []).append(post)
    return posts


def _says_gone(body: Mapping[str, object]) -> bool:
    embeds = body.get("embeds")
    return isinstance(embeds, list) and any(_GONE in embed.get("title", "") for embed in embeds)


if __name__ == "__main__":
    print(table(run_fast(run())))
