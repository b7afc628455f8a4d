"""A quote, our record of a price, and the outcome of asking a source for one."""

from datetime import datetime
from enum import StrEnum

import msgspec

from engine.domain.money import Money
from engine.domain.places import Place
from engine.domain.route import FixedDates, RouteId


class SourceKind(StrEnum):
    """Where a price comes from: asked now, seen by somebody lately, or made up for testing."""

    LIVE = "live"
    CACHED = "cached"
    TEST = "test"


class LocalTime(msgspec.Struct, frozen=True):
    """A clock reading at a place whose zone is unknown: ISO 8601 to the minute, no offset.

    Raises nothing by itself; `LocalTime.of` refuses what is not such a time with ValueError.
    """

    iso: str

    @classmethod
    def of(cls, text: str) -> "LocalTime":
        """Read `2027-03-10T10:00` or `2027-03-10T10:00:00`; an offset, true or false, is dropped."""
        reading = datetime.fromisoformat(text).replace(tzinfo=None)
        return cls(reading.isoformat(timespec="minutes"))

    @property
    def reading(self) -> datetime:
        """The naive datetime: for arithmetic at the same place only."""
        return datetime.fromisoformat(self.iso)


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """One flight number from board to off point; `technical_stops` are stops inside it."""

    origin: str
    destination: str
    departs: LocalTime
    arrives: LocalTime
    carrier: str
    number: str = ""
    operated_by: str | None = None
    technical_stops: int = 0


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """One direction of travel; `minutes` is its duration where the source says it."""

    segments: tuple[Segment, ...]
    minutes: int | None = None

    @property
    def stops(self) -> int:
        """Changes of plane plus technical stops."""
        return len(self.segments) - 1 + sum(segment.technical_stops for segment in self.segments)


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says a route costs: the total for the whole party.

    `observed_at` is our clock; `found_at` and `expires_at` are the source's, where it gives them.
    `estimated` marks what was not priced as asked: a sum of one-ways, one adult's price
    multiplied, or a filter that the reply cannot show. `slices` is empty where the source
    gives no itinerary; then `carriers`, `stops` and `departures` (local, one per direction) may
    still be known. `bags` is how many checked bags of each traveller are in the price, where the source
    says it. Of a route that leaves a choice `dates` are the days that this is for, and `ends` the two places
    it was asked for, where there are no slices to tell.
    """

    route_id: RouteId
    total: Money
    source: str
    kind: SourceKind
    observed_at: datetime
    slices: tuple[Slice, ...] = ()
    carriers: tuple[str, ...] = ()
    stops: tuple[int, ...] = ()
    departures: tuple[LocalTime, ...] = ()
    estimated: bool = False
    found_at: datetime | None = None
    expires_at: datetime | None = None
    link: str | None = None
    self_transfer: bool | None = None
    bags: int | None = None
    dates: FixedDates | None = None
    ends: tuple[Place, Place] | None = None

    @property
    def firm(self) -> bool:
        """A live source priced exactly this request; everything else is a lead."""
        return self.kind is SourceKind.LIVE and not self.estimated

    @property
    def departs(self) -> LocalTime | None:
        """Local time of the first departure, where known."""
        return self._departs(0)

    @property
    def departs_back(self) -> LocalTime | None:
        """Local time of the departure of the way back, where known."""
        return self._departs(1)

    def _departs(self, direction: int) -> LocalTime | None:
        if len(self.slices) > direction:
            return self.slices[direction].segments[0].departs
        return self.departures[direction] if len(self.departures) > direction else None


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """The fares of a look that the route's filters hide: how many, and the cheapest of them."""

    count: int
    cheapest: Quote


class OutcomeKind(StrEnum):
    """What a search came to; only QUOTES feeds a judgement."""

    QUOTES = "quotes"
    NO_FARES = "no_fares"
    BLOCKED = "blocked"
    QUOTA = "quota"
    MALFORMED = "malformed"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asking a source for a route.

    `detail` is a short reason in words without secrets (`timeout`, `HTTP 502`, `38194 rate limit`).
    `retry_at` is set when the source said when to come back. `quotes` is cheapest first. `hidden` are the
    fares that were left out because a filter of the route hides them. `partial`: some of its searches gave
    no answer, so that the cheapest there is may be missing. `reaches`: of a sweep to anywhere, the price
    up to which it has every destination; None where it has all that there are.
    """

    kind: OutcomeKind
    source: str
    observed_at: datetime
    source_kind: SourceKind = SourceKind.LIVE
    quotes: tuple[Quote, ...] = ()
    detail: str | None = None
    retry_at: datetime | None = None
    hidden: Hidden | None = None
    partial: bool = False
    reaches: Money | None = None

    @property
    def parsed(self) -> bool:
        """Whether the source answered the question (quotes or no_fares)."""
        return self.kind in (OutcomeKind.QUOTES, OutcomeKind.NO_FARES)
