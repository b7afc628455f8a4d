"""What a member can ask about their data, with the buttons that hand it out or delete it."""

from bot import ids
from bot.answer import Attached, Reply
from bot.present import privacy
from bot.press import PressButton, Style
from bot.visit import Visit
from engine.tongue import say


async def stored(visit: Visit) -> Reply:
    """What is kept, and the two ways out."""
    what = await visit.actions.privacy.stored(visit.actor)
    export = PressButton.labelled(say("Export as JSON"), ids.custom_id("privacy-export"))
    delete = PressButton.labelled(say("Delete everything"), ids.custom_id("privacy-delete"), Style.danger)
    return Reply(embed=privacy.stored(what), rows=((export, delete),))


async def export(visit: Visit) -> Reply:
    """All of it as a file."""
    content = await visit.actions.privacy.export(visit.actor)
    file = Attached(f"fare-engine-{visit.desk.today}.json", content)
    return Reply(embed=privacy.exported(), files=(file,))


async def ask(visit: Visit) -> Reply:
    """Are you sure?"""
    what = await visit.actions.privacy.stored(visit.actor)
    yes = PressButton.labelled(say("Yes, delete it all"), ids.custom_id("privacy-forget"), Style.danger)
    no = PressButton.labelled(say("Keep it"), ids.custom_id("privacy-keep"))
    return Reply(embed=privacy.sure(what), rows=((yes, no),))


async def delete(visit: Visit) -> Reply:
    """Delete it."""
    return Reply(embed=privacy.deleted(await visit.actions.privacy.delete(visit.actor)))


async def keep(visit: Visit) -> Reply:  # noqa: ARG001  every act is given the visit
    """Leave it."""
    return Reply(embed=privacy.kept())
