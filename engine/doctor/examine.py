"""All checks together, side by side, each with its own deadline."""

import asyncio
import itertools
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, Final

from engine.clock import Clock
from engine.doctor.database import check_database
from engine.doctor.discord_bot import API, check_discord
from engine.doctor.findings import Area, Finding, State
from engine.doctor.sources import check_sources
from engine.doctor.targets import check_targets
from engine.doctor.texting import check_twilio
from engine.http import open_session
from engine.settings import Settings

# A person waits: no request longer than this, and no check longer than two of them.
_LONGEST_REQUEST: Final = timedelta(seconds=10)
_PATIENCE_S: Final = 20.0


async def examine(
    settings: Settings | None, clock: Clock, *, discord_api: str = API, patience_s: float = _PATIENCE_S
) -> list[Finding]:
    """Everything but the settings themselves; without usable settings only that nothing was asked."""
    if settings is None:
        return [_not_asked(area) for area in Area if area is not Area.SETTINGS]
    settings = settings.model_copy(update={"fetch_timeout": min(settings.fetch_timeout, _LONGEST_REQUEST)})
    async with open_session(limit=10, timeout_s=_LONGEST_REQUEST.total_seconds()) as session:
        checks = {
            Area.DATABASE: check_database(settings, clock),
            Area.SOURCES: check_sources(settings, session, clock),
            Area.TWILIO: check_twilio(settings, session),
            Area.DISCORD: check_discord(settings, session, api=discord_api),
            Area.APPRISE: check_targets(settings),
        }
        found = await asyncio.gather(*(_patiently(area, check, patience_s) for area, check in checks.items()))
    return list(itertools.chain.from_iterable(found))


async def _patiently(
    area: Area, check: Coroutine[Any, Any, list[Finding]], patience_s: float
) -> list[Finding]:
    try:
        async with asyncio.timeout(patience_s):
            return await check
    except TimeoutError:
        says = f"No answer within {patience_s:.0f} seconds."
        return [
            Finding(
                area=area, name=area.value, state=State.WRONG, says=says, advice="Try again.", blocks=True
            )
        ]


def _not_asked(area: Area) -> Finding:
    says = "Not looked at until the settings are right."
    return Finding(area=area, name=area.value, state=State.UNSET, says=says)
