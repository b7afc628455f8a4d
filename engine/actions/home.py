"""What words take from where somebody is: the day that is today there, the currency that is meant."""

from datetime import UTC, date, datetime

from engine.domain.watch import Owner, OwnerKind
from engine.store.database import Transaction
from engine.timezones import TimeZones


async def today_of(tx: Transaction, owner: Owner, timezones: TimeZones, now: datetime) -> date:
    """The day that is today for an owner: in their own time zone, else their server's, else in UTC."""
    names: list[str | None] = []
    if owner.kind is OwnerKind.MEMBER:
        names.append((await tx.members.of(owner.id)).timezone)
    if owner.server_id is not None:
        names.append((await tx.servers.of(owner.server_id)).timezone)
    clocks = (timezones.clock(name) for name in names if name is not None)
    return now.astimezone(next((clock for clock in clocks if clock is not None), UTC)).date()


async def currency_of(tx: Transaction, owner: Owner, home_currency: str) -> str:
    """What a route that names none is counted in: as its server chose, or whoever runs the bot."""
    if owner.server_id is None:
        return home_currency
    return (await tx.servers.of(owner.server_id)).currency or home_currency
