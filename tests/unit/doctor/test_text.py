"""The screen: signs and words, one title per thing, plain where the terminal is plain."""

from io import BytesIO, TextIOWrapper

from engine.doctor.findings import Area, Finding, Report, State
from engine.doctor.text import print_report

OK = Finding(area=Area.SETTINGS, name="settings", state=State.OK, says="Fine.")
WRONG = Finding(area=Area.SOURCES, name="amadeus", state=State.WRONG, says="Refused.", advice="Mend it.")
BLOCKS = Finding(area=Area.SOURCES, name="sources", state=State.WRONG, says="None.", blocks=True)
TWICE = Finding(area=Area.SETTINGS, name="settings", state=State.CAREFUL, says="But look.")


def screen(*findings: Finding, encoding: str = "utf-8") -> list[str]:
    written = BytesIO()
    out = TextIOWrapper(written, encoding=encoding)
    print_report(Report.of(findings), out)
    out.flush()
    return [line.rstrip() for line in written.getvalue().decode(encoding).splitlines()]


def test_every_state_is_a_sign_and_a_word() -> None:
    assert screen(OK, WRONG) == [
        "✓ ok     Settings  Fine.",
        "",
        "✗ wrong  amadeus   Refused.",
        "                   → Mend it.",
        "",
        "Usable, though something is marked wrong.",
    ]


def test_what_blocks_makes_it_unusable() -> None:
    assert screen(OK, BLOCKS)[-1] == "Not usable yet: mend what is marked wrong."


def test_a_second_finding_of_the_same_thing_has_no_title() -> None:
    assert screen(OK, TWICE)[:2] == ["✓ ok       Settings  Fine.", "! careful            But look."]


def test_a_terminal_without_these_signs_gets_plain_ones() -> None:
    assert screen(WRONG, encoding="ascii")[:2] == [
        "x wrong  amadeus  Refused.",
        "                  -> Mend it.",
    ]


def test_the_areas_stand_in_their_order() -> None:
    assert [found.area for found in Report.of([WRONG, OK]).findings] == [Area.SETTINGS, Area.SOURCES]
