"""The post that tells finds of a route to anywhere: the five cheapest, what is over, within the limits."""

import msgspec

from bot.present.alert import told
from bot.present.embeds import Tone
from engine.domain.alert import Confirmation, Notification, NotificationKind, Reason
from engine.domain.storms import list_of
from engine.domain.watch import Destination, DestinationKind
from tests.support.finds import PLACE, line, post, subject

CITIES = {"LON": "London", "FAO": "Faro", "DUB": "Dublin", "OPO": "Porto"}
LONGEST = 4096


def cities(code: str) -> str:
    return CITIES.get(code, code)


def long_names(code: str) -> str:
    return f"Llanfairpwllgwyngyllgogerychwyrndrobwllll {code}"


def body(of: Notification) -> str:
    return told(of, cities).embed.description or ""


def test_a_line_says_where_to_what_it_costs_who_flies_and_where_to_book() -> None:
    link = "https://www.aviasales.com/search/STN1003FAO24031?t=(1)"
    got = told(post({"DUB": 35}, line("FAO", 29, quoted={"link": link})), cities)

    assert got.content == "<@1001> London → Faro €29 and 1 more"
    assert got.embed.title == "London → Faro €29 and 1 more, under your €40"
    lines = (got.embed.description or "").splitlines()
    assert lines[0] == "**Wed 10 \N{EN DASH} Wed 24 March 2027 · 14 nights**"
    assert lines[2] == (
        "**London → Faro €29**, under your €40 · Ryanair, nonstop · "
        "[Book ↗](https://www.aviasales.com/search/STN1003FAO24031?t=%281%29)"
    )
    assert lines[3].startswith(
        "**London → Dublin €35**, under your €40 · Ryanair, nonstop · [Search ↗](https://"
    )
    assert got.embed.colour is not None
    assert got.embed.colour.value == Tone.GOOD


def test_more_than_five_are_counted() -> None:
    said = body(post({f"A{letter}A": 20 + place for place, letter in enumerate("BCDEFGH")}))

    assert "LON → AFA" not in said
    assert "London → AFA €24" in said
    assert "AGA" not in said
    assert "\nand 2 more: `/route show`\n" in said


def test_what_is_not_confirmed_says_so() -> None:
    said = body(post({}, line("FAO", 29, confirmation=Confirmation.UNCONFIRMED)))

    assert "⚠️ not confirmed" in said


def test_what_is_over_stands_below_what_still_is_and_is_no_title() -> None:
    gone = line("DUB", 60, subject(reason=Reason.RECOVERED, lived_s=3 * 3600))
    got = told(post({"FAO": 29}, gone, kind=NotificationKind.EDIT), cities)

    assert got.embed.title == "London → Faro €29, under your €40"
    standing, over = (got.embed.description or "").split("London → Dublin: gone after 3 h, now €60")
    assert "**London → Faro €29**" in standing
    assert "London" not in over


def test_what_has_risen_is_no_more_of_what_is_so_cheap() -> None:
    risen = line("DUB", 55, subject(reason=Reason.ABOVE))
    got = told(post({"FAO": 29}, risen, kind=NotificationKind.EDIT), cities)

    assert got.embed.title == "London → Faro €29, under your €40"
    assert "**London → Dublin €55**, above your €40" in (got.embed.description or "")


def test_when_all_of_it_is_over_it_says_so() -> None:
    gone = line("FAO", None, subject(reason=Reason.GONE, lived_s=3600))
    got = told(post({}, gone, kind=NotificationKind.EDIT), cities)

    assert got.embed.title == "London → anywhere: none is so cheap any more"
    assert got.embed.colour is not None
    assert got.embed.colour.value == Tone.PAST


def test_who_left_is_named_in_no_line() -> None:
    ada, ben = subject(1001, left=True), subject(1002, target=30)
    got = told(post({}, line("FAO", 29, ada, ben), line("DUB", 35, ada)), cities)

    assert got.content == "<@1002> London → Faro €29"
    assert "Dublin" not in (got.embed.description or "")


def test_when_everybody_left_it_stands_still() -> None:
    got = told(post({}, line("FAO", 29, subject(left=True))), cities)

    assert not got.followed
    assert got.content == "London → Faro €29"


def test_a_direct_message_names_nobody() -> None:
    direct = Destination(DestinationKind.DM, "1001")
    got = told(msgspec.structs.replace(post({"FAO": 29}), destination=direct), cities)

    assert (got.content, got.pinged) == ("London → Faro €29, under your €40", ())


def test_the_longest_words_and_links_fit() -> None:
    link = "https://www.aviasales.com/search/" + "x" * 470
    members = [subject(10**18 + number, target=40 + number) for number in range(75)]
    lines = [line(f"X{letter}X", 21, *members, quoted={"link": link}) for letter in "ABCDEFGH"]
    over = [
        line(f"Y{letter}Y", 90, subject(reason=Reason.RECOVERED, lived_s=9999999)) for letter in "ABCDEFGH"
    ]

    got = told(post({}, *lines, *over), long_names)

    assert len(got.content) <= 2000
    assert len(got.embed.title or "") <= 256
    assert len(got.embed.description or "") <= LONGEST
    assert "…" not in (got.embed.description or "")  # nothing is cut off
    assert got.link is not None
    assert len(got.link.url) <= 512


def test_a_post_in_a_list_of_many_alerts_is_one_line() -> None:
    listed = list_of([post({"FAO": 29, "DUB": 35})])

    assert listed.destination == PLACE
    assert "**London → Faro €29 and 1 more**, under €40" in body(listed)
