"""What a member should know before the first alert: which fares of a route nobody can confirm."""

from bot.present.narrowing import party
from bot.present.text import listed, plain
from engine.domain.filters import Filter
from engine.domain.route import Route
from engine.fares.certainty import Doubt
from engine.tongue import say


def doubtful(doubt: Doubt | None, route: Route) -> str | None:
    """A sentence about it; nothing where every live source can price the route exactly."""
    if doubt is None:
        return None
    if not doubt.able and not doubt.unable:
        return say("None of my sources looks live: what I tell you is marked as not confirmed.")
    what = listed(_what(doubt, route))
    if not doubt.able:
        return say(
            "None of my sources can price {what} exactly: what I tell you is marked as not confirmed.",
            what=what,
        )
    names = listed([plain(name, 30).capitalize() for name in doubt.able], say("or"))
    return say(
        "Of my sources only {sources} can confirm a fare for {what}; without an answer there, what I tell "
        "you is marked as not confirmed.",
        sources=names,
        what=what,
    )


def _what(doubt: Doubt, route: Route) -> list[str]:
    words = {
        Filter.STOPS: say("a limit on stops"),
        Filter.AIRLINES: say("chosen airlines"),
        Filter.HOURS: say("hours of departure"),
        Filter.BAGS: say("checked bags"),
    }
    named = [word for each, word in words.items() if each in doubt.filters]
    return [party(route), *named] if doubt.party else named
