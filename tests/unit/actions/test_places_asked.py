"""Several airports and cities at one end, as somebody typed them."""

import pytest

from engine.actions.asking import places
from engine.domain.places import ANYWHERE, Place
from engine.errors import InvalidInput
from engine.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("LHR", ["LHR"]),
        ("london", ["LON"]),
        ("STN, lgw", ["LGW", "STN"]),
        ("LGW or STN", ["LGW", "STN"]),
        ("Berlin / Hamburg", ["BER", "HAM"]),
        ("Berlin oder Hamburg", ["BER", "HAM"]),
        ("LON, LHR, MAN", ["LON", "MAN"]),
        ("LGW, LGW", ["LGW"]),
        ("Frankfurt am Main", ["FRA"]),
    ],
)
def test_places_are_read_by_code_and_a_city_covers_its_airports(
    gazetteer: Gazetteer, text: str, codes: list[str]
) -> None:
    assert [place.code for place in places(gazetteer, "origin", text)] == codes


def test_the_same_places_in_another_order_are_the_same(gazetteer: Gazetteer) -> None:
    assert places(gazetteer, "origin", "STN, LGW") == places(gazetteer, "origin", "LGW; STN")


@pytest.mark.parametrize("text", ["LGW, QQQ", "LGW, JKF or STN", "BER, HAM, MUC, FRA, CGN"])
def test_an_unknown_one_or_too_many_are_refused(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        places(gazetteer, "origin", text)
    assert caught.value.field == "origin"


@pytest.mark.parametrize("text", ["any", "Any", " any "])
def test_any_alone_is_anywhere_and_not_the_airport_of_that_code(gazetteer: Gazetteer, text: str) -> None:
    assert places(gazetteer, "destination", text) == (ANYWHERE,)


@pytest.mark.parametrize("text", ["ANY", "Anthony"])
def test_the_airport_is_meant_by_its_code_as_the_list_gives_it_and_by_its_city(
    gazetteer: Gazetteer, text: str
) -> None:
    assert places(gazetteer, "destination", text) == (Place.airport("ANY"),)
