"""What a member can ask about their alerts, and the message that answers it."""

from bot.answer import Reply
from bot.present import recent as recent_page
from bot.replies import turn
from bot.visit import Visit


async def recent(visit: Visit, number: int = 0) -> Reply:
    """A page of what was told, with buttons to turn it."""
    page = await visit.desk.alerts.recent(visit.actor, number)
    rows = (turn("recent", page.number, page.of),) if page.of > 1 else ()
    return Reply(embed=recent_page.recent(page, visit.actor.id, visit.scene), rows=rows)
