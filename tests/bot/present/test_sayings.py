"""What the engine says is read in the language of its reader, also where it was stored in English."""

from collections.abc import Iterator
from datetime import date

import pytest

from bot import whys as discords
from bot.languages import read_tongues
from bot.present.reasons import reason
from bot.present.sayings import said
from engine.domain import details, whys
from engine.domain.caps import Cap, Caps, in_words
from engine.saying import Country, Day, Listed, Part, counted, recognised, saying
from engine.tongue import Tongues, speaking
from tests.support.sentences import PHRASEBOOKS, engine_templates

TONGUES: Tongues = read_tongues()
ON = date(2027, 3, 12)


@pytest.fixture
def german() -> Iterator[None]:
    with speaking(TONGUES.of("de")):
        yield


def test_in_english_days_are_written_as_people_write_them() -> None:
    assert said(saying("{day} is in the past; today is {today}.", day=date(2026, 3, 9), today=ON)) == (
        "9 Mar 2026 is in the past; today is 12 Mar 2027."
    )


@pytest.mark.usefixtures("german")
def test_a_day_and_its_weekday_are_written_as_german_has_them() -> None:
    asked = saying(
        "{day} is a {weekday}; which of the two do you mean?", day=ON, weekday=Day(ON, Part.WEEKDAY)
    )
    assert said(asked) == "Der 12. März 2027 ist ein Freitag; welchen von beiden meinst du?"


@pytest.mark.usefixtures("german")
def test_a_phrase_within_a_sentence_is_said_in_its_own_right() -> None:
    fault = saying(
        "No way back fits: {stay} after the departure is not in the days of your return.",
        stay=counted(1_200, "{n} night", "{n} nights"),
    )
    assert "1.200 Nächte nach der Abreise" in said(fault)


@pytest.mark.usefixtures("german")
def test_countries_and_what_joins_them_have_their_german_names() -> None:
    allowed = Listed((Country("DE", "Germany"), Country("AT", "Austria")))
    only = saying("Texts go to numbers of {countries} only; whoever runs me decides that.", countries=allowed)
    assert "Deutschland und Österreich" in said(only)


@pytest.mark.usefixtures("german")
def test_a_reason_stored_in_english_is_read_in_german() -> None:
    why = whys.GIVEN_UP.format(tries=8, why=whys.TWILIO_SAYS.format(code=30003, meaning=whys.TWILIO[30003]))
    assert reason(why) == "nach 8 Versuchen aufgegeben: Twilio 30003: das Handy ist nicht erreichbar"
    assert reason(str(in_words(Cap.MEMBER, Caps(member=3)))) == "deine 3 SMS von heute sind verbraucht"
    assert reason(str(in_words(Cap.MEMBER, Caps(member=1)))) == "deine eine SMS von heute ist verbraucht"


@pytest.mark.usefixtures("german")
def test_what_nobody_knows_is_left_as_it_was_reason() -> None:
    assert reason("the moon was in the way") == "the moon was in the way"
    assert said("row 3: as an older version kept it") == "row 3: as an older version kept it"


def test_every_reason_is_recognised_by_its_own_template() -> None:
    books = {
        text for book in (whys, discords, details) for text in vars(book).values() if isinstance(text, str)
    }
    templates = [text for text in engine_templates() if text in books | set(whys.TWILIO.values())]
    assert len(templates) > 80
    facts = {"tries": 8, "why": "x", "kind": "sms", "fault": "y", "what": "z", "time": "12:00"}
    facts |= {"code": 7, "meaning": "m", "status": 500, "searches": 30, "most": 20, "failed": 2, "calls": 250}
    facts |= {"currency": "XXX", "place": "ZZZ"}
    for template in templates:
        known = recognised(template.format(**facts), templates)
        assert known is not None
        assert known.template == template


def test_the_books_of_reasons_are_among_what_a_catalogue_holds() -> None:
    assert "bot/whys.py" in PHRASEBOOKS
    assert discords.LOCKED in engine_templates()
