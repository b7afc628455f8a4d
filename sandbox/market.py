"""A market of 50 city pairs whose fares move: the same seed gives the same fare at the same instant."""

import math
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

# Usual return fares in EUR for one adult, by the look of public fare pages; only their size matters.
_USUAL: Final = {
    "HYD": "PAR 620 LON 560 TYO 780 NYC 890 DXB 240 SIN 330 BKK 260 SYD 850 ROM 590 BER 610 FRA 570 IST 430 "
    "MAD 640 AMS 580 HKG 420 KUL 290 SEL 640 YTO 980 CPT 760 DPS 410",
    "LON": "PAR 98 ROM 120 BER 95 MAD 110 IST 190 AMS 105 DUB 70 LIS 130 ATH 160 BCN 100 NYC 450 TYO 690 "
    "SIN 620 BKK 560 SYD 1090 DXB 410 HKG 600 CPT 640 YTO 480 MOW 380",
    "NYC": "PAR 430 ROM 470 MAD 420 LIS 410 TYO 820 MEX 320 BOG 360 SAO 640 KEF 390 LAX 240",
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
# The noisy market of the benchmarks: about once a day x becomes 0.85x + N(0, 0.06), ...
_KEPT, _NOISE = 0.85, 0.06
_MEMORY_DAYS: Final = 60  # 0.85^60 is 0.00006: what happened before is forgotten
# ... and about every ten days a sale takes 12-35 % off for 4-18 hours.
_SALE_EVERY: Final = timedelta(days=10)
_SALE_DEPTH: Final = (0.12, 0.35)
_SALE_HOURS: Final = (4.0, 18.0)
# Where days differ: from Monday to Sunday, and by chance.
_BY_WEEKDAY: Final = (1.0, 0.92, 0.93, 1.0, 1.14, 1.04, 1.12)
_BY_CHANCE: Final = 0.09
_CENT: Final = Decimal("0.01")


class Market:
    """What a return trip in economy costs one adult, in EUR, at any instant.

    A pair is written as logs write it: `HYD-PAR`. Pairs beyond the fifty have fares too, made
    from their names, so that a person can try any route. `by_day`: each day of departure has a fare of
    its own, Fridays and Sundays dearer ones; else they all cost the same.
    """

    def __init__(self, seed: int = 1, *, by_day: bool = False) -> None:
        self._seed = seed
        self._by_day = by_day
        self._usual = {
            f"{origin}-{destination}": float(fare)
            for origin, line in _USUAL.items()
            for destination, fare in _by_two(line.split())
        }
        self._pinned: dict[str, Decimal] = {}
        self._days: dict[tuple[str, date], Decimal] = {}
        self._of_days: dict[tuple[str, date], float] = {}
        self._noise: dict[tuple[str, int], tuple[float, float]] = {}

    @property
    def pairs(self) -> tuple[str, ...]:
        """The fifty city pairs."""
        return tuple(self._usual)

    def destinations(self, origin: str) -> tuple[str, ...]:
        """Where flights lead from a place: to those of the fifty pairs, and whatever was held for it.

        From places beyond the fifty they lead where they lead from London.
        """
        known = [*self._usual, *self._pinned, *(pair for pair, _ in self._days)]
        found = [pair.partition("-")[2] for pair in known if pair.startswith(f"{origin}-")]
        if not any(pair.startswith(f"{origin}-") for pair in self._usual):
            found += [pair.partition("-")[2] for pair in self._usual if pair.startswith("LON-")]
        return tuple(code for code in dict.fromkeys(found) if code != origin)

    def price(self, pair: str, at: datetime, leaving_on: date | None = None) -> Decimal:
        """The fare of that instant, to the cent; of one day of departure where it is `by_day` or held."""
        if leaving_on is not None and (held := self.held(pair, leaving_on)) is not None:
            return held
        if (pinned := self._pinned.get(pair)) is not None:
            return pinned
        fare = self._usual_fare(pair) * math.exp(self._drift(pair, at)) * (1 - self._sale(pair, at))
        if self._by_day and leaving_on is not None:
            fare *= self._day(pair, leaving_on)
        return Decimal(fare).quantize(_CENT)

    def pin(self, pair: str, fare: Decimal | None) -> None:
        """Hold a fare where a test or demo wants it; None lets it move again."""
        if fare is None:
            self._pinned.pop(pair, None)
        else:
            self._pinned[pair] = fare

    def pin_day(self, pair: str, leaving_on: date, fare: Decimal | None) -> None:
        """Hold the fare of one day of departure apart; None lets it cost what the others do."""
        if fare is None:
            self._days.pop((pair, leaving_on), None)
        else:
            self._days[pair, leaving_on] = fare

    def held(self, pair: str, leaving_on: date) -> Decimal | None:
        """The fare of a day of departure that is held apart."""
        return self._days.get((pair, leaving_on))

    @property
    def held_days(self) -> frozenset[tuple[tuple[str, date], Decimal]]:
        """All that are held apart, to tell whether any of them changed."""
        return frozenset(self._days.items())

    def _day(self, pair: str, leaving_on: date) -> float:
        """How much dearer, or cheaper, it is to leave on a day."""
        if (pair, leaving_on) not in self._of_days:
            drawn = self._random("day", pair, leaving_on.isoformat()).gauss(0, _BY_CHANCE)
            self._of_days[pair, leaving_on] = _BY_WEEKDAY[leaving_on.weekday()] * math.exp(drawn)
        return self._of_days[pair, leaving_on]

    def _usual_fare(self, pair: str) -> float:
        known = self._usual.get(pair)
        return known if known is not None else round(self._random("usual", pair).uniform(60, 900))

    def _drift(self, pair: str, at: datetime) -> float:
        """The mean-reverting x: one move a day, each at a time of day of its own."""
        day, into = divmod(at - _EPOCH, _DAY)
        if into / _DAY < self._move(pair, day)[0]:
            day -= 1
        return sum(_KEPT**age * self._move(pair, day - age)[1] for age in range(_MEMORY_DAYS))

    def _move(self, pair: str, day: int) -> tuple[float, float]:
        """When in a day the fare moves (as a share of the day), and by how much."""
        if (pair, day) not in self._noise:
            draw = self._random("move", pair, day)
            self._noise[pair, day] = (draw.random(), draw.gauss(0, _NOISE))
        return self._noise[pair, day]

    def _sale(self, pair: str, at: datetime) -> float:
        """How much a sale takes off now; a sale may run on into the next ten days."""
        period = (at - _EPOCH) // _SALE_EVERY
        for number in (period, period - 1):
            draw = self._random("sale", pair, number)
            starts_at = _EPOCH + (number + draw.random()) * _SALE_EVERY
            ends_at = starts_at + timedelta(hours=draw.uniform(*_SALE_HOURS))
            if starts_at <= at < ends_at:
                return draw.uniform(*_SALE_DEPTH)
        return 0.0

    def _random(self, *what: object) -> random.Random:
        return random.Random("|".join(map(str, (self._seed, *what))))


def _by_two(words: list[str]) -> list[tuple[str, str]]:
    return list(zip(words[::2], words[1::2], strict=True))
