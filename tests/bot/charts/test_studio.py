"""Pictures are drawn by a real process of their own, off the loop, once each; a broken one harms no other."""

import asyncio
import struct
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from bot.charts.spec import Cell, Day, Line, Month, MonthMap, Picture, PriceChart
from bot.charts.studio import Studio

TODAY = date(2026, 11, 26)
PNG = b"\x89PNG\r\n\x1a\n"


def chart(lows: tuple[int, ...] = (45000, 43900, 43900, 41200), **changes: Any) -> PriceChart:
    days = tuple(Day(on=TODAY - timedelta(days=ago), low=low) for ago, low in enumerate(reversed(lows)))[::-1]
    return PriceChart(
        **{
            "days": days,
            "currency": "EUR",
            "major_unit": 100,
            "locale": "en",
            "title": "London → Tokyo · 10-24 Mar",
            "now": Line(minor=lows[-1], words="now €412"),
            "low": Line(minor=min(lows), words="lowest €412"),
            "target": Line(minor=42000, words="your target €420"),
            **changes,
        }
    )


def months(first: date, many: int, words: str, *, every: int = 1, **changes: Any) -> MonthMap:
    """Months in which each so-manieth day has a fare."""
    begins = [
        date(first.year + at // 12, at % 12 + 1, 1) for at in range(first.month - 1, first.month - 1 + many)
    ]
    days = [first + timedelta(days=days) for days in range(28 * many)]
    cells = [
        Cell(on=on, words=words, dearness=at / len(days), is_best=at == 0, is_met=at < 9)
        if at % every == 0
        else Cell(on=on)
        for at, on in enumerate(days)
    ]
    return MonthMap(
        **{
            "title": "London → Tokyo · March 2027, 14 nights",
            "months": tuple(Month(first=each, words=f"{each:%B %Y}") for each in begins),
            "cells": tuple(cells),
            "weekdays": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
            "low": words,
            "high": words,
            "best": f"cheapest: {words}",
            "met": f"at or under your target {words}",
            "unknown": "no fare seen",
            **changes,
        }
    )


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    studio = Studio()
    try:
        yield studio
    finally:
        await studio.close()


async def test_a_picture_is_a_png_of_the_size_that_discord_shows_sharp(studio: Studio) -> None:
    png = await studio.draw(chart())
    assert png is not None
    assert png.startswith(PNG)
    assert struct.unpack(">II", png[16:24]) == (1200, 630)
    assert len(png) < 200_000


@pytest.mark.parametrize(
    "picture",
    [
        chart((45000,)),
        chart((45000, 45000), target=None),
        chart(tuple(range(60_000, 54_000, -100)), locale="de"),
        chart((5, 4, 3), currency="JPY", major_unit=1),
        chart((12_345_678_901, 2, 12_345_678_901), currency="IDR", major_unit=100, title="→" * 200),
        months(date(2027, 3, 1), 1, "£374"),
        months(date(2027, 3, 9), 1, "£9", every=5, met="", unknown=""),
        months(date(2026, 12, 5), 3, "¥45.3K", every=7),
        months(date(2027, 1, 1), 12, "1,23 Mio. IDR", title="$→$" * 80),
    ],
    ids=[
        "one day",
        "no target",
        "sixty days in German",
        "yen",
        "enormous",
        "a month",
        "few days",
        "weekends over the turn of a year",
        "a year of long prices",
    ],
)
async def test_whatever_there_is_to_show_can_be_drawn(studio: Studio, picture: Picture) -> None:
    png = await studio.draw(picture)
    assert png is not None
    assert png.startswith(PNG)


async def test_an_equal_picture_is_kept(studio: Studio) -> None:
    drawn = await studio.draw(chart())
    await studio.close()
    assert await studio.draw(chart()) is drawn
    assert not studio.is_open


async def test_a_picture_that_cannot_be_drawn_is_none_and_the_next_is_drawn(studio: Studio) -> None:
    impossible = msgspec.structs.replace(chart(), days=())
    assert await studio.draw(impossible) is None
    assert await studio.draw(chart()) is not None


async def test_a_process_that_was_killed_is_started_anew(studio: Studio) -> None:
    await studio.draw(chart())
    assert studio._process is not None
    studio._process.kill()
    await asyncio.to_thread(studio._process.wait)
    assert await studio.draw(chart((1, 2, 3))) is not None


async def test_the_process_ends_when_nobody_wanted_a_picture_for_long() -> None:
    studio = Studio(idle_s=0.0)
    await studio.draw(chart())
    process = studio._process
    assert process is not None
    assert await asyncio.to_thread(process.wait) != 0
    await studio.close()


async def test_giving_up_waiting_leaves_no_half_picture_for_the_next(studio: Studio) -> None:
    await studio.draw(chart())
    impatient = asyncio.ensure_future(studio.draw(chart((2, 3, 4))))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.wait({impatient})
    again = await studio.draw(chart((3, 4, 5)))
    assert again is not None
    assert again.startswith(PNG)
    assert again.endswith(b"IEND\xaeB`\x82")
