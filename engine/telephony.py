"""Everything about texts, put together from the settings: the channel, the caps, members' phones."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import msgspec
import structlog
from pydantic import SecretStr
from twilio.rest import Client

from engine.actions.inbound import InboundTexts
from engine.actions.linking import MemberLine
from engine.actions.operatornews import Operators
from engine.actions.optouts import REPLIED_STOP, OptOuts
from engine.actions.owncodes import OwnCodes
from engine.actions.selftexts import SelfTexts
from engine.actions.sender import TextSender
from engine.actions.sms import Sms
from engine.actions.texting import OPERATOR, Allowances, Numbers, Readers
from engine.actions.textreports import TextReports
from engine.actions.till import Till
from engine.alerts.channels.single_texts import SingleTexts
from engine.alerts.channels.sms import Callback, SmsChannel
from engine.alerts.channels.sms_errors import is_about_the_number
from engine.alerts.channels.sms_status import SmsStatus
from engine.alerts.channels.twilio_transport import open_client
from engine.alerts.codes import Codes
from engine.alerts.phones import MemberMarks, NumberMarks, PhoneVault
from engine.alerts.verify import VerifyCodes
from engine.clock import Clock
from engine.domain.announce import Operator
from engine.domain.caps import Caps
from engine.domain.watch import DestinationKind
from engine.errors import SettingsFault
from engine.settings import Settings
from engine.store.database import Store
from engine.store.phones import Phone
from engine.tongue import ENGLISH_ONLY, Tongues
from engine.web.signature import Signatures
from engine.web.webhooks import open_webhooks, status_address

_log = structlog.get_logger(__name__)

# Every product of Twilio has a host of its own; only another address than this one stands for all.
_TWILIO: Final = "https://api.twilio.com"


class Telephony(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine needs of it.

    `channel`, `optouts`, `reports` and `inbound` are None without Twilio; `operator` without TO_NUMBER.
    """

    sms: Sms
    channel: SmsChannel | None = None
    optouts: OptOuts | None = None
    reports: TextReports | None = None
    inbound: InboundTexts | None = None
    operator: Operator | None = None
    texts_members: bool = False


async def open_telephony(
    settings: Settings,
    session: aiohttp.ClientSession,
    store: Store,
    clock: Clock,
    *,
    operators: Operators | None = None,
    tongues: Tongues = ENGLISH_ONLY,
    wake: Callable[[], None] = lambda: None,
) -> Telephony:
    """Make what the settings allow; nothing is sent.

    `operators` tells whoever runs this (default: by the log), `tongues` are the languages of members,
    `wake` says that rows were committed.
    Raises SettingsFault when stored numbers were sealed with other keys than the ones that are set.
    """
    caps = Caps(
        member=settings.sms_user_daily_cap,
        server=settings.sms_server_daily_cap,
        day=settings.sms_daily_cap,
        month=settings.sms_monthly_cap,
    )
    lacks = settings.members_texts_lack
    operators = operators or Operators(clock)
    till = Till(caps, operators, clock, member_marks(settings).of)
    if not settings.can_text:
        return Telephony(sms=Sms(store, clock=clock, caps=caps, till=till, line=None, lacks=lacks))
    client = await asyncio.to_thread(_client, settings, session)
    await asyncio.to_thread(tongues.load)
    optouts = _optouts(settings, store, clock, wake)
    texts, line = _single_texts(settings, client), None
    if not lacks:
        vault, codes = await asyncio.to_thread(_vault_and_codes, settings, client, texts, store, clock)
        line = MemberLine(vault, codes, settings.sms_countries or (), optouts)
    await _check_keys(store, line, lacks)
    await _reinstate(settings, store, optouts)
    numbers = Numbers(
        store,
        operators=settings.to_number,
        optouts=optouts,
        vault=line.vault if line else None,
        countries=line.countries if line else (),
    )
    sender = TextSender(store, operators, clock)
    await sender.begin()
    channel = SmsChannel(
        client,
        numbers,
        allowance=Allowances(store, till, clock),
        said_stop=optouts.refused,
        sender=sender,
        tongue_of=Readers(store, tongues),
        callback=_callback(settings),
        clock=clock,
        from_number=settings.from_number,
        messaging_service_sid=settings.twilio_messaging_service_sid,
        unknown_wait=settings.sms_unknown_wait,
    )

    async def said_stop(address: str) -> None:
        if (number := await numbers(address)) is not None:
            await optouts.refused(number)

    return Telephony(
        sms=Sms(
            store,
            clock=clock,
            caps=caps,
            till=till,
            line=line,
            lacks=lacks,
            self_texts=SelfTexts(
                store, texts, numbers, fetch=SmsStatus(client), optouts=optouts, till=till, clock=clock
            )
            if line
            else None,
        ),
        channel=channel,
        optouts=optouts,
        reports=TextReports(
            store,
            sender,
            operators,
            fetch=SmsStatus(client),
            said_stop=said_stop,
            clock=clock,
            wake=wake,
        ),
        inbound=InboundTexts(store, optouts, clock),
        operator=_operator(settings, line),
        texts_members=line is not None,
    )


