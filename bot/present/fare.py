"""A fare in words: which flights, from whom, how sure, compared with what."""

from collections.abc import Iterable

from bot.present.carriers import carriers
from bot.present.embeds import Field
from bot.present.money import compared, each, money
from bot.present.route import target_of
from bot.present.text import plain
from bot.present.when import ago, lasted, local
from bot.tongue import say
from engine.domain.alert import Confirmation
from engine.domain.money import Money
from engine.domain.quote import Quote, Slice, SourceKind
from engine.domain.route import Route
from engine.domain.watch import Owner

_SECONDS_A_MINUTE = 60


def flights(quote: Quote, directions: int) -> list[str]:
    """Who flies and with how many stops, then a line per direction where the source gave an itinerary."""
    by = " · ".join(filter(None, (carriers(quote.carriers), stops(quote.stops, directions))))
    ways = [_slice(part) for part in quote.slices] or [local(departs) for departs in quote.departures]
    lines = [by, *(f"**{direction}** {way}" for direction, way in zip(("Out", "Back"), ways, strict=False))]
    if quote.self_transfer:
        lines.append("Self-transfer: you change airlines on your own.")
    return [line for line in lines if line]


def brief(quote: Quote, directions: int, days: str = "") -> str:
    """The price with days, carriers and stops on one line: **€450** on 12-14 Mar with ANA · nonstop."""
    named = carriers(quote.carriers)
    when = say("on {days}", days=days) if days else ""
    fare = " ".join(filter(None, (f"**{money(quote.total)}**", when, f"with {named}" if named else "")))
    return " · ".join(filter(None, (fare, stops(quote.stops, directions))))


def stops(counts: Iterable[int], directions: int) -> str:
    """nonstop, 1 stop out and 2 back; "nonstop out" where the source does not show the way back."""
    known = tuple(counts)
    if not known:
        return ""
    if len(known) < directions:
        return f"{_stops(known[0])} out"
    if len(set(known)) == 1:
        both = " both ways" if len(known) > 1 and known[0] else ""
        return f"{_stops(known[0])}{both}"
    return f"{_stops(known[0])} out, {_stops(known[1])} back"


def seen(quote: Quote, confirmation: Confirmation | None = None) -> str:
    """Who says so and when, and how sure that is."""
    source = plain(quote.source, 30).capitalize()
    if confirmation is Confirmation.UNCONFIRMED:
        when = f"seen {ago(quote.found_at)}" if quote.found_at else "seen in the last 7 days"
        return f"⚠️ Not confirmed: {when} by {source}. The price may have changed."
    if confirmation is Confirmation.CONFIRMED:
        return f"Confirmed with {source} {ago(quote.observed_at)}"
    if quote.kind is SourceKind.LIVE and not quote.estimated:
        return f"Priced live by {source} {ago(quote.observed_at)}"
    if quote.found_at:
        return f"Seen by others {ago(quote.found_at)}, from {source}"
    return f"Seen in the last 7 days, from {source}"


def facts(
    route: Route, total: Money, *, owner: Owner | None, target: Money | None, median: Money | None
) -> list[Field]:
    """What the price is held against: the target, the usual price, one person's share."""
    fields = []
    if target is not None and owner is not None:
        fields.append(Field(target_of(owner, target), compared(total, target)))
    if median is not None:
        fields.append(Field(f"30-day median {money(median)}", compared(total, median)))
    # Children pay less than adults, nobody says how much less.
    if route.adults > 1 and not route.children:
        share = money(each(total, route.adults))
        fields.append(Field("Each", f"{share} \N{MULTIPLICATION SIGN} {route.adults} adults"))
    return fields


def _slice(part: Slice) -> str:
    """10 Mar 15:15 LHR → 04:30 +1 HND · 13 h 15 min; +1 is the next day there."""
    first, last = part.segments[0], part.segments[-1]
    days = (last.arrives.reading.date() - first.departs.reading.date()).days
    later = f" {days:+d}" if days else ""
    lands = f"{last.arrives.reading:%H:%M}{later} {plain(last.destination, 4)}"
    length = f" · {lasted(part.minutes * _SECONDS_A_MINUTE)}" if part.minutes else ""
    return f"{local(first.departs)} {plain(first.origin, 4)} → {lands}{length}"


def _stops(count: int) -> str:
    if count == 0:
        return "nonstop"
    return "1 stop" if count == 1 else f"{count} stops"
