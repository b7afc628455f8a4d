"""What narrows a route, in words: who travels, which flights will do."""

from bot.present.carriers import carriers
from bot.present.days import clock
from engine.domain.route import Hours, Route
from engine.tongue import count, say


def party(route: Route) -> str:
    """1 adult; 2 adults, 1 child."""
    adults = count(route.adults, "{n} adult", "{n} adults")
    if not route.children:
        return adults
    children = count(route.children, "{n} child", "{n} children")
    return f"{adults}, {children}"


def narrowed(route: Route) -> list[str]:
    """Each filter besides cabin and stops: only ANA, out 06:00 - 12:00, 1 checked bag each."""
    words = []
    if route.airlines:
        words.append(say("only {airlines}", airlines=carriers(route.airlines)))
    if route.not_airlines:
        words.append(say("without {airlines}", airlines=carriers(route.not_airlines)))
    if route.out_hours is not None:
        words.append(say("out {hours}", hours=hours(route.out_hours)))
    if route.back_hours is not None:
        words.append(say("back {hours}", hours=hours(route.back_hours)))
    if route.bags:
        words.append(count(route.bags, "{n} checked bag each", "{n} checked bags each"))
    return words


def briefly(route: Route) -> list[str]:
    """The same in codes, for lists of choices: BA/LH, not FR, out 06-12, 1 bag."""
    words = ["/".join(route.airlines)] if route.airlines else []
    if route.not_airlines:
        words.append(say("not {airlines}", airlines="/".join(route.not_airlines)))
    if route.out_hours is not None:
        words.append(say("out {hours}", hours=hours(route.out_hours)))
    if route.back_hours is not None:
        words.append(say("back {hours}", hours=hours(route.back_hours)))
    if route.bags:
        words.append(count(route.bags, "{n} bag", "{n} bags"))
    return words


def hours(bounds: Hours) -> str:
    """06:00 - 12:00; after 18:00; before 09:00."""
    if bounds.latest == Hours.LAST_MINUTE and bounds.earliest:
        return say("after {time}", time=clock(bounds.earliest))
    if bounds.earliest == 0:
        return say("before {time}", time=clock(bounds.latest))
    return f"{clock(bounds.earliest)} \N{EN DASH} {clock(bounds.latest)}"
