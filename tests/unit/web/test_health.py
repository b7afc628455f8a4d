"""The health door on loopback."""

from collections.abc import Mapping

import aiohttp

from engine.web.health import Bind, Check, open_health

LOOPBACK = Bind("127.0.0.1", 0)


async def works() -> str | None:
    return None


async def limps() -> str | None:
    return "no tick for 120 s"


async def breaks() -> str | None:
    raise ZeroDivisionError


async def answer(checks: Mapping[str, Check]) -> tuple[int, dict[str, str]]:
    async with (
        open_health(LOOPBACK, checks) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/healthz") as response,
    ):
        return response.status, await response.json()


async def test_all_parts_working_is_200() -> None:
    assert await answer({"looks": works, "store": works}) == (200, {"looks": "ok", "store": "ok"})


async def test_one_part_that_limps_is_503_and_says_how() -> None:
    assert await answer({"looks": limps, "store": works}) == (
        503,
        {"looks": "no tick for 120 s", "store": "ok"},
    )


async def test_a_check_that_fails_is_a_part_that_is_not_well() -> None:
    assert await answer({"store": breaks}) == (503, {"store": "failed (ZeroDivisionError)"})


async def test_a_port_that_is_taken_stops_nothing() -> None:
    async with open_health(LOOPBACK, {}) as port:
        assert port is not None
        async with open_health(Bind("127.0.0.1", port), {}) as second:
            assert second is None
