"""What happens on the demo's page: a past that members can look at, then a fare that falls now and then."""

import asyncio
import itertools
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Final

from bot.demo.seeding import Watched
from bot.demo.stage import Stage
from engine.domain.watch import Destination, DestinationKind

ALERT_EVERY_S: Final = 15.5  # from one alert standing in the channel to the next fall of a fare
_STANDS_S: Final = 40.0
_UNDER_TARGET: Final = Decimal("0.94")
_DEEPER: Final = Decimal("0.93")
_AHEAD: Final = timedelta(days=133)
_STAY: Final = timedelta(days=7)
_HALF_AN_HOUR_S: Final = 1800.0
_PATIENCE_S: Final = 20.0
_NO_ALERT_S: Final = 6.0
_FIRST_LOOKS_S: Final = 90.0  # a busy machine takes its time over fifty routes
_PAIR: Final = "LON-OSL"


async def tell_the_past(stage: Stage) -> None:
    """Ada's Oslo: told an hour ago, gone since. Half hours pass in the simulated world only."""
    market = stage.world.market
    market.pin(_PAIR, Decimal(96))
    depart_on = stage.engine.clock.now().date() + _AHEAD
    await stage.act(
        stage.ada.slash(
            stage.channel,
            "route add",
            origin="LON",
            destination="OSL",
            depart=str(depart_on),
            **{"return": str(depart_on + _STAY)},
            target="85",
        )
    )
    before = len(stage.channel.history())
    market.pin(_PAIR, Decimal(78))
    await stage.until(lambda: len(stage.channel.history()) > before, _PATIENCE_S, "the alert of the past")
    for _ in range(2):
        await _half_an_hour_later(stage)
        market.pin(_PAIR, Decimal(112))
        await _next_batch(stage)
    market.pin(_PAIR, None)


async def _half_an_hour_later(stage: Stage) -> None:
    async with stage.turn:
        await stage.env.advance_time(_HALF_AN_HOUR_S)


async def _next_batch(stage: Stage) -> None:
    """Wait for a batch that began after now."""
    seen = len(stage.batches.reports)
    await stage.until(lambda: len(stage.batches.reports) > seen + 1, _PATIENCE_S, "the next batch")


async def first_looks(stage: Stage, count: int) -> None:
    """Wait until that many routes were looked at: from then on a fall is news."""

    def seen() -> int:
        return len({look.route.id for report in stage.batches.reports for look in report.reports})

    await stage.until(lambda: seen() > count, _FIRST_LOOKS_S, "the first looks")


async def let_fares_fall(stage: Stage, watched: Sequence[Watched]) -> None:
    """Every quarter of a minute one fare falls under its target, and recovers after a while."""
    recovering: set[asyncio.Task[None]] = set()
    for round_, each in zip(_rounds(len(watched)), itertools.cycle(watched), strict=False):
        before = _posts(stage)
        fare = each.target.amount * _UNDER_TARGET * _DEEPER**round_
        stage.world.market.pin(each.pair, fare.quantize(Decimal("0.01")))
        with suppress(TimeoutError):  # whoever plays may have paused or snoozed this one
            await stage.until(lambda was=before: _posts(stage) > was, _NO_ALERT_S, "an alert")  # type: ignore[misc]
        recovery = asyncio.create_task(_recover(stage, each.pair))
        recovering.add(recovery)
        recovery.add_done_callback(recovering.discard)
        await asyncio.sleep(ALERT_EVERY_S)


def _rounds(count: int) -> "itertools.chain[int]":
    """0 for each of the first `count`, then 1, and so on: each round falls deeper."""
    return itertools.chain.from_iterable(itertools.repeat(number, count) for number in itertools.count())


async def _recover(stage: Stage, pair: str) -> None:
    await asyncio.sleep(_STANDS_S)
    stage.world.market.pin(pair, None)


def _posts(stage: Stage) -> int:
    return len(stage.channel.history())


def destination_of(stage: Stage) -> Destination:
    """Where the demo's routes tell."""
    return Destination(DestinationKind.CHANNEL, str(stage.channel.id))
