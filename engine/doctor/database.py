"""The database: whether a start could open it, or who has it open."""

from typing import Final

from engine.clock import Clock
from engine.doctor.findings import Area, Finding, State
from engine.errors import StoreInUse, StoreUnusable
from engine.settings import Settings
from engine.store.examine import Examined, examine

_LITTLE_ROOM: Final = 200 * 1024 * 1024


async def check_database(settings: Settings, clock: Clock) -> list[Finding]:
    """Look into the file and leave it as it is."""
    try:
        found = await examine(settings.database_url, clock.now())
    except StoreInUse as held:
        return [_finding(State.OK, f"In use by {held.holder}: the bot or the engine runs.")]
    except StoreUnusable as fault:
        advice = "DATABASE_URL says where it lies: three slashes from this folder on, four from the root."
        return [_finding(State.WRONG, f"{str(fault).rstrip('.')}.", advice, blocks=True)]
    return [_described(found), *_room(found)]


def _described(found: Examined) -> Finding:
    if found.file is None:
        return _finding(State.CAREFUL, "It lives in memory: everything is forgotten at the end.")
    if not found.exists:
        return _finding(State.OK, f"{found.file} is not there yet; the first start makes it.")
    if not found.current:
        return _finding(
            State.CAREFUL,
            f"{found.file} can be opened; its schema is older than this version's.",
            "The next start brings it up to date. Copy the file first, so that there is a way back.",
        )
    routes = "1 route" if found.watched == 1 else f"{found.watched} routes"
    return _finding(State.OK, f"{found.file} can be opened: {routes} watched.")


def _room(found: Examined) -> list[Finding]:
    if found.free_bytes is None or found.free_bytes > _LITTLE_ROOM:
        return []
    left = found.free_bytes // (1024 * 1024)
    return [_finding(State.CAREFUL, f"Only {left} MB are left on its disk.", "Make room before it is full.")]


def _finding(state: State, says: str, advice: str | None = None, *, blocks: bool = False) -> Finding:
    return Finding(area=Area.DATABASE, name="database", state=state, says=says, advice=advice, blocks=blocks)
