"""Forms as members see and send them off: what stands in the fields, and some typed over."""

from simcord.actors import MemberActor
from simcord.results import InteractionResult


def standing(shown: InteractionResult) -> dict[str, str]:
    """What stands in the fields of an open form, by their custom ids; of a menu what is chosen."""
    assert shown.modal
    found = {}
    for label in shown.modal["components"]:
        field = label["component"]
        if "options" in field:
            (chosen,) = [option["value"] for option in field["options"] if option.get("default")]
            found[field["custom_id"]] = chosen
        else:
            found[field["custom_id"]] = field.get("value") or ""
    return found


async def fill(actor: MemberActor, shown: InteractionResult, **typed: str) -> InteractionResult:
    """Send the form off as it stands, but for these fields."""
    values = {**standing(shown), **typed}
    assert shown.modal
    menus = {
        label["component"]["custom_id"]
        for label in shown.modal["components"]
        if "options" in label["component"]
    }
    picked = {name: [value] if name in menus else value for name, value in values.items()}
    return await actor.submit_modal(shown, picked)
