"""The operator's own targets: whether Apprise knows each address. Nothing is sent."""

import asyncio

from engine.alerts.channels.apprise_targets import open_services
from engine.doctor.findings import Area, Finding, State
from engine.errors import SettingsFault
from engine.settings import Settings


async def check_targets(settings: Settings) -> list[Finding]:
    """One finding that names the services behind the addresses, never an address."""
    urls = [url.get_secret_value() for url in settings.apprise_urls or ()]
    if not urls:
        return [_finding(State.UNSET, "APPRISE_URLS is not set: no copies to targets of your own.")]
    try:
        services = await asyncio.to_thread(open_services, urls)
    except SettingsFault as fault:
        return [_finding(State.WRONG, line, blocks=True) for line in fault.faults]
    names = ", ".join(service.name for service in services)
    return [_finding(State.OK, f"Public alerts are copied to: {names}. Nothing was sent there now.")]


def _finding(state: State, says: str, *, blocks: bool = False) -> Finding:
    return Finding(area=Area.APPRISE, name=Area.APPRISE.value, state=state, says=says, blocks=blocks)
