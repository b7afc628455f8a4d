"""What no live source can price exactly of a route: said when it is added."""

import pytest

from engine.domain.filters import Filter
from engine.domain.quote import Outcome, SourceKind
from engine.domain.route import Hours, Route
from engine.fares.abilities import Abilities
from engine.fares.certainty import Doubt, doubt
from engine.fares.ports import Source
from tests.support import build


class Named:
    """A source of which only the abilities count; nobody asks it."""

    def __init__(self, name: str, abilities: Abilities, kind: SourceKind = SourceKind.LIVE) -> None:
        self.name = name
        self.abilities = abilities
        self.kind = kind

    async def search(self, route: Route) -> Outcome:
        raise AssertionError(route)


ALL = Named("ignav", Abilities(shows=frozenset(Filter)))
SOME = Named("serpapi", Abilities())
ONE_ADULT = Named("kiwi", Abilities(party=False, shows=frozenset(Filter)))
CACHED = Named("travelpayouts", Abilities(party=False), SourceKind.CACHED)


@pytest.mark.parametrize("sources", [[], [ALL], [SOME], [CACHED, ALL], [CACHED, SOME]])
def test_nothing_is_said_where_every_live_source_can_price_the_route(sources: list[Source]) -> None:
    assert doubt(sources, build.route(max_stops=0)) is None


def test_without_a_live_source_nothing_can_be_confirmed() -> None:
    assert doubt([CACHED], build.route()) == Doubt()


def test_a_filter_that_one_source_cannot_answer_is_left_to_the_others() -> None:
    assert doubt([CACHED, SOME, ALL], build.route(bags=1)) == Doubt(
        able=("ignav",), unable=("serpapi",), filters=frozenset({Filter.BAGS})
    )


def test_a_party_is_left_to_who_prices_all_of_it() -> None:
    two = build.route(adults=2)
    assert doubt([ONE_ADULT, ALL], two) == Doubt(able=("ignav",), unable=("kiwi",), party=True)
    assert doubt([ONE_ADULT], two) == Doubt(unable=("kiwi",), party=True)
    assert doubt([ONE_ADULT], build.route()) is None


def test_a_source_is_counted_once_however_often_it_is_asked() -> None:
    assert doubt([SOME, SOME], build.route(bags=1)) == Doubt(
        unable=("serpapi",), filters=frozenset({Filter.BAGS})
    )


def test_what_the_route_does_not_narrow_needs_no_answer() -> None:
    blind = Named("blind", Abilities(shows=frozenset()))
    assert doubt([blind], build.route()) is None
    found = doubt([blind], build.route(airlines=("BA",), out_hours=Hours(360, 720)))
    assert found is not None
    assert found.filters == {Filter.AIRLINES, Filter.HOURS}
