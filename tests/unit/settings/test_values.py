from datetime import timedelta

import pytest

from engine.alerts.phones import new_key
from engine.settings import values

WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "seconds"), [("2s", 2), ("15m", 900), ("1h", 3600), ("1d", 86400), ("15 M", 900)]
)
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert values.duration(timedelta(0), WEEK)(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "15", "m", "1.5h", "-1s", "1w", "1h30m", "8d"])
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"unit|from"):
        values.duration(timedelta(0), WEEK)(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+4915112345678", "+4915112345678"),
        ("+49 (1511) 234-5678", "+4915112345678"),
        ("0049 1511 2345678", "+4915112345678"),
        ("+91 98765 43210", "+919876543210"),
        ("+15005550006", "+15005550006"),
    ],
)
def test_a_phone_number_is_set_right(text: str, number: str) -> None:
    assert values.phone_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "01511 2345678", "+49", "+1 800 FLOWERS", "+999 1234567", "+4912", "n/a"]
)
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="country code"):
        values.phone_number(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://api.example.com/", "https://api.example.com"),
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081"),
    ],
)
def test_a_base_url_is_scheme_and_host(text: str, url: str) -> None:
    assert values.base_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        "api.example.com",
        "ftp://x.y",
        "https://",
        "https://h/v1",
        "https://h?x",
        "https://h:99999",
        "https://[h",
    ],
)
def test_other_base_urls_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must|give"):
        values.base_url(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://api.tequila.kiwi.com",
        "[https://api.tequila.kiwi.com](https://api.tequila.kiwi.com)",
        "[here](<https://api.tequila.kiwi.com/>)",
    ],
)
def test_an_endpoint_is_taken_out_of_a_markdown_link(text: str) -> None:
    assert values.endpoint(text) == "https://api.tequila.kiwi.com"


def test_names_are_known_and_counted_once() -> None:
    assert values.names(("a", "b"))(" B, a,b") == ("b", "a")


@pytest.mark.parametrize(("text", "value"), [("true", True), ("No", False), ("1", True), ("off", False)])
def test_yes_and_no_are_read(text: str, value: bool) -> None:
    assert values.yes_or_no(text) is value


def test_countries_are_iso_codes_in_any_case() -> None:
    assert values.countries("de, AT,de") == ("DE", "AT")


@pytest.mark.parametrize("text", [",", "UK", "DE,Germany", "49", "EU"])
def test_other_countries_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="two-letter"):
        values.countries(text)


def test_several_keys_are_a_comma_list() -> None:
    first, second = new_key(), new_key()
    assert values.keys(f"{first}, {second},") == f"{first},{second}"


@pytest.mark.parametrize("text", ["", ",", "short", "Q" * 43, "Q" * 44 + "=", "Q" * 42 + "!="])
def test_other_keys_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(ValueError, match="fare-engine keys") as refused:
        values.keys(text)
    assert "QQ" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("ntfy://my-topic", ("ntfy://my-topic",)),
        ("ntfy://a, json://b/c?d=e,f , mailto://x", ("ntfy://a", "json://b/c?d=e,f", "mailto://x")),
        ("ntfy://a\nntfys://b ntfy://a", ("ntfy://a", "ntfys://b")),
        ("mailto://u:p@x?to=a@y,b@z,", ("mailto://u:p@x?to=a@y,b@z",)),
    ],
)
def test_addresses_of_apprise_are_parted_where_the_next_scheme_begins(
    text: str, urls: tuple[str, ...]
) -> None:
    assert values.apprise_urls(installed=True)(text) == urls


@pytest.mark.parametrize("text", ["my-topic", "ntfy:/a", "ntfy://", "canary, ntfy://b", "://x"])
def test_what_is_no_address_of_apprise_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="comma list") as refused:
        values.apprise_urls(installed=True)(text)
    assert "canary" not in str(refused.value)


def test_without_apprise_what_to_install_is_named() -> None:
    with pytest.raises(ValueError, match=r"fare-engine\[apprise\]"):
        values.apprise_urls(installed=False)("ntfy://my-topic")
