"""What owners read about their routes besides fares, read aloud."""

from datetime import UTC, datetime

import pytest

from bot.present.news import words
from bot.present.settings import shown
from engine.domain.news import Failing, News, PlaceGone, RemovedByManagers, SheetTrouble, Working
from engine.domain.server import Server

SINCE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ROUTE = "London → Tokyo"


def read(news: News) -> str:
    said = words(news, ROUTE)
    return "\n".join([said.headline, *said.lines])


def test_one_route_that_fails_is_named_with_why_and_since_when() -> None:
    said = read(Failing(routes=1, since=SINCE, outcome="unreachable", detail="timeout"))

    assert said.startswith("No fares for London → Tokyo\nIt began <t:")
    assert "The source of fares does not answer (timeout)." in said
    assert "one of them" not in said
    assert "I keep trying and tell you when it works again." in said


def test_of_several_one_is_named_and_the_number_is_said() -> None:
    said = read(Failing(routes=3, since=SINCE, outcome="blocked"))

    assert "No fares for 3 of your routes" in said
    assert "London → Tokyo is one of them." in said
    assert "asks me to slow down." in said


@pytest.mark.parametrize("outcome", ["quota", "malformed", "rejected", "", "something new"])
def test_every_outcome_has_its_words(outcome: str) -> None:
    said = read(Failing(routes=1, since=SINCE, outcome=outcome, detail="<@1> **x**"))

    assert "source of fares" in said
    assert "<@" not in said


def test_that_it_works_again_says_how_many_do_not_yet() -> None:
    assert read(Working(routes=1)).startswith("Fares for London → Tokyo again")
    assert "still" not in read(Working(routes=1))
    assert "Fares for 2 of your routes again" in read(Working(routes=2, failing=1))
    assert "1 route still has none." in read(Working(routes=2, failing=1))


def test_a_place_that_is_gone_says_how_to_go_on() -> None:
    assert read(PlaceGone(channel_id="9", routes=1)).startswith("London → Tokyo rests")
    assert "`/route resume` in another channel, or here, goes on there." in read(
        PlaceGone(channel_id="9", routes=2)
    )


def test_a_removal_says_by_whom_and_what_stays_possible() -> None:
    said = read(RemovedByManagers(channel_id="9"))

    assert "Somebody who manages the server removed your route in <#9>. I have stopped looking." in said
    assert "**where: Direct message**" in said


def test_a_sheet_names_its_rows_without_what_they_could_render() -> None:
    said = read(SheetTrouble(faults=("row 4: I know no city <@1>",), more=2))

    assert "- row 4: I know no city 1" in said
    assert "- and 2 more" in said
    assert "I can read it again, all of it." in read(SheetTrouble())
    assert "I cannot read it: gone." in read(SheetTrouble(unread="gone"))


def test_the_fullest_settings_fit_into_one_message() -> None:
    ids = tuple(str(18446744073709551600 + n) for n in range(10))
    server = Server(
        id=ids[0],
        channel_id=ids[0],
        currency="EUR",
        timezone="America/Argentina/ComodRivadavia",
        most_by_role=dict.fromkeys(ids, 500),
        watchers=ids,
        ping_role_id=ids[0],
        admin_channel_id=ids[0],
    )

    made = shown(server, home_currency="EUR", most_routes=500, news="Saved: " + "x" * 200)

    assert len(made) <= 6000
    assert all(len(field.value or "") <= 1024 for field in made.fields)
    assert "…" not in "".join(field.value or "" for field in made.fields)
