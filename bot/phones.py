"""What the commands and buttons around a member's phone do; each gives the message for that member."""

from bot import sms_replies
from bot.answer import Reply
from bot.visit import Visit


async def status(visit: Visit) -> Reply:
    """What is linked and what was texted."""
    return sms_replies.status(await visit.actions.sms.status(visit.actor))


async def test(visit: Visit) -> Reply:
    """Send a text to the own phone, and say what came of it."""
    sms = visit.actions.sms
    done = await sms.test(visit.actor)
    return sms_replies.tested(done, await sms.status(visit.actor))


async def pause(visit: Visit) -> Reply:
    """Let texts rest."""
    return sms_replies.paused(await visit.actions.sms.pause(visit.actor))


async def resume(visit: Visit) -> Reply:
    """Let texts come again."""
    return sms_replies.resumed(await visit.actions.sms.resume(visit.actor))


async def forget(visit: Visit) -> Reply:
    """Delete the number and the consent."""
    return sms_replies.forgotten(there_was_one=await visit.actions.sms.forget(visit.actor))
