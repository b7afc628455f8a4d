"""What a route and the rules of a watch are called."""

from datetime import date, timedelta
from typing import Final

from bot.present.money import money
from bot.present.narrowing import briefly, narrowed, party
from bot.present.scene import Cities
from bot.present.text import listed, plain
from bot.present.when import every, short_dates
from engine.domain.money import Money
from engine.domain.places import Place, PlaceKind
from engine.domain.route import Cabin, Route
from engine.domain.watch import Condition, Destination, DestinationKind, Owner, OwnerKind, Rules, Watch
from engine.fares.parts import LookPrice
from engine.tongue import count, key, say

_A_MONTH = 30
_CABINS: Final = {
    Cabin.ECONOMY: key("economy"),
    Cabin.PREMIUM_ECONOMY: key("premium economy"),
    Cabin.BUSINESS: key("business class"),
    Cabin.FIRST: key("first class"),
}


# Any two cities with the longest names there are, or four with everyday ones.
_LONGEST_NAMED: Final = 100


def title(route: Route, cities: Cities) -> str:
    """London → Tokyo, London or Manchester → Tokyo.

    The codes where both ends are the same city, and where names would push the price out of a headline.
    """
    ends = [
        listed(list(dict.fromkeys(_city(place, cities) for place in places)), say("or"))
        for places in (route.origins, route.destinations)
    ]
    named = f"{ends[0]} → {ends[1]}"
    return codes(route) if ends[0] == ends[1] or len(named) > _LONGEST_NAMED else named


def codes(route: Route) -> str:
    """LON → TYO, LGW/STN → TYO."""
    ends = ("/".join(_code(place) for place in places) for places in (route.origins, route.destinations))
    return " → ".join(ends)


def _city(place: Place, cities: Cities) -> str:
    return say("anywhere") if place.kind is PlaceKind.ANYWHERE else cities(place.code)


def _code(place: Place) -> str:
    return say("anywhere") if place.kind is PlaceKind.ANYWHERE else place.code


def filters(route: Route) -> str:
    """Everything that narrows the search, in words: economy · 2 adults · at most 1 stop · in EUR."""
    words = [say(_CABINS[route.cabin]), party(route), stops_(route.max_stops), *narrowed(route)]
    return " · ".join([*words, say("in {currency}", currency=route.currency)])


def choice(route: Route, watch: Watch, today: date) -> str:
    """One of a member's routes in a list of choices: LON → TYO · 10-24 Mar · target €420."""
    whose = f" · {say('this server')}" if watch.owner.kind is OwnerKind.SERVER else ""
    return f"{codes(route)} · {short_dates(route, today)}{extras(route)} · {goal(watch.rules)}{whose}"


def extras(route: Route) -> str:
    """What is unusual about a route, each part led in by a dot; nothing for one adult in economy."""
    words = [] if route.cabin is Cabin.ECONOMY else [say(_CABINS[route.cabin])]
    if route.travellers > 1:
        words.append(party(route))
    return "".join(f" · {word}" for word in (*words, *briefly(route)))


def goal(rules: Rules) -> str:
    """What is waited for, in a few words: target €420, waits for a new low."""
    if rules.target is not None:
        return say("target {price}", price=money(rules.target))
    if rules.drop_percent is not None:
        return say("waits for a {percent} % drop", percent=rules.drop_percent)
    if rules.new_low_days is not None:
        return say("waits for a new low")
    return say("no target")


def promise(rules: Rules) -> str:
    """What the owner will hear of: when it costs €420 or less."""
    told = []
    if rules.target is not None:
        told.append(say("costs {price} or less", price=money(rules.target)))
    if rules.drop_percent is not None:
        told.append(say("falls by {percent} % or more", percent=rules.drop_percent))
    if rules.new_low_days is not None:
        # Rule 4: a new low says something only after seven days of looks.
        told.append(
            say(
                "is cheaper than in the last {days} days (once I know a week of fares)",
                days=rules.new_low_days,
            )
        )
    if not told:
        return say("never: this route has no target yet")
    if not rules.remind_every:
        return say("when it {happens}", happens=listed(told, say("or")))
    return say(
        "when it {happens}, and again {often} while it stays so",
        happens=listed(told, say("or")),
        often=every(rules.remind_every),
    )


def met(conditions: tuple[Condition, ...], rules: Rules) -> str:
    """What holds now: it is already at or under your target."""
    return listed([_held(condition, rules) for condition in conditions])


def _held(condition: Condition, rules: Rules) -> str:
    match condition:
        case Condition.TARGET if rules.target is not None:
            return say("at or under your {price}", price=money(rules.target))
        case Condition.TARGET:
            return say("under your target")
        case Condition.DROP:
            return say("down by {percent} % or more", percent=rules.drop_percent)
        case Condition.NEW_LOW:
            return say("the lowest in {days} days", days=rules.new_low_days)


def places(tell: tuple[Destination, ...], here: str | None = None) -> str:
    """Where the owner hears of it: here, in #fares, by direct message."""
    words = {
        DestinationKind.DM: say("by direct message"),
        DestinationKind.SMS: say("by SMS"),
        DestinationKind.CONSOLE: say("in the log"),
    }
    return listed([words.get(place.kind) or _channel(place.address, here) for place in tell])


def telling(watch: Watch, route: Route, here: str | None) -> str:
    """What its owner hears, and where: here, when it costs €420 or less."""
    words = f"{places(watch.tell, here)}, {promise(watch.rules)}"
    return say("{told}; each place by itself", told=words) if route.to_anywhere else words


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
    return say("I look {often}.", often=every(interval))


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
    return say("here") if address == here else say("in {channel}", channel=f"<#{address}>")


def stops_(most: int | None) -> str:
    """How many stops will do: any number of stops, nonstop only, at most 1 stop."""
    if most is None:
        return say("any number of stops")
    if most == 0:
        return say("nonstop only")
    return count(most, "at most {n} stop", "at most {n} stops")
