"""`fare-engine rotate-keys`: opens the database that no bot may own meanwhile, and says what was done."""

import asyncio

from engine.actions.rotating import KeyRotation, Rotated
from engine.alerts.vault import Vault
from engine.clock import SystemClock
from engine.logs import configure_logging
from engine.settings import Settings
from engine.store.database import Store


def rotate_keys() -> str:
    """Seal everything with the first key of PHONE_KEYS; gives what there is to say.

    Raises SettingsFault without keys or with keys that do not fit, StoreUnusable (StoreInUse while a
    bot runs).
    """
    settings = Settings.load(required=("PHONE_KEYS",))
    configure_logging(settings)
    return in_words(asyncio.run(_rotated(settings)))


async def _rotated(settings: Settings) -> Rotated:
    keys = settings.phone_keys.get_secret_value() if settings.phone_keys else ""
    async with Store.open(settings.database_url, SystemClock()) as store:
        return await KeyRotation(store, await asyncio.to_thread(Vault, keys.split(","))).run()


def in_words(rotated: Rotated) -> str:
    """One line for people."""
    if not rotated.renewed and not rotated.already:
        return "Nothing is stored that keys protect: there is nothing to do."
    done = f"{rotated.renewed} encrypted anew, {rotated.already} had the first key of PHONE_KEYS already."
    return f"{done} The keys behind it are needed for older backups only."
