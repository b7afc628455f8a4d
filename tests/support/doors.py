"""Knocking at the webhook door of a process, as the pretend Twilio."""

import asyncio
import re

from engine.clock import SystemClock
from sandbox.twilio import ACCOUNT_SID, AUTH_TOKEN, FROM_NUMBER
from sandbox.twilio_callbacks import Callbacks

PUBLIC = "https://fares.example.org"
# What a process is given so that it listens at any free port.
ENVIRON = {
    "TWILIO_SID": ACCOUNT_SID,
    "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
    "FROM_NUMBER": FROM_NUMBER,
    "WEBHOOK_BIND": "127.0.0.1:0",
    "PUBLIC_BASE_URL": PUBLIC,
}
_HEARD = re.compile(rb"Twilio are heard.*port=\D*(\d+)")


async def port_of(process: asyncio.subprocess.Process) -> int:
    """The port that the process says it listens at."""
    assert process.stderr is not None
    async with asyncio.timeout(30):
        async for line in process.stderr:
            plain = re.sub(rb"\x1b\[[0-9;]*m", b"", line)
            if found := _HEARD.search(plain):
                return int(found[1])
    raise AssertionError("it never listened")


async def knocks(port: int) -> list[int]:
    """What is answered to a signed status, to a forged one, and to a status at the address of the door."""
    twilio = Callbacks(account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, clock=SystemClock())
    twilio.leads_to[PUBLIC] = door = f"http://127.0.0.1:{port}"
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    path = "/twilio/status?k=nobody"
    return [
        await twilio.send(f"{PUBLIC}{path}", form),
        await twilio.send(f"{PUBLIC}{path}", form, headers={"X-Twilio-Signature": "bm90IGl0"}),
        await twilio.send(f"{door}{path}", form),
    ]
