"""How the text of a setting becomes its value.

Each reader raises ValueError with half a sentence that says what to write; it never repeats the text,
since that may be a secret put into the wrong line.
"""

import base64
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit

from engine.web.listening import Bind

_DURATION: Final = re.compile(r"(\d{1,6})\s*(s|m|h|d)")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_MARKDOWN_LINK: Final = re.compile(r"\[[^\]]*\]\(\s*<?([^)>\s]+)>?\s*\)")
_PHONE: Final = re.compile(r"(?:\+|00)[\d\s()./-]{6,25}")
_YES: Final = frozenset({"true", "yes", "on", "1"})
_NO: Final = frozenset({"false", "no", "off", "0"})
_KEY_BYTES: Final = 32
_PORTS: Final = 65_536
_LONGEST_RANGE: Final = 200
_SNOWFLAKE: Final = re.compile(r"\d{15,20}")


def duration(at_least: timedelta, at_most: timedelta) -> Callable[[str], timedelta]:
    """A reader of `2s`, `15m`, `1h` or `1d` between two bounds, both allowed."""

    def read(text: str) -> timedelta:
        found = _DURATION.fullmatch(text.lower())
        if found is None:
            raise ValueError("write a number and a unit, such as 30s, 15m or 1h")
        value = timedelta(**{_UNITS[found[2]]: int(found[1])})
        if not at_least <= value <= at_most:
            raise ValueError(f"must be from {_spelled(at_least)} to {_spelled(at_most)}")
        return value

    return read


# `2s` is legal: a demonstration, or a source of one's own.
check_interval: Final = duration(timedelta(seconds=1), timedelta(days=30))


