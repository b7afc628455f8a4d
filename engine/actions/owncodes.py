"""Codes of our own, for operators without a Verify service: made here, texted like an alert, kept as a hash.

A text whose outcome is unknown is not looked for: by the time it was found, the member would have asked
for another one (docs/decisions/0012-codes-of-our-own.md).
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from engine.alerts.channels.single_texts import Came, Posted, SingleTexts
from engine.alerts.channels.sms_errors import REPLIED_STOP, Then, meaning_of
from engine.alerts.codes import CodeKind, CodeReply
from engine.alerts.phones import PhoneVault
from engine.clock import Clock
from engine.store.database import Store
from engine.tongue import key, say

LIVES: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
_CODES: Final = 10**6
_TEXT: Final = key(
    "Fare Engine: your code is {code}, good for 10 minutes. Type it in Discord and tell nobody. "
    "Not you? Ignore this, or reply STOP."
)

_CAME: Final[Mapping[Came, CodeKind]] = MappingProxyType(
    {
        Came.ACCEPTED: CodeKind.SENT,
        Came.UNREACHABLE: CodeKind.UNREACHABLE,
        Came.UNKNOWN: CodeKind.UNKNOWN,
    }
)


class OwnCodes:
    """An `engine.alerts.codes.Codes` of six digits over the store. Raises StoreError."""

    def __init__(self, store: Store, texts: SingleTexts, vault: PhoneVault, clock: Clock) -> None:
        self._store = store
        self._texts = texts
        self._vault = vault
        self._clock = clock

    async def send(self, number: str) -> CodeReply:
        """Text a fresh code; its hash is kept before the text leaves."""
        stopped = await self._stopped()
        if stopped is not None:
            return stopped
        id_, code = f"own {secrets.token_hex(16)}", f"{secrets.randbelow(_CODES):06}"
        await self._keep(id_, self._vault.code_digest(id_, code))
        posted = await self._texts.send(number, say(_TEXT, code=code), LIVES)
        if posted.came is not Came.ACCEPTED:
            async with self._store.transaction() as tx:
                await tx.phone_codes.drop(id_)  # nobody is told its id: not even a right guess would do
        return _reply(posted, id_)

    async def check(self, sid: str, code: str) -> CodeReply:
        """Hold a typed code against the kept hash; the try is committed with the answer."""
        typed = self._vault.code_digest(sid, code)
        async with self._store.transaction() as tx:
            kept = await tx.phone_codes.tried(sid)
            if kept is None or self._clock.now() - kept.made_at >= LIVES:
                return CodeReply(kind=CodeKind.GONE)
            if kept.tries >= MOST_TRIES:
                return CodeReply(kind=CodeKind.TOO_MANY_TRIES)
            if not hmac.compare_digest(typed, kept.digest):
                return CodeReply(kind=CodeKind.WRONG)
            await tx.phone_codes.drop(sid)
        return CodeReply(kind=CodeKind.RIGHT)

    async def pretend_send(self) -> CodeReply:
        """Write what `send` writes, ask Twilio for a message that cannot exist."""
        stopped = await self._stopped()
        if stopped is not None:
            return stopped
        await self._keep(f"own {secrets.token_hex(16)}", secrets.token_hex(32))
        return _reply(await self._texts.pretend(), None)

    async def pretend_check(self) -> CodeReply:
        """Look for a code that cannot be there."""
        reply = await self.check(f"own {secrets.token_hex(16)}", "")
        return CodeReply(kind=CodeKind.WRONG) if reply.kind is CodeKind.GONE else reply

    async def _stopped(self) -> CodeReply | None:
        """What to answer instead while the account sends no texts at all."""
        async with self._store.transaction() as tx:
            stop = await tx.text_stops.now()
        if stop is None or not stop.holds(self._clock.now()):
            return None
        return CodeReply(kind=CodeKind.REFUSED, code=stop.code)

    async def _keep(self, id_: str, digest: str) -> None:
        async with self._store.transaction() as tx:
            await tx.phone_codes.add(id_, digest, self._clock.now())


def _reply(posted: Posted, id_: str | None) -> CodeReply:
    if posted.came is Came.REFUSED:
        return CodeReply(kind=_refused(posted.code), code=posted.code)
    kind = _CAME[posted.came]
    return CodeReply(kind=kind, sid=id_ if kind is CodeKind.SENT else None, code=posted.code)


def _refused(code: int | None) -> CodeKind:
    if code == REPLIED_STOP:
        return CodeKind.STOPPED
    match meaning_of(code).then:
        case Then.AGAIN:
            return CodeKind.BUSY
        case Then.NUMBER_STOPS | Then.NUMBER_FAILS:
            return CodeKind.NO_SUCH_PHONE
        case _:
            return CodeKind.REFUSED
