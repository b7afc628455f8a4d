"""`python -m sandbox`: the pretend world stays up, and says what goes into `.env` to use it."""

import argparse
import asyncio
import contextlib
import sys

from sandbox.amadeus import CLIENT_ID, CLIENT_SECRET, DEFAULT_LATENCY
from sandbox.duffel import LIVE_TOKEN
from sandbox.ignav import API_KEY as IGNAV_API_KEY
from sandbox.serpapi import KEY
from sandbox.sheets import API_KEY as GOOGLE_API_KEY
from sandbox.sheets import SHEET_ID
from sandbox.tequila import API_KEY as TEQUILA_API_KEY
from sandbox.travelpayouts import TOKEN
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, FROM_NUMBER
from sandbox.world import World, open_world


def settings_for(world: World) -> str:
    """The lines of `.env` that point the engine at this world."""
    return "\n".join(
        (
            f"AMADEUS_BASE_URL={world.amadeus.base_url}",
            f"AMADEUS_CLIENT_ID={CLIENT_ID}",
            f"AMADEUS_CLIENT_SECRET={CLIENT_SECRET}",
            f"TRAVELPAYOUTS_BASE_URL={world.travelpayouts.base_url}",
            f"TRAVELPAYOUTS_TOKEN={TOKEN}",
            f"KIWI_BASE_URL={world.kiwi.base_url}",
            f"TEQUILA_ENDPOINT={world.tequila.base_url}",
            f"TEQUILA_API_KEY={TEQUILA_API_KEY}",
            f"IGNAV_BASE_URL={world.ignav.base_url}",
            f"IGNAV_API_KEY={IGNAV_API_KEY}",
            f"DUFFEL_BASE_URL={world.duffel.base_url}",
            f"DUFFEL_TOKEN={LIVE_TOKEN}",
            "DUFFEL_DAILY_BUDGET=10000",
            f"SERPAPI_BASE_URL={world.serpapi.base_url}",
            f"SERPAPI_KEY={KEY}",
            "# Live fares at every look; FARE_SOURCES=travelpayouts,kiwi sweeps a cache and confirms live.",
            "FARE_SOURCES=amadeus",
            f"GOOGLE_SHEETS_BASE_URL={world.sheets.base_url}",
            f"GOOGLE_SHEET_ID={SHEET_ID}",
            f"GOOGLE_API_KEY={GOOGLE_API_KEY}",
            "HOME_ORIGIN=LON",
            f"SHEETY_PRICES_ENDPOINT={world.sheety.endpoint}",
            f"TWILIO_BASE_URL={world.twilio.base_url}",
            f"TWILIO_SID={ACCOUNT_SID}",
            f"TWILIO_AUTH_TOKEN={AUTH_TOKEN}",
            f"FROM_NUMBER={FROM_NUMBER}",
        )
    )


async def stay_up(options: argparse.Namespace) -> None:
    """Serve until interrupted."""
    latency = (options.fastest, max(options.fastest, options.slowest))
    async with open_world(seed=options.seed, latency=latency, port=options.port) as world:
        sys.stdout.write(f"# The pretend world is up; Ctrl-C ends it. For .env:\n{settings_for(world)}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Read the options and stay up."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="decides fares and delays (default 1)")
    parser.add_argument("--port", type=int, default=8801, help="of the first service; 0 takes free ones")
    parser.add_argument("--fastest", type=float, default=DEFAULT_LATENCY[0], help="seconds of a reply, least")
    parser.add_argument("--slowest", type=float, default=DEFAULT_LATENCY[1], help="seconds of a reply, most")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(stay_up(parser.parse_args()))


if __name__ == "__main__":
    main()
