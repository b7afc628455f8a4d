"""A look of which some searches failed can bring a price down, never up."""

from engine.domain.alert import Reason
from engine.domain.judgement import Look
from engine.domain.suspicion import history_total
from tests.support import build
from tests.support.judging import HALF_HOUR, Watching


def partial(watching: Watching, total: int) -> Reason:
    """A look that lacks some of its searches, half an hour later."""
    watching.now += HALF_HOUR
    quotes = watching.quotes(total).quotes
    return watching.judge(build.outcome(*quotes, at=watching.now, partial=True)).reason


def test_a_cheap_fare_among_what_came_is_told() -> None:
    watching = Watching()
    watching.see(450)

    assert partial(watching, 400) is Reason.ALERT


def test_a_dearer_fare_neither_edits_a_post_nor_ends_an_alert() -> None:
    watching = Watching()
    watching.see(450)
    watching.see(400)
    before = watching.state

    assert [partial(watching, 500), partial(watching, 500)] == [Reason.UNUSABLE_OUTCOME] * 2
    assert watching.state == before
    assert watching.see(500).reason is Reason.ABOVE


def test_a_dearer_fare_enters_no_history() -> None:
    watching = Watching()
    last = watching.quotes(450).quotes[0]

    def counted(total: int) -> object:
        outcome = build.outcome(*watching.quotes(total).quotes, partial=True)
        look = Look(route=watching.route, outcome=outcome, at=watching.now)
        return history_total(look, watching.past, last, watching.now)

    assert counted(500) is None
    assert counted(440) is not None