def _client(settings: Settings, session: aiohttp.ClientSession) -> Client:
    base_url = settings.twilio_base_url
    return open_client(
        session,
        account_sid=settings.twilio_sid or "",
        auth_token=_secret(settings.twilio_auth_token),
        base_url=None if base_url == _TWILIO else base_url,
    )


def _optouts(settings: Settings, store: Store, clock: Clock, wake: Callable[[], None]) -> OptOuts:
    key = _secret(settings.phone_hash_key) or None
    marks = NumberMarks(key, _secret(settings.twilio_auth_token))
    return OptOuts(store, marks, clock=clock, operator=OPERATOR, operators=settings.to_number, wake=wake)


def _single_texts(settings: Settings, client: Client) -> SingleTexts:
    return SingleTexts(
        client,
        from_number=settings.from_number,
        messaging_service_sid=settings.twilio_messaging_service_sid,
    )


def _vault_and_codes(
    settings: Settings, client: Client, texts: SingleTexts, store: Store, clock: Clock
) -> tuple[PhoneVault, Codes]:
    """Codes are Verify's where there is a service, else our own."""
    vault = PhoneVault(_secret(settings.phone_keys).split(","), _secret(settings.phone_hash_key))
    if settings.twilio_verify_service_sid is not None:
        return vault, VerifyCodes(client, settings.twilio_verify_service_sid)
    return vault, OwnCodes(store, texts, vault, clock)


def _callback(settings: Settings) -> Callback | None:
    base_url = settings.public_base_url
    if base_url is None or settings.webhook_bind is None:
        return None
    return lambda id_: status_address(base_url, id_)


@asynccontextmanager
async def hear_twilio(settings: Settings, telephony: Telephony) -> AsyncIterator[int | None]:
    """Open the webhook door until the block ends, where the settings ask for one; yields its port."""
    bind, base_url = settings.webhook_bind, settings.public_base_url
    reports, inbound = telephony.reports, telephony.inbound
    if bind is None or base_url is None or reports is None or inbound is None:
        yield None
        return
    signatures = Signatures(_secret(settings.twilio_auth_token), base_url)
    async with open_webhooks(bind, signatures, status=reports.heard, inbound=inbound.heard) as port:
        yield port


def _operator(settings: Settings, line: MemberLine | None) -> Operator | None:
    if settings.to_number is None:
        return None
    fingerprint = line.vault.fingerprint(settings.to_number) if line else None
    return Operator(destination=OPERATOR, unconfirmed=settings.sms_unconfirmed, fingerprint=fingerprint)


async def _check_keys(store: Store, line: MemberLine | None, lacks: tuple[str, ...]) -> None:
    """Better no start than members who are not texted, or a number that two of them own."""
    async with store.transaction() as tx:
        phones = await tx.phones.everybody()
    if not phones:
        return
    if line is None:
        _log.warning("linked phones are not texted", phones=len(phones), lacking=lacks)
        return
    strangers = await asyncio.to_thread(_strangers, line.vault, phones)
    if strangers:
        fault = (
            f"PHONE_KEYS, PHONE_HASH_KEY: {strangers} of {len(phones)} linked phones were stored with "
            "other keys. Put the old PHONE_HASH_KEY back, and the old key of PHONE_KEYS behind a comma."
        )
        raise SettingsFault([fault])


def _strangers(vault: PhoneVault, phones: list[Phone]) -> int:
    return sum(not vault.knows(phone.sealed, phone.fingerprint) for phone in phones)


async def _reinstate(settings: Settings, store: Store, optouts: OptOuts) -> None:
    """Whatever was refused before, the settings may have been mended; what a phone said stays."""
    async with store.transaction() as tx:
        paused = await tx.notifications.paused_lanes(DestinationKind.SMS)
    mended = {lane for lane, why in paused.items() if why != REPLIED_STOP and not is_about_the_number(why)}
    if settings.to_number is not None and await optouts.binds(settings.to_number):
        _log.warning("TO_NUMBER replied STOP: it is not texted until it replies START")
        mended.discard(OPERATOR.lane)
    else:
        mended.add(OPERATOR.lane)
    for lane in sorted(mended):
        await store.outbox.reinstate_lane(lane)


def member_marks(settings: Settings) -> MemberMarks:
    """What stands for members who were deleted."""
    return MemberMarks(_secret(settings.phone_hash_key) or None)


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""
