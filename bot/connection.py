"""Logging in and staying connected: what can pass is waited for, a refusal ends it in words."""

from collections.abc import Iterator
from typing import Final

import aiohttp
import discord
import structlog

from bot.client import FareBot
from engine.clock import Clock

_log = structlog.get_logger(__name__)

_FIRST_WAIT_S: Final = 5.0
_LONGEST_WAIT_S: Final = 300.0
# Close codes of the gateway after which connecting again is pointless.
_FATAL: Final = {
    4004: "DISCORD_TOKEN: Discord does not accept it.",
    4010: "SHARD_IDS: Discord does not accept the shard.",
    4011: "SHARD_COUNT: Discord asks for more shards.",
    4012: "Discord no longer speaks this version of its protocol; update the bot.",
    4013: "Discord does not know an intent of this bot; update the bot.",
    4014: "Discord refuses an intent of this bot; see the Bot page of the developer portal.",
}


class ConnectionRefused(Exception):
    """Discord refuses the token or the intents; the words say which setting to mend."""


async def connect(bot: FareBot, token: str, clock: Clock) -> None:
    """Log in and keep the gateway open until the bot is closed.

    A Discord that cannot be reached is tried again, five seconds to five minutes apart: the engine
    looks and texts meanwhile. Raises ConnectionRefused when trying again is pointless.
    """
    try:
        await _log_in(bot, token, clock)
        await _stay_connected(bot, clock)
    except discord.LoginFailure:
        raise ConnectionRefused(_FATAL[4004]) from None
    except discord.PrivilegedIntentsRequired:
        raise ConnectionRefused(_FATAL[4014]) from None
    except discord.ConnectionClosed as closed:
        if closed.code in _FATAL:
            raise ConnectionRefused(_FATAL[closed.code]) from None
        raise


async def _log_in(bot: FareBot, token: str, clock: Clock) -> None:
    for wait_s in _waits():
        try:
            await bot.login(token)
            return
        except discord.LoginFailure:
            raise
        except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError) as fault:
            _log.warning("Discord cannot be reached", fault=type(fault).__name__, again_in_s=wait_s)
        # The session of the failed try is closed by hand: the next login opens another.
        await bot.http.close()
        bot.http.connector = discord.utils.MISSING
        await clock.sleep(wait_s)


async def _stay_connected(bot: FareBot, clock: Clock) -> None:
    """Until the bot is closed; discord.py itself takes up a connection that breaks."""
    for wait_s in _waits():
        try:
            await bot.connect(reconnect=True)
            return
        except AttributeError:
            # discord.py 2.7.1 (Rapptz/discord.py#10520): when the very first connection fails, it
            # trips over the socket that it does not have yet, instead of trying again.
            if getattr(bot, "ws", None) is not None:
                raise
            _log.warning("Discord's gateway cannot be reached", again_in_s=wait_s)
        await clock.sleep(wait_s)


def _waits() -> Iterator[float]:
    """Seconds between tries: 5, 10, 20, ... up to five minutes."""
    wait_s = _FIRST_WAIT_S
    while True:
        yield wait_s
        wait_s = min(wait_s * 2, _LONGEST_WAIT_S)
