"""A route leads from one place to another."""

import pytest

from engine.domain.places import Place
from engine.errors import InvalidInput
from engine.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.mark.parametrize(
    ("origin", "destination"),
    [
        (Place.metro("LON"), Place.airport("LHR")),
        (Place.airport("NRT"), Place.metro("TYO")),
        (Place.airport("LHR"), Place.airport("LHR")),
    ],
)
def test_a_city_and_its_own_airport_are_no_route(
    origin: Place, destination: Place, gazetteer: Gazetteer
) -> None:
    with pytest.raises(InvalidInput) as refused:
        gazetteer.check_ends(origin, destination)
    assert refused.value.field == "destination"


def test_two_airports_of_one_city_may_be_a_route(gazetteer: Gazetteer) -> None:
    gazetteer.check_ends(Place.airport("LHR"), Place.airport("LGW"))
