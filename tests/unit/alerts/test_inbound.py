"""What a phone says: a STOP in any words, a START in its very word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.alerts.inbound import Word, word_of

STOPS = "STOP STOPALL UNSUBSCRIBE END QUIT REVOKE OPTOUT CANCEL".split()
STARTS = "START UNSTOP YES".split()


@pytest.mark.parametrize("word", STOPS)
@pytest.mark.parametrize("form", ["{}", "{}!!", " '{}.' ", "\n{}\u200b", "please {}", "{} now, please"])
def test_each_word_of_twilios_list_is_a_stop_however_it_is_written(word: str, form: str) -> None:
    for written in (word, word.lower(), word.title()):
        assert word_of(form.format(written)) is Word.STOP


@pytest.mark.parametrize(
    "body",
    [
        "stop texting me",
        "Please stop sending me these messages.",
        "STOP!!! who is this??",
        "pls STOP",
        "i want to opt out",
        "Opt-out",
        "opt me out please",
        "don't text me",
        "Don\u2019t text me again",
        "do not contact me anymore",
        "No more texts",
        "no more flight alerts please",
        "cancel my alerts",
        "end all these texts",
        "remove me",
        "Remove my number from your list",
        "take me off this list",
        "leave me alone",
        "unsubscribe me from this",
        "I revoke my consent",
        "Stopp",
        "Bitte keine SMS mehr",
        "ARRÊT",
        "I don't want this, stop it",
        "\uff33\uff34\uff2f\uff30",
    ],
)
def test_a_stop_is_read_out_of_a_sentence(body: str) -> None:
    assert word_of(body) is Word.STOP


@pytest.mark.parametrize(
    "body",
    [
        "",
        "?",
        "Thanks!",
        "thank you",
        "is that nonstop?",
        "non-stop or 1 stop?",
        "One stop is fine",
        "how long is the stopover",
        "with 2 stops",
        "don't stop",
        "Do not stop, I like these",
        "never stop",
        "yes please book it",
        "yes, thanks",
        "Start when?",
        "when does it end",
        "can I cancel the flight later?",
        "help me find a hotel",
        "weekend",
    ],
)
def test_other_talk_is_neither(body: str) -> None:
    assert word_of(body) is None


@pytest.mark.parametrize("word", STARTS)
def test_a_start_is_its_very_word(word: str) -> None:
    assert word_of(f" {word.lower()}. ") is Word.START
    assert word_of(f"{word} sending") is None


@pytest.mark.parametrize("word", ["HELP", "info", "Help!"])
def test_help_is_asked_for_by_its_word(word: str) -> None:
    assert word_of(word) is Word.HELP


@pytest.mark.parametrize("kind", ["STOP", "START", "HELP", "stop"])
def test_twilios_own_reading_goes_first(kind: str) -> None:
    assert word_of("whatever", kind) is Word[kind.upper()]


def test_an_unknown_reading_of_twilio_leaves_it_to_ours() -> None:
    assert word_of("stop", "SOMETHING") is Word.STOP


@given(body=st.text(max_size=400), kind=st.none() | st.text(max_size=8))
def test_any_body_is_read_without_a_fault(body: str, kind: str | None) -> None:
    assert word_of(body, kind) in (None, *Word)


@given(before=st.text("abc ,.", max_size=20), after=st.text("abc ,.", max_size=20))
def test_a_start_beside_a_stop_is_a_stop(before: str, after: str) -> None:
    assert word_of(f"{before} stop {after} start") is Word.STOP
