"""Messages about lists of routes, with their buttons and files; only their member sees them."""

from bot import ids
from bot.answer import Attached, Reply
from bot.present import lists
from bot.present.sayings import said
from bot.present.scene import Scene
from bot.press import PressButton, Style
from engine.actions.exporting import Exported
from engine.actions.importing import Imported, Plan, Preview
from engine.routelists.writing import write_csv
from engine.tongue import say


def preview(found: Preview, scene: Scene) -> Reply:
    """What would change, and the buttons that do it or leave it."""
    embed, files = lists.preview(found, scene), _faults(found.plan)
    if not found.plan.does_something:
        return Reply(embed=embed, files=files)
    go = PressButton.labelled(lists.deed(found.plan), ids.custom_id("import", found.key), Style.primary)
    leave = PressButton.labelled(say("Cancel"), ids.custom_id("import-cancel", found.key))
    return Reply(embed=embed, rows=((go, leave),), files=files)


def imported(done: Imported, scene: Scene) -> Reply:
    """It is done."""
    return Reply(embed=lists.imported(done, scene), files=_faults(done.plan))


def cancelled() -> Reply:
    """Nothing happened."""
    return Reply(embed=lists.cancelled())


def exported(result: Exported, scene: Scene) -> Reply:
    """The file, and what it cannot say."""
    file = Attached(f"routes-{scene.today}.csv", result.content)
    return Reply(embed=lists.exported(result), files=(file,) if result.routes else ())


def _faults(plan: Plan) -> tuple[Attached, ...]:
    """All that was left out as a file, where it is more than the message shows."""
    if len(plan.refused) <= lists.MOST_SHOWN:
        return ()
    rows = [
        (say("row"), say("column"), say("why")),
        *((str(f.row), f.column or "", said(f.saying)) for f in plan.refused),
    ]
    return (Attached(lists.FAULTS_FILE, write_csv(rows).encode("utf-8-sig")),)
