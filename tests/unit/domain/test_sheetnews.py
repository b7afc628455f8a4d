"""What is news about a linked sheet, reading by reading."""

from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.news import SheetTrouble
from engine.domain.server import Sheet
from engine.domain.sheetnews import sheet_news
from engine.saying import saying
from tests.support.clock import START

SHEET = Sheet(link="a link", name="server:1:sheet:2", linked_at=START)
FIVE = timedelta(minutes=5)


def told(*readings: str | tuple[str, ...]) -> list[SheetTrouble | None]:
    """The news of readings five minutes apart: a word is why one failed, a tuple the faults of its rows."""
    sheet, news = SHEET, []
    for number, reading in enumerate(readings):
        failed = isinstance(reading, str)
        why = reading if isinstance(reading, str) else None
        faults = sheet.faults if failed or isinstance(reading, str) else reading
        now = msgspec.structs.replace(sheet, why=why, faults=faults)
        sheet, what = sheet_news(sheet, now, START + number * FIVE)
        news.append(what)
    return news


def test_a_sheet_that_fails_for_a_moment_is_no_news() -> None:
    assert told((), "timeout", "timeout", (), "timeout", ()) == [None] * 6


def test_one_that_stays_unreadable_is_told_once_and_once_that_it_is_over() -> None:
    news = told(*["gone"] * 12, ())

    assert [what for what in news if what] == [SheetTrouble(unread="gone"), SheetTrouble()]
    assert news.index(SheetTrouble(unread="gone")) == 6


def test_each_faulty_row_is_told_once_while_it_stays_so() -> None:
    assert told(("row 2",), ("row 2",), ("row 2", "row 5"), ("row 5",), ("row 2",)) == [
        SheetTrouble(faults=("row 2",)),
        None,
        SheetTrouble(faults=("row 5",)),
        None,
        SheetTrouble(faults=("row 2",)),
    ]


def test_of_many_faults_ten_are_named() -> None:
    (news,) = told(tuple(f"row {n}" for n in range(12)))

    assert news is not None
    assert (len(news.faults), news.more) == (10, 2)


@given(st.lists(st.sampled_from(["timeout", "private", ""]), max_size=60))
def test_trouble_and_its_end_take_turns(readings: list[str]) -> None:
    news = [what for what in told(*(each or () for each in readings)) if what]

    assert [bool(what.unread) for what in news] == [turn % 2 == 0 for turn in range(len(news))]


def test_what_an_older_version_kept_as_text_is_read_and_is_no_news_when_it_is_a_saying_now() -> None:
    stored = (
        b'{"link": "x", "name": "n", "linked_at": "2026-11-22T12:00:00Z", '
        b'"why": "gone", "faults": ["row 2: no"]}'
    )
    before = msgspec.json.decode(stored, type=Sheet)
    now = msgspec.structs.replace(before, why=None, faults=(saying("row {row}: {what}", row=2, what="no"),))

    read, news = sheet_news(before, now, START)

    assert (before.why, news) == ("gone", None)
    assert msgspec.json.decode(msgspec.json.encode(read), type=Sheet) == read
