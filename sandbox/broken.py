"""Replies that are broken in the same ways whoever sends them."""

import asyncio
import gzip
from typing import Final

from aiohttp import web

from sandbox.faults import Fault

_BOMB_BYTES: Final = 9 * 1024 * 1024  # just over what the engine reads


async def broken(request: web.Request, fault: Fault, whole: bytes) -> web.StreamResponse:
    """Answer with a broken form of a whole body, or without a whole HTTP reply."""
    match fault:
        case Fault.HTML:
            return web.Response(text="<!DOCTYPE html><title>Bad gateway</title>", content_type="text/html")
        case Fault.CUT_JSON:
            return web.Response(body=whole[: len(whole) // 2], content_type="application/json")
        case Fault.BOMB:
            headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
            return web.Response(body=gzip.compress(b" " * _BOMB_BYTES), headers=headers)
        case Fault.HANG:
            await asyncio.Event().wait()  # until the client gives up: the server then cancels this
    if fault is Fault.RESET:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    response = web.StreamResponse(headers={"Content-Length": "100000"})
    await response.prepare(request)
    while fault is Fault.DRIP:
        await response.write(b" ")
        await asyncio.sleep(0.02)
    await response.write(b'{"data": [')
    if request.transport is not None:
        request.transport.close()
    return response
