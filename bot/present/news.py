"""What an owner reads about their watches besides fares, in words."""

from bot.present.embeds import Tone
from bot.present.mishaps import Words, in_discord, mishap
from bot.present.reasons import reason
from bot.present.sayings import said
from bot.present.text import plain
from bot.present.when import ago
from engine.domain.caps import Cap
from engine.domain.news import (
    Departed,
    DirectClosed,
    Failing,
    News,
    PlaceFails,
    PlaceGone,
    RemovedByManagers,
    SheetTrouble,
    TextCapped,
    TextLate,
    TextsRest,
    TextUnknown,
    WebhookFails,
    Working,
)
from engine.domain.quote import OutcomeKind
from engine.tongue import count, say


def words(news: News, route: str) -> Words:
    """The message; `route` is how its route is called."""
    match news:
        case RemovedByManagers():
            return _removed(news, route)
        case Failing():
            return _failing(news, route)
        case Working():
            return _working(news, route)
        case PlaceGone():
            return _place_gone(news, route)
        case SheetTrouble():
            return _sheet(news)
        case DirectClosed():
            return _direct_closed()
        case TextCapped() | TextsRest() | TextLate():
            return _text(news, route)
        case Departed() | PlaceFails() | TextUnknown() | WebhookFails():
            return mishap(news, route)


def _direct_closed() -> Words:
    lines = (
        say(
            "Open your direct messages for this server (its name, *Privacy Settings*, *Direct Messages*), "
            "or have your routes told in a channel."
        ),
        say("Then `/alerts test` shows whether it works, and what waited comes."),
    )
    return Words(say("I cannot write to you"), lines, Tone.CARE)


def outcome(kind: str, detail: str | None) -> str:
    """Why there was no fare, without saying which source: it may have been several."""
    why = f" ({plain(reason(detail), 60)})" if detail else ""
    said = {
        OutcomeKind.BLOCKED.value: say("The source of fares asks me to slow down{why}.", why=why),
        OutcomeKind.QUOTA.value: say("The source of fares has no calls left for now{why}.", why=why),
        OutcomeKind.UNREACHABLE.value: say("The source of fares does not answer{why}.", why=why),
        OutcomeKind.MALFORMED.value: say("I cannot read the answers of the source of fares."),
        OutcomeKind.REJECTED.value: say("The source of fares refuses the question{why}.", why=why),
    }
    return said.get(kind, say("The source of fares gives no answer."))


def _removed(news: RemovedByManagers, route: str) -> Words:
    lines = (
        say(
            "Somebody who manages the server removed your route in {channel}. I have stopped looking.",
            channel=f"<#{news.channel_id}>",
        )
        if news.channel_id
        else say("Somebody who manages the server removed your route. I have stopped looking."),
        say("`/route add` with **where: Direct message** watches it for you alone."),
    )
    return Words(say("{route}: removed", route=route), lines, Tone.PAST)


def _failing(news: Failing, route: str) -> Words:
    headline = count(
        news.routes,
        "No fares for {route}",
        "No fares for {n} of your routes",
        route=route,
    )
    also = say("{route} is one of them.", route=route) if news.routes > 1 else None
    lines = (
        say("It began {since}.", since=ago(news.since)),
        also,
        outcome(news.outcome, news.detail),
        say("I keep trying and tell you when it works again. There is nothing you need to do."),
    )
    return Words(headline, tuple(line for line in lines if line), Tone.CARE)


def _working(news: Working, route: str) -> Words:
    headline = count(
        news.routes,
        "Fares for {route} again",
        "Fares for {n} of your routes again",
        route=route,
    )
    lines = [say("I can see fares again. What is at its target is told as always.")]
    if news.failing:
        rest = count(news.failing, "{n} route still has none.", "{n} routes still have none.")
        lines.append(rest)
    return Words(headline, tuple(lines), Tone.GOOD)


def _place_gone(news: PlaceGone, route: str) -> Words:
    headline = count(news.routes, "{route} rests", "{n} of your routes rest", route=route)
    lines = (
        say("The channel in which I told you was deleted, so I stopped looking."),
        say("`/route resume` in another channel, or here, goes on there."),
    )
    return Words(headline, lines, Tone.CARE)


def _sheet(news: SheetTrouble) -> Words:
    if news.unread is not None:
        lines = [
            say("I cannot read it: {why}.", why=plain(said(news.unread), 200)),
            say("Its routes stay as they are. I keep trying, and say no more until it works."),
        ]
        return Words(say("The linked sheet"), tuple(lines), Tone.CARE)
    if not news.faults:
        return Words(say("The linked sheet"), (say("I can read it again, all of it."),), Tone.GOOD)
    lines = [say("These rows I cannot understand; all others are watched."), *_rows(news)]
    return Words(say("The linked sheet"), tuple(lines), Tone.CARE)


def _rows(news: SheetTrouble) -> list[str]:
    rows = [f"- {plain(said(fault), 200)}" for fault in news.faults]
    return [*rows, count(news.more, "- and {n} more", "- and {n} more")] if news.more else rows


def _text(news: TextCapped | TextsRest | TextLate, route: str) -> Words:
    if isinstance(news, TextLate):
        late = say("The provider of text messages does not answer. I keep trying for an hour.")
        return Words(say("{route}: the text is late", route=route), (late, in_discord()), Tone.CARE)
    why = _used_up(news) if isinstance(news, TextCapped) else _resting(news)
    return Words(say("{route}: not texted", route=route), (why, in_discord()), Tone.CARE)


def _used_up(news: TextCapped) -> str:
    match news.cap:
        case Cap.MEMBER:
            used = count(
                news.most,
                "Your one text of today is used up.",
                "Your {n} texts of today are used up.",
            )
        case Cap.SERVER:
            used = count(
                news.most,
                "This server's one text of today is used up.",
                "This server's {n} texts of today are used up.",
            )
        case Cap.DAY:
            used = count(
                news.most,
                "My one text of today is used up.",
                "My {n} texts of today are used up.",
            )
        case _:
            used = count(
                news.most,
                "My one text of this month is used up.",
                "My {n} texts of this month are used up.",
            )
    again = (
        say("Texts go on next month.") if news.cap is Cap.MONTH else say("Texts go on after midnight UTC.")
    )
    return f"{used} {again}"


def _resting(news: TextsRest) -> str:
    if news.until is None:
        return say("No text messages can be sent until whoever runs me sees to it.")
    return say("No text messages can be sent now. They go on {when}.", when=ago(news.until))
