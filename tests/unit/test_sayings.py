"""What the engine says: templates that catalogues can hold, sentences in English for everybody else."""

import ast
from datetime import date

import msgspec
import pytest

from engine.errors import InvalidInput, RouteListFault
from engine.saying import Country, Day, Listed, Part, Saying, counted, saying
from tests.support.sentences import ROOT, Written, engine_templates, written

ON = date(2027, 3, 12)

# Where a template comes in from outside: the classes that hand it on.
HANDED_ON = ("engine/errors.py:", "engine/routelists/ports.py:")


def places() -> list[Written]:
    return [place for place in written() if not place.where.startswith(HANDED_ON)]


@pytest.mark.parametrize("place", places(), ids=lambda place: place.where)
def test_a_sentence_is_a_constant_that_names_just_the_facts_that_come_with_it(place: Written) -> None:
    assert None not in place.templates
    assert place.facts - {"n"} <= place.named <= place.facts


def test_the_sentences_of_the_engine_can_be_collected() -> None:
    known = engine_templates()
    assert "An amount must be above zero, not {typed}." in known
    assert known["You asked for {n} code within an hour. Try again later."] == (
        "You asked for {n} codes within an hour. Try again later."
    )
    assert "its channel was deleted" in known
    assert len(known) > 150


def test_a_fault_is_said_in_english_where_nobody_translates_it() -> None:
    fault = InvalidInput("depart", "{day} is in the past; today is {today}.", day=date(2026, 3, 9), today=ON)
    assert fault.sentence == str(fault) == "2026-03-09 is in the past; today is 2027-03-12."
    assert fault.facts == {"day": Day(date(2026, 3, 9)), "today": Day(ON)}


def test_a_fault_may_tell_what_was_said_elsewhere() -> None:
    fault = InvalidInput.of("route", saying("You may add no routes."), suggestions=["a"])
    assert (fault.field, str(fault), fault.suggestions) == ("route", "You may add no routes.", ("a",))
    assert str(RouteListFault("it has {filled} rows", filled=12_000)) == "it has 12,000 rows"


def test_one_and_many_are_said_apart() -> None:
    assert [str(counted(n, "{n} night", "{n} nights")) for n in (0, 1, 2_000)] == [
        "0 nights",
        "1 night",
        "2,000 nights",
    ]


def test_facts_read_as_english_has_them() -> None:
    assert str(Day(ON, Part.WEEKDAY)) == "Friday"
    assert str(Day(ON, Part.MONTH)) == "March"
    assert str(Listed(("BA", "LH", Country("DE", "Germany")))) == "BA, LH and Germany"
    assert str(Listed(("BA", "LH"), either=True)) == "BA or LH"
    assert str(Listed(("BA",))) == "BA"
    assert str(Listed(())) == ""


def test_what_was_typed_is_no_template() -> None:
    assert InvalidInput("f", "I cannot read {typed}.", typed="{n.__class__}").sentence == (
        "I cannot read {n.__class__}."
    )


def test_what_is_said_twice_is_one_in_a_set() -> None:
    once, again = (saying("{a} and {b}", **facts) for facts in ({"a": 1, "b": 2}, {"b": 2, "a": 1}))
    assert {once, again} == {once}


def test_a_saying_is_stored_as_plain_data() -> None:
    told = saying(
        "row {row}: {what}", row=3, what=saying("{day} or {codes}", day=ON, codes=Listed(("A", "B")))
    )
    assert msgspec.json.decode(msgspec.json.encode(told), type=Saying) == told


# What makes reasons that are stored, and where one stands among the arguments.
REASONS = {"_later": 0, "_never": 0, "_closed": 0, "_not_yet": 0}


def reasons() -> list[tuple[str, ast.expr]]:
    """Each reason that the engine or Discord's lane gives, with its place."""
    found = []
    for path in sorted([*(ROOT / "engine/alerts").rglob("*.py"), *(ROOT / "bot").glob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            given = [each.value for each in node.keywords if each.arg == "why"]
            at = REASONS.get(node.func.id)
            if at is not None and len(node.args) > at:
                given.append(node.args[at])
            found += [(f"{path.relative_to(ROOT)}:{node.lineno}", each) for each in given]
    return found


def test_a_reason_that_is_stored_comes_from_the_book_of_reasons() -> None:
    assert len(reasons()) > 40
    assert [where for where, why in reasons() if isinstance(why, (ast.Constant, ast.JoinedStr))] == []
