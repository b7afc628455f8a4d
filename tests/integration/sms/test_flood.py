"""A thousand triggers within a minute: texts stop exactly at the caps, counted at the pretend Twilio."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import msgspec
import pytest
from structlog.testing import capture_logs

from engine.alerts.phones import PhoneVault
from engine.domain.alert import Leased, Notification
from engine.domain.watch import Owner, OwnerKind
from engine.store.phones import Phone
from sandbox.twilio_faults import rate_limited
from tests.integration.sms.conftest import HASH_KEY, KEY, OPERATORS_PHONE, Place, text_to
from tests.integration.sms.work import HEARD, Work, at_work
from tests.support.clock import START

TRIGGERS = 1000
CAPS = {"sms_user_daily_cap": 3, "sms_server_daily_cap": 7, "sms_daily_cap": 25, "sms_monthly_cap": 40}
NUMBERS = {f"20{number:02}": f"+49151876{number:05}" for number in range(20)}
MEMBERS = [Owner(OwnerKind.MEMBER, id_, f"50{number % 5}") for number, id_ in enumerate(NUMBERS)]


def trigger(number: int) -> Notification:
    """One of a thousand alerts: for twenty members of five servers, and for the operator, in turn."""
    turn = number % (len(MEMBERS) + 1)
    return text_to(None if turn == len(MEMBERS) else MEMBERS[turn], number)


async def linked(work: Work) -> None:
    vault = PhoneVault([KEY], HASH_KEY)
    async with work.line.store.transaction() as tx:
        for member_id, number in NUMBERS.items():
            await tx.phones.keep(
                Phone(
                    member_id=member_id,
                    fingerprint=vault.fingerprint(number),
                    sealed=vault.seal(number),
                    consent_version="1",
                    consented_at=START,
                    verification="VE1",
                    verified_at=START,
                )
            )


async def straight(work: Work, alerts: Sequence[Notification]) -> None:
    """All at once, without an outbox in between: it would give them to the channel one by one per phone."""
    channel = work.line.telephony.channel
    assert channel is not None
    leased = [Leased(seq=number, notification=alert) for number, alert in enumerate(alerts)]
    await asyncio.gather(*map(channel.deliver, leased))


@pytest.mark.timeout(180)
async def test_a_thousand_triggers_cost_exactly_what_the_caps_allow(place: Place) -> None:
    """Over two restarts, with the clock set back by a day and by a month in between."""
    alerts = [trigger(number) for number in range(TRIGGERS)]
    place.twilio.faults.plan(rate_limited(), times=3)  # certainly not sent: they leave room
    with capture_logs() as logs:
        for start, parts in enumerate((alerts[:10], alerts[10:100], alerts[100:])):
            async with at_work(place, **HEARD, **CAPS) as work:
                if start == 0:
                    await linked(work)
                now = place.clock.now()
                dated = [msgspec.structs.replace(alert, created_at=now) for alert in parts]
                await work.deliver(*dated[:90])
                await straight(work, dated[90:])
                await work.pass_time(0.1)
            place.clock.step_wall([-86_400, -31 * 86_400, 0][start])

    texts = Counter(message.to for message in place.twilio.messages)
    servers: Counter[str | None] = Counter()
    for member in MEMBERS:
        servers[member.server_id] += texts[NUMBERS[member.id]]
    assert texts.total() == CAPS["sms_daily_cap"]
    assert max(texts[number] for number in NUMBERS.values()) <= CAPS["sms_user_daily_cap"]
    assert max(servers.values()) <= CAPS["sms_server_daily_cap"]
    assert texts[OPERATORS_PHONE] > 0
    told = [log["says"] for log in logs if log["log_level"] == "error"]
    assert len(told) == 1
    assert "SMS_DAILY_CAP" in told[0]
