"""Caps on text messages, in segments: how many a member, a server and the whole instance may cost. Pure."""

from enum import StrEnum

import msgspec

from engine.saying import Saying, counted


class Caps(msgspec.Struct, frozen=True, kw_only=True):
    """The most segments there may be per UTC day, and per month for everybody together; 0 is none."""

    member: int = 3
    server: int = 10
    day: int = 20
    month: int = 200


class Payer(msgspec.Struct, frozen=True, kw_only=True):
    """Whose text it is: a member and the server they asked in; neither for the operator's own phone."""

    member_id: str | None = None
    server_id: str | None = None


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """The segments counted so far today, and this month, in the four respects of `Caps`."""

    member: int = 0
    server: int = 0
    day: int = 0
    month: int = 0


class Cap(StrEnum):
    """Which of the caps would be passed."""

    MEMBER = "member"
    SERVER = "server"
    DAY = "day"
    MONTH = "month"


def passed(caps: Caps, spent: Spent, segments: int, payer: Payer) -> Cap | None:
    """The first cap that so many more segments of this payer would pass; None when there is room."""
    if payer.member_id is not None and spent.member + segments > caps.member:
        return Cap.MEMBER
    if payer.server_id is not None and spent.server + segments > caps.server:
        return Cap.SERVER
    if spent.day + segments > caps.day:
        return Cap.DAY
    return Cap.MONTH if spent.month + segments > caps.month else None


def most_of(cap: Cap, caps: Caps) -> int:
    """How many segments a cap allows."""
    match cap:
        case Cap.MEMBER:
            return caps.member
        case Cap.SERVER:
            return caps.server
        case Cap.DAY:
            return caps.day
        case Cap.MONTH:
            return caps.month


def in_words(cap: Cap, caps: Caps) -> Saying:
    """What is used up, as the beginning or the end of a sentence."""
    most = most_of(cap, caps)
    match cap:
        case Cap.MEMBER:
            return counted(most, "your one text of today is used up", "your {n} texts of today are used up")
        case Cap.SERVER:
            return counted(
                most,
                "this server's one text of today is used up",
                "this server's {n} texts of today are used up",
            )
        case Cap.DAY:
            return counted(
                most,
                "this bot's one text of today is used up",
                "this bot's {n} texts of today are used up",
            )
        case Cap.MONTH:
            return counted(
                most,
                "this bot's one text of the month is used up",
                "this bot's {n} texts of the month are used up",
            )
