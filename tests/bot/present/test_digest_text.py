"""The digest's message: lines that say everything at a glance, within Discord's limits whatever comes."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.present.digest import digest_page
from engine.domain.digest import Line, Page
from engine.domain.money import Money
from engine.domain.route import Cabin, FixedDates
from engine.domain.watch import Rules, WatchId
from tests.support import build
from tests.support.clock import START

CITIES = {"LON": "London", "TYO": "Tokyo"}
RETURN = "10\N{EN DASH}24 Mar"


def line(**changes: Any) -> Line:
    everyday: dict[str, Any] = {
        "watch_id": WatchId("w1"),
        "route": build.route(),
        "rules": Rules(target=build.eur(420)),
        "fare": build.eur(450),
        "seen_at": START,
    }
    return Line(**(everyday | changes))


def page(*lines: Line) -> Page:
    return Page(day=date(2026, 11, 22), lines=lines)


def text(*lines: Line) -> str:
    shown = digest_page(page(*lines), START, "ref 12345678", lambda code: CITIES.get(code, code))
    return shown.embed.description or ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "**€450** · 7\N{NO-BREAK SPACE}% over €420"),
        ({"fare": build.eur(420)}, "**€420** · **just your €420**"),
        ({"fare": build.eur(374)}, "**€374** · **11\N{NO-BREAK SPACE}% under €420**"),
        ({"yesterday": build.eur(450)}, "**€450** · 7\N{NO-BREAK SPACE}%"),
        ({"yesterday": build.eur(462)}, "**€450** ↓\N{NO-BREAK SPACE}€12 · 7\N{NO-BREAK SPACE}%"),
        ({"yesterday": build.eur(442)}, "**€450** ↑\N{NO-BREAK SPACE}€8 · 7\N{NO-BREAK SPACE}%"),
        ({"fare": None, "seen_at": None}, "no fare seen yet · target €420"),
        ({"rules": Rules(new_low_days=30)}, "**€450** · waits for a new low"),
        ({"low": build.eur(410)}, "· was at €410"),
        ({"fare": build.eur("420.50")}, "**€420.50** · <1\N{NO-BREAK SPACE}% over €420"),
        ({"told_at": START}, f"· told <t:{int(START.timestamp())}:R>"),
        ({"seen_at": START - timedelta(hours=4)}, "· seen <t:"),
        ({"snoozed": True}, "· snoozed"),
        ({"is_news": True}, f"🔔 **London → Tokyo** {RETURN}"),
    ],
)
def test_a_line_says_how_its_route_stands(changes: dict[str, Any], said: str) -> None:
    assert f"**London → Tokyo** {RETURN} · " in text(line(**changes))
    assert said in text(line(**changes))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line()], "Nothing new since yesterday."),
        ([line(yesterday=build.eur(400))], "No alert; one fare moved."),
        ([line(told_at=START), line(told_at=START)], "I told you of 2 of them since then."),
        ([line(is_news=True, told_at=START)], "🔔 **One alert** since the last digest."),
    ],
)
def test_what_is_new_stands_above_the_lines(lines: list[Line], said: str) -> None:
    assert text(*lines).split("\n")[0] == said


def test_a_route_with_the_longest_words_there_are_is_still_one_line() -> None:
    assert text(_longest(0)).count("\n") == 2


def _longest(number: int) -> Line:
    """The most that a line can hold."""
    dear = Money(123_456_789, "KWD")
    return line(
        watch_id=WatchId(f"w{number}"),
        route=build.route(
            trip=FixedDates(date(2028, 2, 28), date(2029, 3, 5)),
            cabin=Cabin.PREMIUM_ECONOMY,
            adults=9,
            currency="KWD",
        ),
        rules=Rules(target=dear),
        fare=Money(124_456_788, "KWD"),
        yesterday=dear,
        low=Money(1, "KWD"),
        told_at=START,
        is_news=True,
        snoozed=True,
    )


def test_the_most_routes_with_the_longest_words_stay_within_discords_limits() -> None:
    longest = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    lines = [_longest(number) for number in range(25)]
    shown = digest_page(page(*lines), START, "ref 12345678", lambda code: f"{longest} {code}").embed

    assert len(shown.description or "") <= 4096
    assert len(shown) <= 6000
    assert (shown.description or "").endswith("more: `/route list`")


def test_the_most_routes_with_everyday_words_all_have_their_line() -> None:
    lines = [
        line(watch_id=WatchId(f"w{number}"), yesterday=build.eur(462), told_at=START) for number in range(25)
    ]
    said = text(*lines)

    assert said.count("London → Tokyo") == 25
    assert "more:" not in said


def test_the_phone_shows_how_many_are_at_their_targets() -> None:
    def preview(*lines: Line) -> str:
        return digest_page(page(*lines), START, "ref 1", lambda code: CITIES.get(code, code)).content

    good = line(fare=build.eur(400))
    assert preview(line()) == "Your fares today: none is at its target"
    assert preview(good, line()) == "At your target today: London → Tokyo €400"
    assert preview(good, good, line()) == "2 of your 3 routes are at their targets today"
