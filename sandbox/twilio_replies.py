"""What every product of the pretend Twilio shares: who may ask, and how it answers on a bad day."""

import asyncio
import base64
from collections.abc import Mapping

from aiohttp import web

from sandbox.twilio_faults import Reply, Trouble
from sandbox.twilio_rules import refusal

_HTML = "<!DOCTYPE html><html><head><title>Error</title></head><body>Sorry</body></html>"


def authorized(request: web.Request, account_sid: str, auth_token: str) -> bool:
    """Whether a request carries these credentials, and its path, where it names an account, this one."""
    wanted = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
    given = request.headers.get("Authorization") == f"Basic {wanted}"
    return given and request.match_info.get("account", account_sid) == account_sid


async def troubled(
    request: web.Request, trouble: Trouble, asked: Mapping[str, str], well: web.Response
) -> web.StreamResponse:
    """Answer as badly as was planned; `well` is what a good day would have brought."""
    match trouble.reply:
        case Reply.REFUSED:
            reply = refusal(trouble.status, trouble.code, asked)
            if trouble.retry_after is not None:
                reply.headers["Retry-After"] = trouble.retry_after
            return reply
        case Reply.SERVER_ERROR:
            return web.Response(status=500, text=_HTML, content_type="text/html")
        case Reply.HTML:
            return web.Response(status=well.status, text=_HTML, content_type="text/html")
        case Reply.CUT_JSON:
            whole = well.text or ""
            half = whole[: len(whole) // 2]
            return web.Response(status=well.status, text=half, content_type="application/json")
        case Reply.HANG:
            await asyncio.Event().wait()  # until the client gives up: the server then cancels this
            return well
        case Reply.RESET:
            if request.transport is not None:
                request.transport.abort()
            return well
