"""The scripted evening, as a person starts it."""

import asyncio
import sys

import msgspec


async def test_the_scripted_evening_happens_and_is_told_as_one_json_object() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--script", "--json", stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()

    evening = msgspec.json.decode(out)
    assert process.returncode == 0
    assert evening["ok"] is True
    assert (evening["alerts_posted"], evening["sms_sent"], evening["buttons_pressed"]) == (1, 2, 3)
    assert "TARGET" in [route["alert"] for route in evening["batch"]["routes"]]
