"""Of a sweep to anywhere the cheapest few to each destination, and how far that reaches."""

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.finds import by_place, cheapest_each, place_of
from engine.domain.places import ANYWHERE, Place
from engine.domain.quote import Quote
from tests.support.build import eur, quote, route

SWEEP = route(destination=ANYWHERE)
FARES = st.lists(st.tuples(st.sampled_from("FAO DUB OPO BGY TLV".split()), st.integers(10, 60)), max_size=30)


def to(code: str, total: int) -> Quote:
    return quote(total, SWEEP, slices=(), ends=(SWEEP.origin, Place.airport(code)))


def test_what_does_not_say_where_it_leads_is_no_find() -> None:
    assert cheapest_each([quote(30, SWEEP)], most=5, of_each=1) == ([], None)


def test_more_places_than_are_kept_say_how_far_the_others_are() -> None:
    kept, reaches = cheapest_each([to("FAO", 20), to("DUB", 25), to("OPO", 30)], most=2, of_each=3)

    assert [place.code for each in kept if (place := place_of(each))] == ["FAO", "DUB"]
    assert reaches == eur("29.99")


def test_a_shorter_reach_of_the_reply_stands() -> None:
    quotes = [to("FAO", 20), to("DUB", 25), to("OPO", 30)]

    assert cheapest_each(quotes, most=2, of_each=1, reaches=eur(27))[1] == eur(27)


@given(FARES, st.integers(1, 6), st.integers(1, 3))
def test_whatever_is_within_reach_is_there(fares: list[tuple[str, int]], most: int, of_each: int) -> None:
    quotes = sorted((to(code, total) for code, total in fares), key=lambda each: each.total)
    cheapest = {code: min(total for other, total in fares if other == code) for code, _ in fares}

    kept, reaches = cheapest_each(quotes, most=most, of_each=of_each)

    found = by_place(kept)
    assert len(found) <= most
    assert all(len(each) <= of_each for each in found.values())
    assert all(found[code][0].total == eur(cheapest[code]) for code in found)
    for code in cheapest.keys() - found.keys():
        assert reaches is not None
        assert eur(cheapest[code]) > reaches
