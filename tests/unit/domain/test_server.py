"""Who may add routes in a server, and how many."""

import pytest

from engine.domain.server import Server, Standing

FLYERS, PILOTS = "71", "72"


@pytest.mark.parametrize(
    ("watchers", "roles", "manages", "admitted"),
    [
        ((), (), False, True),
        ((FLYERS,), (), False, False),
        ((FLYERS,), (PILOTS,), False, False),
        ((FLYERS, PILOTS), (PILOTS,), False, True),
        ((FLYERS,), (), True, True),
    ],
)
def test_without_roles_everybody_may_and_else_who_has_one_or_manages(
    watchers: tuple[str, ...], roles: tuple[str, ...], manages: bool, admitted: bool
) -> None:
    server = Server(id="5", watchers=watchers)

    assert server.admits(Standing(roles=frozenset(roles), manages=manages)) is admitted


@pytest.mark.parametrize(
    ("everybody", "by_role", "roles", "most"),
    [
        (None, {}, (), None),
        (3, {}, (FLYERS,), 3),
        (3, {FLYERS: 10, PILOTS: 5}, (), 3),
        (3, {FLYERS: 10, PILOTS: 5}, (PILOTS,), 5),
        (3, {FLYERS: 10, PILOTS: 5}, (PILOTS, FLYERS), 10),
        (3, {FLYERS: 0}, (FLYERS,), 0),
        (None, {FLYERS: 1}, (), None),
    ],
)
def test_the_most_generous_of_ones_roles_counts(
    everybody: int | None, by_role: dict[str, int], roles: tuple[str, ...], most: int | None
) -> None:
    server = Server(id="5", most_routes=everybody, most_by_role=by_role)

    assert server.most_for(Standing(roles=frozenset(roles))) == most
