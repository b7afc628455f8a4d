"""What a route and the rules of a watch are called."""

from datetime import date, timedelta

from bot.present.money import money
from bot.present.narrowing import briefly, narrowed, party
from bot.present.scene import Cities
from bot.present.text import listed, plain
from bot.present.when import every, short_dates
from bot.tongue import count, say
from engine.domain.money import Money
from engine.domain.route import Cabin, Route
from engine.domain.watch import Condition, Destination, DestinationKind, Owner, OwnerKind, Rules, Watch
from engine.fares.parts import LookPrice

_A_MONTH = 30
_CABINS = {
    Cabin.ECONOMY: "economy",
    Cabin.PREMIUM_ECONOMY: "premium economy",
    Cabin.BUSINESS: "business class",
    Cabin.FIRST: "first class",
}


def title(route: Route, cities: Cities) -> str:
    """London → Tokyo, London or Manchester → Tokyo; the codes where both ends are the same city."""
    ends = [
        listed(list(dict.fromkeys(cities(place.code) for place in places)), say("or"))
        for places in (route.origins, route.destinations)
    ]
    return codes(route) if ends[0] == ends[1] else f"{ends[0]} → {ends[1]}"


def codes(route: Route) -> str:
    """LON → TYO, LGW/STN → TYO."""
    ends = ("/".join(place.code for place in places) for places in (route.origins, route.destinations))
    return " → ".join(ends)


def filters(route: Route) -> str:
    """Everything that narrows the search, in words: economy · 2 adults · at most 1 stop · in EUR."""
    words = [_CABINS[route.cabin], party(route), _stops(route.max_stops), *narrowed(route)]
    return " · ".join([*words, f"in {route.currency}"])


def choice(route: Route, watch: Watch, today: date) -> str:
    """One of a member's routes in a list of choices: LON → TYO · 10-24 Mar · target €420."""
    whose = f" · {say('this server')}" if watch.owner.kind is OwnerKind.SERVER else ""
    return f"{codes(route)} · {short_dates(route, today)}{extras(route)} · {goal(watch.rules)}{whose}"


def extras(route: Route) -> str:
    """What is unusual about a route, each part led in by a dot; nothing for one adult in economy."""
    words = [] if route.cabin is Cabin.ECONOMY else [_CABINS[route.cabin]]
    if route.travellers > 1:
        words.append(party(route))
    return "".join(f" · {word}" for word in (*words, *briefly(route)))


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


def takes(price: LookPrice | None) -> str:
    """What a look of several searches takes, and how many the budget allows; nothing for a single search."""
    if price is None or price.searches == 1:
        return ""
    source = plain(price.source, 30).capitalize()
    words = [say("A look takes {n} searches at {source}.", n=price.searches, source=source)]
    if price.looks_a_month is not None:
        looks, a_day = price.looks_a_month, price.looks_a_month // _A_MONTH
        if a_day:
            allows = count(a_day, "{n} look a day", "{n} looks a day")
        else:
            allows = count(looks, "{n} look a month", "{n} looks a month")
        words.append(say("Its budget allows {looks}.", looks=allows))
    return " ".join(words)


def _channel(address: str, here: str | None) -> str:
    return "here" if address == here else f"in <#{address}>"


def _stops(most: int | None) -> str:
    if most is None:
        return "any number of stops"
    if most == 0:
        return "nonstop only"
    return f"at most {most} stop{'' if most == 1 else 's'}"
