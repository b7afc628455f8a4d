"""The same fare for a week: told once, counted at the pretend Discord and the pretend Twilio."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from benchmarks.way_out import OPERATORS_PHONE, open_way_out
from engine.domain.money import Money
from engine.domain.planner import Intervals
from tests.support import build
from tests.support.clock import START

HOUR = timedelta(hours=1)
LOOKS_A_WEEK = 7 * 24


async def test_the_same_fare_for_seven_days_is_told_once_in_the_channel_and_once_by_text(
    tmp_path: Path,
) -> None:
    route = build.route()
    fare = Money.of(Decimal("374.00"), "EUR")
    async with open_way_out(tmp_path, START, Intervals(live=HOUR, jitter=0.0)) as way_out:
        await way_out.watch(route, build.watch(route, target=420))
        for look in range(LOOKS_A_WEEK):
            at = START + look * HOUR
            way_out.clock.put(at)
            quote = build.quote(fare, of=route, observed_at=at)
            await way_out.look({route.id: build.outcome(quote, at=at)})

        (post,) = way_out.discord.posts
        (text,) = way_out.twilio.messages
    assert (post.channel_id, post.edits) == ("9001", [])
    assert (text.to, text.body.startswith("LON-TYO 374 EUR")) == (OPERATORS_PHONE, True)
