"""However many guess, side by side and over restarts: no code is tried more than five times."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.actions import code_words
from engine.domain.watch import Owner, OwnerKind
from engine.errors import InvalidInput
from engine.http import open_session
from sandbox.ledger import Ledger
from sandbox.server import serve
from sandbox.twilio import SERVICE, FakeTwilio
from sandbox.twilio_verify import VERIFY_SERVICE_SID
from tests.integration.sms.conftest import OTHER_PHONE, PHONE, Line, Place
from tests.support.clock import HandClock

MEMBERS = [Owner(OwnerKind.MEMBER, f"100{number}", "5001") for number in range(3)]
PHONES = (PHONE, OTHER_PHONE)
ROOMY = {"sms_user_daily_cap": 500, "sms_server_daily_cap": 500, "sms_daily_cap": 500, "sms_monthly_cap": 900}
MOST_TRIES = 5
# An evening takes a while: the first that goes wrong is shown as it was.
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)

member = st.sampled_from(MEMBERS)
asking = st.tuples(st.just("ask"), member, st.sampled_from(PHONES))
guessing = st.tuples(st.just("guess"), member, st.integers(1, 8))
knowing = st.tuples(st.just("know"), member)
waiting = st.tuples(st.just("wait"), st.sampled_from((60, 599, 3600)))
restarting = st.tuples(st.just("restart"))
# Everybody asks for a code first, so that there is something to guess at.
openings = st.tuples(*(st.tuples(st.just("ask"), st.just(who), st.sampled_from(PHONES)) for who in MEMBERS))
evenings = st.lists(
    asking | guessing | guessing | guessing | knowing | waiting | restarting, min_size=6, max_size=25
)


@asynccontextmanager
async def pretend_place(verify_service: str | None) -> AsyncIterator[Place]:
    clock, ledger = HandClock(), Ledger()
    twilio = FakeTwilio(ledger, clock=clock)
    with tempfile.TemporaryDirectory() as folder:
        async with serve(twilio, SERVICE, ledger), open_session(limit=10, timeout_s=2.0) as session:
            yield Place(Path(folder), session, clock, twilio, verify_service)


class Evening:
    """Acts out what some members do, and counts the tries of each code that was sent."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.asked: Counter[str] = Counter()
        self.phone_of: dict[str, str] = {}
        self.tries: Counter[tuple[str, int]] = Counter()

    async def play(self, acts: list[tuple[object, ...]]) -> None:
        """All acts in order; each restart opens the engine's part anew over the same file."""
        parts: list[list[tuple[object, ...]]] = [[]]
        for act in acts:
            if act[0] == "restart":
                parts.append([])
            else:
                parts[-1].append(act)
        for part in parts:
            async with self.place.open(**ROOMY) as line:
                for act in part:
                    await self.act(line, *act)

    async def act(self, line: Line, kind: object, *given: object) -> None:
        match kind, given:
            case "ask", (Owner() as who, str(phone)):
                if await answered(line.link(who, phone)) is None:
                    self.asked[who.id] += 1
                    self.phone_of[who.id] = phone
            case "guess", (Owner() as who, int(count)):
                await asyncio.gather(
                    *(self.count(who, line.sms.confirm(who, f"{n:06}")) for n in range(count))
                )
            case "know", (Owner() as who,):
                phone = self.phone_of.get(who.id, PHONE)
                if any(to == phone for to, _ in line.codes):
                    await self.count(who, line.sms.confirm(who, line.code_on(phone)))
            case "wait", (int(seconds),):
                await line.clock.advance(seconds)

    async def count(self, who: Owner, confirming: object) -> None:
        """An answer that tells right from wrong was a try of the member's newest code."""
        if await answered(confirming) in (None, str(code_words.WRONG)):
            self.tries[who.id, self.asked[who.id]] += 1


async def answered(call: object) -> str | None:
    """The sentence of a refusal; None when it went well."""
    try:
        await call  # type: ignore[misc]
    except InvalidInput as refusal:
        return refusal.sentence
    return None


@pytest.mark.parametrize("verify_service", [VERIFY_SERVICE_SID, None], ids=["verify", "own codes"])
@settings(max_examples=12, deadline=None, phases=QUICK, suppress_health_check=[HealthCheck.too_slow])
@given(opening=openings, acts=evenings)
def test_no_code_is_tried_more_than_five_times(
    verify_service: str | None, opening: tuple[tuple[object, ...], ...], acts: list[tuple[object, ...]]
) -> None:
    async def evening() -> None:
        async with pretend_place(verify_service) as place:
            played = Evening(place)
            await played.play([*opening, *acts])
            assert max(played.tries.values(), default=0) <= MOST_TRIES
            assert max(place.twilio.verify.checks, default=0) <= MOST_TRIES

    asyncio.run(evening())
