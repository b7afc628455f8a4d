"""What a route and the rules of a watch are called."""

from datetime import date, timedelta

from bot.present.money import money
from bot.present.scene import Cities
from bot.present.text import listed
from bot.present.when import every, short_dates
from bot.tongue import say
from engine.domain.money import Money
from engine.domain.route import Cabin, Route
from engine.domain.watch import Condition, Destination, DestinationKind, Owner, OwnerKind, Rules, Watch

_CABINS = {
    Cabin.ECONOMY: "economy",
    Cabin.PREMIUM_ECONOMY: "premium economy",
    Cabin.BUSINESS: "business class",
    Cabin.FIRST: "first class",
}


def title(route: Route, cities: Cities) -> str:
    """London → Tokyo; the codes where both ends are the same city."""
    ends = [cities(place.code) for place in (route.origin, route.destination)]
    if ends[0] == ends[1]:
        ends = [route.origin.code, route.destination.code]
    return f"{ends[0]} → {ends[1]}"


def codes(route: Route) -> str:
    """LON → TYO."""
    return f"{route.origin.code} → {route.destination.code}"


def filters(route: Route) -> str:
    """Everything that narrows the search, in words: economy · 2 adults · at most 1 stop · in EUR."""
    people = "1 adult" if route.adults == 1 else f"{route.adults} adults"
    return f"{_CABINS[route.cabin]} · {people} · {_stops(route.max_stops)} · in {route.currency}"


def choice(route: Route, watch: Watch, today: date) -> str:
    """One of a member's routes in a list of choices: LON → TYO · 10-24 Mar · target €420."""
    whose = f" · {say('this server')}" if watch.owner.kind is OwnerKind.SERVER else ""
    return f"{codes(route)} · {short_dates(route, today)}{extras(route)} · {goal(watch.rules)}{whose}"


def extras(route: Route) -> str:
    """What is unusual about a route, each part led in by a dot; nothing for one adult in economy."""
    adults = "" if route.adults == 1 else f" · {route.adults} adults"
    cabin = "" if route.cabin is Cabin.ECONOMY else f" · {_CABINS[route.cabin]}"
    return f"{cabin}{adults}"


def goal(rules: Rules) -> str:
    """What is waited for, in a few words: target €420, waits for a new low."""
    if rules.target is not None:
        return f"target {money(rules.target)}"
    if rules.drop_percent is not None:
        return f"waits for a {rules.drop_percent} % drop"
    if rules.new_low_days is not None:
        return "waits for a new low"
    return "no target"


def promise(rules: Rules) -> str:
    """What the owner will hear of: when it costs €420 or less."""
    told = []
    if rules.target is not None:
        told.append(f"costs {money(rules.target)} or less")
    if rules.drop_percent is not None:
        told.append(f"falls by {rules.drop_percent} % or more")
    if rules.new_low_days is not None:
        # Rule 4: a new low says something only after seven days of looks.
        told.append(f"is cheaper than in the last {rules.new_low_days} days (once I know a week of fares)")
    if not told:
        return "never: this route has no target yet"
    again = f", and again {every(rules.remind_every)} while it stays so" if rules.remind_every else ""
    return f"when it {listed(told, 'or')}{again}"


def met(conditions: tuple[Condition, ...], rules: Rules) -> str:
    """What holds now: it is already at or under your target."""
    words = {
        Condition.TARGET: f"at or under your {money(rules.target)}" if rules.target else "under your target",
        Condition.DROP: f"down by {rules.drop_percent} % or more",
        Condition.NEW_LOW: f"the lowest in {rules.new_low_days} days",
    }
    return listed([words[condition] for condition in conditions])


def places(tell: tuple[Destination, ...], here: str | None = None) -> str:
    """Where the owner hears of it: here, in #fares, by direct message."""
    words = {
        DestinationKind.DM: "by direct message",
        DestinationKind.SMS: "by SMS",
        DestinationKind.CONSOLE: "in the log",
    }
    return listed([words.get(place.kind) or _channel(place.address, here) for place in tell])


def whose(owner: Owner) -> str | None:
    """What is said of a route that is no member's; nothing of others."""
    return say("**This server's route**") if owner.kind is OwnerKind.SERVER else None


def target_of(owner: Owner, target: Money) -> str:
    """Whose target it is: Your target €420, This server's target €420."""
    if owner.kind is OwnerKind.SERVER:
        return say("This server's target {price}", price=money(target))
    return say("Your target {price}", price=money(target))


def looked(interval: timedelta) -> str:
    """How often: I look every 15 minutes."""
    return f"I look {every(interval)}"


def _channel(address: str, here: str | None) -> str:
    return "here" if address == here else f"in <#{address}>"


def _stops(most: int | None) -> str:
    if most is None:
        return "any number of stops"
    if most == 0:
        return "nonstop only"
    return f"at most {most} stop{'' if most == 1 else 's'}"