def _spelled(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def whole(at_least: int, at_most: int) -> Callable[[str], int]:
    """A reader of whole numbers between two bounds, both allowed."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not at_least <= int(text) <= at_most:
            raise ValueError(f"must be a whole number from {at_least} to {at_most}")
        return int(text)

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """A reader of one of a few words, in any case."""

    def read(text: str) -> str:
        for word in words:
            if text.lower() == word.lower():
                return word
        raise ValueError(f"must be one of {', '.join(words)}")

    return read


def yes_or_no(text: str) -> bool:
    """`true` or `false`, also yes/no, on/off, 1/0."""
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError("must be true or false")


def snowflake(text: str) -> int:
    """A Discord id."""
    if not _SNOWFLAKE.fullmatch(text):
        raise ValueError("must be a Discord id, 15 to 20 digits (developer mode, Copy ID)")
    return int(text)


def place_code(text: str) -> str:
    """An airport or city code; whether the place exists is known where routes are read."""
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise ValueError("must be a three-letter airport or city code, such as HYD or LON")
    return text.upper()


def base_url(text: str) -> str:
    """Scheme and host, a port if need be, nothing else; without the last slash."""
    parts = _http(text)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("give scheme and host only, such as https://api.example.com")
    return f"{parts.scheme}://{parts.netloc}"


def public_url(text: str) -> str:
    """The address of this installation as the internet sees it: https, a host's name, nothing else."""
    address = base_url(text)
    parts = urlsplit(address)
    if parts.scheme != "https":
        raise ValueError("must begin with https://")
    if "_" in parts.netloc:
        raise ValueError("must name a host without an underscore: Twilio calls no other")
    return address


def bind(text: str) -> Bind:
    """Where to listen: `127.0.0.1:8080`."""
    host, colon, port = text.rpartition(":")
    if not (host and colon and port.isascii() and port.isdecimal() and int(port) < _PORTS):
        raise ValueError("must be an address and a port, such as 127.0.0.1:8080")
    return Bind(host.strip("[]"), int(port))


def endpoint(text: str) -> str:
    """An address as the original's notes had it, even as a Markdown link: `[https://x](https://x)`."""
    link = _MARKDOWN_LINK.fullmatch(text)
    address = link[1] if link else text
    _http(address)
    return address.rstrip("/")


def _http(text: str) -> SplitResult:
    parts = _split(text)
    if parts is None or parts.scheme not in ("http", "https") or re.search(r"\s", text):
        raise ValueError("must be an address that begins with https:// (or http://)")
    if "@" in parts.netloc:
        raise ValueError("must not contain a name or password")
    return parts


def _split(text: str) -> SplitResult | None:
    """The parts of an address with a host and a port that can be; None for anything else."""
    try:
        parts = urlsplit(text)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def sheet_range(text: str) -> str:
    """A tab, a range, or both, as spreadsheets write them: `prices`, `A1:J`, `prices!A1:J`."""
    if len(text) > _LONGEST_RANGE or not text.isprintable():
        raise ValueError("must be a tab and range as in the sheet, such as prices!A1:J")
    return text


def phone_number(text: str) -> str:
    """A phone number in E.164; spaces, brackets and a leading `00`, as spreadsheets have, are set right."""
    import phonenumbers

    help_ = "must be a phone number with its country code, such as +4915112345678"
    if not _PHONE.fullmatch(text):
        raise ValueError(help_)
    try:
        number = phonenumbers.parse(re.sub(r"^00", "+", text))
    except phonenumbers.NumberParseException:
        raise ValueError(help_) from None
    # Possible, not valid: numbering plans grow faster than the metadata, and Twilio's own test
    # numbers (+15005550006) belong to no plan.
    if not phonenumbers.is_possible_number(number):
        raise ValueError(help_)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def sid(prefix: str) -> Callable[[str], str]:
    """A reader of Twilio's ids, which begin with two letters that say what they name."""

    def read(text: str) -> str:
        if not re.fullmatch(rf"{prefix}[0-9A-Za-z]+", text):
            raise ValueError(f"must be the id that begins with {prefix} in Twilio's console")
        return text

    return read


def countries(text: str) -> tuple[str, ...]:
    """A comma list of ISO country codes, in any case."""
    import phonenumbers

    given = [part.strip().upper() for part in text.split(",") if part.strip()]
    if not given or not phonenumbers.SUPPORTED_REGIONS.issuperset(given):
        raise ValueError("must be a comma list of two-letter country codes, such as DE,AT,GB (not UK)")
    return tuple(dict.fromkeys(given))


def key(text: str) -> str:
    """A key of 32 bytes as `fare-engine keys` prints it."""
    try:
        fits = len(base64.b64decode(text, altchars=b"-_", validate=True)) == _KEY_BYTES
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("must be a key as `fare-engine keys` prints it")
    return text


def keys(text: str) -> str:
    """A comma list of such keys; the first encrypts, all decrypt."""
    given = [key(part.strip()) for part in text.split(",") if part.strip()]
    if not given:
        raise ValueError("must be a comma list of keys as `fare-engine keys` prints them")
    return ",".join(given)


def sqlite_url(text: str) -> str:
    """Where the database lies; this version keeps it in an SQLite file."""
    if not re.fullmatch(r"sqlite:///[^?#]+", text):
        raise ValueError("must look like sqlite:///data/fares.db (three slashes: relative, four: absolute)")
    return text


def redis_url(text: str) -> str:
    """Where Redis or Valkey stands; may hold a password."""
    parts = _split(text)
    if parts is None or parts.scheme not in ("redis", "rediss"):
        raise ValueError("must look like redis://localhost:6379/0 (rediss:// for TLS)")
    return text


def marker(text: str) -> str:
    """A partner id of Travelpayouts, with a label of one's own after a dot if need be."""
    if not re.fullmatch(r"[0-9A-Za-z_.-]{1,64}", text):
        raise ValueError("must be the partner id from your profile, such as 123456")
    return text


def names(known: tuple[str, ...], what: str = "a source") -> Callable[[str], tuple[str, ...]]:
    """A reader of a comma list of known names, in any case; a name given twice counts once."""

    def read(text: str) -> tuple[str, ...]:
        given = [part.strip().lower() for part in text.split(",") if part.strip()]
        strangers = [position for position, name in enumerate(given, start=1) if name not in known]
        if strangers:
            which = " and ".join(f"name {position}" for position in strangers)
            raise ValueError(f"{which} is not {what} of this version, which has: {', '.join(known)}")
        if not given:
            raise ValueError(f"name at least one of {', '.join(known)}, or leave it out")
        return tuple(dict.fromkeys(given))

    return read


def apprise_urls(*, installed: bool) -> Callable[[str], tuple[str, ...]]:
    """A reader of a list of addresses as Apprise has them.

    A comma may stand within an address too: the next one begins with its scheme.
    """

    def read(text: str) -> tuple[str, ...]:
        given = [part.strip(" ,") for part in re.split(r"[\s,]+(?=[A-Za-z][\w+.-]*://)", text)]
        if not all(re.match(r"[A-Za-z][\w+.-]*://\S", part) for part in given):
            raise ValueError("must be a comma list of addresses as Apprise has them, such as ntfy://my-topic")
        if not installed:
            raise ValueError("needs what is not installed here: pip install 'fare-engine[apprise]'")
        return tuple(dict.fromkeys(given))

    return read
