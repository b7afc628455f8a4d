from collections.abc import Iterator

import pytest

from bot.languages import read_tongues
from engine.tongue import Tongue, Tongues, count, locale, number, say, speaking

GERMAN = Tongue(
    locale="de",
    texts={"Hello {name}": "Hallo {name}", "{n} route": ("{n} Strecke", "{n} Strecken")},
)


@pytest.fixture
def german() -> Iterator[None]:
    with speaking(GERMAN):
        yield


def test_english_is_said_where_nobody_set_a_tongue() -> None:
    assert say("Hello {name}", name="Ada") == "Hello Ada"
    assert locale() == "en"


@pytest.mark.usefixtures("german")
def test_a_translation_takes_the_facts_of_its_sentence() -> None:
    assert say("Hello {name}", name="{Ada}") == "Hallo {Ada}"


@pytest.mark.usefixtures("german")
def test_what_a_catalogue_lacks_is_said_in_english() -> None:
    assert say("Not there yet") == "Not there yet"


@pytest.mark.usefixtures("german")
def test_one_and_many_have_their_forms() -> None:
    assert [count(n, "{n} route", "{n} routes") for n in (0, 1, 1200)] == [
        "0 Strecken",
        "1 Strecke",
        "1.200 Strecken",
    ]


def test_the_tongue_ends_with_its_block() -> None:
    with speaking(GERMAN):
        pass
    assert locale() == "en"


def test_discords_locales_find_their_catalogue_or_english() -> None:
    tongues = Tongues({"en": Tongue(), "de": GERMAN})
    assert [tongues.of(name).locale for name in ("de", "en-GB", "fr", None)] == ["de", "en", "en", "en"]


@pytest.mark.usefixtures("german")
def test_whole_numbers_are_shown_as_their_readers_write_them() -> None:
    assert say("{made} of {most}, {share}", made=1200, most=50_000, share="1200") == "1.200 of 50.000, 1200"
    assert number(2.25, "0.0") == "2,2"


def test_the_catalogues_can_be_read() -> None:
    german = read_tongues().of("de")
    assert german.texts["Pause"] == "Pausieren"
    assert german.texts["{n} day"] == ("{n} Tag", "{n} Tage")
