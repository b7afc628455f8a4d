"""A fare in words: which flights, from whom, how sure, compared with what."""

from collections.abc import Iterable

from bot.present.carriers import carriers
from bot.present.embeds import Field
from bot.present.money import compared, each, money
from bot.present.text import plain
from bot.present.when import ago, lasted, local
from engine.domain.alert import Confirmation
from engine.domain.money import Money
from engine.domain.quote import Quote, Slice, SourceKind
from engine.domain.route import Route

_SECONDS_A_MINUTE = 60


def flights(quote: Quote) -> list[str]:
    """One line per direction where the source gave an itinerary, else carriers and stops alone."""
    if quote.slices:
        directions = ("Out", "Back")
        return [
            f"**{direction}** {_slice(part)}"
            for direction, part in zip(directions, quote.slices, strict=False)
        ] + _warning(quote)
    known = [carriers(quote.carriers), stops(quote.stops)]
    line = " · ".join(part for part in known if part)
    return [line, *_warning(quote)] if line else _warning(quote)


def brief(quote: Quote) -> str:
    """The price with carriers and stops on one line: **€450** with ANA, nonstop."""
    named = carriers(quote.carriers)
    words = [f"**{money(quote.total)}**", f"with {named}" if named else "", stops(quote.stops)]
    return " · ".join(filter(None, (" ".join(filter(None, words[:2])), words[2])))


def stops(counts: Iterable[int]) -> str:
    """nonstop, 1 stop, 1 stop out and 2 back."""
    known = tuple(counts)
    if not known:
        return ""
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


def facts(route: Route, total: Money, *, target: Money | None, median: Money | None) -> list[Field]:
    """What the price is held against: the target, the usual price, one person's share."""
    fields = []
    if target is not None:
        fields.append(Field(f"Your target {money(target)}", compared(total, target)))
    if median is not None:
        fields.append(Field(f"30-day median {money(median)}", compared(total, median)))
    if route.adults > 1:
        share = money(each(total, route.adults))
        fields.append(Field("Each", f"{share} \N{MULTIPLICATION SIGN} {route.adults} adults"))
    return fields


def _slice(part: Slice) -> str:
    first, last = part.segments[0], part.segments[-1]
    begins = f"{local(first.departs)} {plain(first.origin, 4)}"
    same_day = first.departs.reading.date() == last.arrives.reading.date()
    ends = f"{last.arrives.reading:%H:%M}" if same_day else local(last.arrives)
    flown = carriers(segment.carrier for segment in part.segments)
    length = lasted(part.minutes * _SECONDS_A_MINUTE) if part.minutes else ""
    words = (f"{begins} → {ends} {plain(last.destination, 4)}", _stops(part.stops), length, flown)
    return " · ".join(word for word in words if word)


def _stops(count: int) -> str:
    if count == 0:
        return "nonstop"
    return "1 stop" if count == 1 else f"{count} stops"


def _warning(quote: Quote) -> list[str]:
    return ["Self-transfer: you change airlines on your own."] if quote.self_transfer else []
