"""What managers do with the webhooks of their server, and the reply to each."""

from bot import ids
from bot.answer import Reply
from bot.present import webhooks as present
from bot.press import PressButton, Style
from bot.visit import Visit
from engine.actions.webhooks import NewWebhook
from engine.tongue import say


async def add(visit: Visit, typed: NewWebhook) -> Reply:
    """Keep what was typed into the form."""
    webhook = await visit.actions.webhooks.add(visit.actor, typed)
    test = PressButton.labelled(say("Send a test"), ids.custom_id("hook-test", webhook.id), Style.primary)
    return Reply(embed=present.added(webhook), rows=((test,),))


async def listed(visit: Visit, server_id: str) -> Reply:
    """All of the server's, with how they stand."""
    standings = await visit.actions.webhooks.of_server(server_id)
    return Reply(embed=present.listed(standings, possible=visit.actions.webhooks.possible))


async def remove(visit: Visit, server_id: str, chosen: str) -> Reply:
    """Forget one."""
    return Reply(embed=present.removed(await visit.actions.webhooks.remove(server_id, chosen)))


async def test(visit: Visit, server_id: str, chosen: str) -> Reply:
    """Send a dry run and say what came of it."""
    return Reply(embed=present.tried(await visit.actions.webhooks.test(server_id, chosen)))
