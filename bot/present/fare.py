"""A fare in words: which flights, from whom, how sure, compared with what."""

from collections.abc import Iterable

from bot.present.carriers import carriers
from bot.present.embeds import Field
from bot.present.money import compared, each, money
from bot.present.route import target_of
from bot.present.text import plain
from bot.present.when import ago, lasted, local
from engine.domain.alert import Confirmation
from engine.domain.money import Money
from engine.domain.quote import Quote, Slice, SourceKind
from engine.domain.route import Route
from engine.domain.watch import Owner
from engine.tongue import count, say

_SECONDS_A_MINUTE = 60


def flights(quote: Quote, directions: int) -> list[str]:
    """Who flies and with how many stops, then a line per direction where the source gave an itinerary."""
    by = " · ".join(filter(None, (carriers(quote.carriers), stops(quote.stops, directions))))
    ways = [_slice(part) for part in quote.slices] or [local(departs) for departs in quote.departures]
    lines = [
        by,
        *(f"**{direction}** {way}" for direction, way in zip((say("Out"), say("Back")), ways, strict=False)),
    ]
    if quote.self_transfer:
        lines.append(say("Self-transfer: you change airlines on your own."))
    return [line for line in lines if line]


def brief(quote: Quote, directions: int, days: str = "") -> str:
    """The price with days, carriers and stops on one line: **€450** on 12-14 Mar with ANA · nonstop."""
    price, named = f"**{money(quote.total)}**", carriers(quote.carriers)
    if named and days:
        fare = say("{price} on {days} with {airlines}", price=price, days=days, airlines=named)
    elif named:
        fare = say("{price} with {airlines}", price=price, airlines=named)
    else:
        fare = say("{price} on {days}", price=price, days=days) if days else price
    return " · ".join(filter(None, (fare, stops(quote.stops, directions))))


def stops(counts: Iterable[int], directions: int) -> str:
    """nonstop, 1 stop out and 2 back; "nonstop out" where the source does not show the way back."""
    known = tuple(counts)
    if not known:
        return ""
    if len(known) < directions:
        return say("{stops} out", stops=_stops(known[0]))
    if len(set(known)) > 1:
        return say("{out} out, {back} back", out=_stops(known[0]), back=_stops(known[1]))
    if len(known) > 1 and known[0]:
        return say("{stops} both ways", stops=_stops(known[0]))
    return _stops(known[0])


def seen(quote: Quote, confirmation: Confirmation | None = None) -> str:
    """Who says so and when, and how sure that is."""
    source = plain(quote.source, 30).capitalize()
    if confirmation is Confirmation.UNCONFIRMED:
        return _unconfirmed(quote, source)
    if confirmation is Confirmation.CONFIRMED:
        return say("Confirmed with {source} {when}", source=source, when=ago(quote.observed_at))
    if quote.kind is SourceKind.LIVE and not quote.estimated:
        return say("Priced live by {source} {when}", source=source, when=ago(quote.observed_at))
    if quote.found_at:
        return say("Seen by others {when}, from {source}", source=source, when=ago(quote.found_at))
    return say("Seen in the last 7 days, from {source}", source=source)


def _unconfirmed(quote: Quote, source: str) -> str:
    if quote.found_at is None:
        return say(
            "⚠️ Not confirmed: seen in the last 7 days by {source}. The price may have changed.",
            source=source,
        )
    return say(
        "⚠️ Not confirmed: seen {when} by {source}. The price may have changed.",
        source=source,
        when=ago(quote.found_at),
    )


def facts(
    route: Route, total: Money, *, owner: Owner | None, target: Money | None, median: Money | None
) -> list[Field]:
    """What the price is held against: the target, the usual price, one person's share."""
    fields = []
    if target is not None and owner is not None:
        fields.append(Field(target_of(owner, target), compared(total, target)))
    if median is not None:
        fields.append(Field(say("30-day median {price}", price=money(median)), compared(total, median)))
    # Children pay less than adults, nobody says how much less.
    if route.adults > 1 and not route.children:
        shares = count(
            route.adults,
            "{share} \N{MULTIPLICATION SIGN} {n} adult",
            "{share} \N{MULTIPLICATION SIGN} {n} adults",
            share=money(each(total, route.adults)),
        )
        fields.append(Field(say("Each"), shares))
    return fields


def _slice(part: Slice) -> str:
    """10 Mar 15:15 LHR → 04:30 +1 HND · 13 h 15 min; +1 is the next day there."""
    first, last = part.segments[0], part.segments[-1]
    days = (last.arrives.reading.date() - first.departs.reading.date()).days
    later = f" {days:+d}" if days else ""
    lands = f"{last.arrives.reading:%H:%M}{later} {plain(last.destination, 4)}"
    length = f" · {lasted(part.minutes * _SECONDS_A_MINUTE)}" if part.minutes else ""
    return f"{local(first.departs)} {plain(first.origin, 4)} → {lands}{length}"


def _stops(number: int) -> str:
    return count(number, "{n} stop", "{n} stops") if number else say("nonstop")
