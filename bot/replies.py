"""Messages with their buttons: what an action came to, put together for one member."""

import discord
import msgspec

from bot import ids
from bot.answer import Attached, Reply
from bot.present import chart, listing, months, replies
from bot.present.money import money
from bot.present.scene import Scene
from bot.press import PressButton, Style
from engine.actions.offers import FEWEST_DAYS
from engine.actions.room import Allowed
from engine.actions.shown import Added, Checked, Offer, OfferKind, Shown
from engine.domain.calendars import Calendar
from engine.domain.watch import OwnerKind, WatchStatus
from engine.tongue import count, say

Buttons = tuple[PressButton, ...]


class Pictures(msgspec.Struct, frozen=True, kw_only=True):
    """Those of a route: how its fare went, and what each day of `days` costs; none where there is none."""

    chart: tuple[Attached, ...] = ()
    calendar: tuple[Attached, ...] = ()
    days: Calendar = Calendar()


def added(result: Added, scene: Scene) -> Reply:
    """A new route, or the one that was there already."""
    shown = result.shown
    if result.existed:
        return Reply(
            embed=replies.existing(result, scene), rows=((_change(shown), *_pause_or_resume(shown)),)
        )
    undo = PressButton.labelled(say("Undo"), ids.of_watch("undo", shown.watch.id))
    return Reply(embed=replies.added(result, scene), rows=(_offers(result), (_change(shown), undo)))


def changed(result: Added, scene: Scene) -> Reply:
    """It is not what it was: other days, another target."""
    return Reply(embed=replies.changed(result, scene), rows=((_change(result.shown),),))


def told_here(shown: Shown, scene: Scene) -> Reply:
    """It stays as it is: told in a channel."""
    undo = PressButton.labelled(say("Undo"), ids.of_watch("undo", shown.watch.id))
    return Reply(embed=replies.told_here(shown, scene), rows=((_change(shown), undo),))


def told_privately(result: Added, scene: Scene) -> Reply:
    """It is told by direct message from now on, and so are those added later."""
    undo = PressButton.labelled(say("Undo"), ids.of_watch("undo", result.shown.watch.id))
    return Reply(embed=replies.told_privately(result, scene), rows=((_change(result.shown), undo),))


def resumed(result: Added, scene: Scene) -> Reply:
    """A paused route is watched again."""
    row = (_change(result.shown), *_pause_or_resume(result.shown))
    return Reply(embed=replies.resumed(result, scene), rows=(row,))


def paused(shown: Shown, scene: Scene) -> Reply:
    """A route rests."""
    return Reply(embed=replies.paused(shown, scene), rows=(_pause_or_resume(shown),))


def removed(shown: Shown, scene: Scene) -> Reply:
    """A route is off the list, for a minute with a way back."""
    undo = PressButton.labelled(say("Undo"), ids.of_watch("restore", shown.watch.id), Style.primary)
    return Reply(embed=replies.removed(shown, scene), rows=((undo,),))


def undone(shown: Shown, scene: Scene) -> Reply:
    """A route just added is off the list again."""
    return Reply(embed=replies.undone(shown, scene))


def restored(shown: Shown, scene: Scene) -> Reply:
    """A removal was undone."""
    return Reply(embed=replies.restored(shown, scene), rows=((_change(shown),),))


def snoozed(shown: Shown, scene: Scene) -> Reply:
    """A route is silent for a while."""
    return Reply(embed=replies.snoozed(shown, scene))


def checked(result: Checked, scene: Scene) -> Reply:
    """What a look just now came to."""
    return Reply(embed=replies.checked(result, scene))


def history(one: Shown, scene: Scene, pictures: Pictures) -> Reply:
    """How a route's fare went, and of one that leaves a choice what each day costs before that."""
    is_second = bool(pictures.calendar)
    so_far = pictured(chart.history(one, scene, below_another=is_second), pictures.chart)
    files = (*pictures.calendar, *pictures.chart)
    if not is_second:
        return Reply(embed=so_far, rows=((_change(one),),), files=files)
    days = pictured(months.by_day(one, pictures.days, scene), pictures.calendar)
    return Reply(embed=days, more=(so_far,), rows=((_change(one),),), files=files)


def pictured(embed: discord.Embed, picture: tuple[Attached, ...]) -> discord.Embed:
    """The embed with the attached picture in it."""
    for file in picture:
        embed.set_image(url=f"attachment://{file.name}")
    return embed


def shown(one: Shown, scene: Scene, picture: tuple[Attached, ...] = ()) -> Reply:
    """One route in full."""
    remove = PressButton.labelled(say("Remove"), ids.of_watch("remove", one.watch.id), Style.danger)
    row = (_change(one), *_pause_or_resume(one), remove)
    return Reply(embed=pictured(listing.detail(one, scene), picture), rows=(row,), files=picture)


def listed(
    routes: list[Shown],
    number: int,
    scene: Scene,
    whose: OwnerKind = OwnerKind.MEMBER,
    allowed: Allowed | None = None,
) -> Reply:
    """A page of the list, with buttons to turn it."""
    page = listing.page(routes, number, scene, whose, allowed)
    verb = "list-server" if whose is OwnerKind.SERVER else "list"
    if page.of == 1:
        return Reply(embed=page.embed)
    return Reply(embed=page.embed, rows=(turn(verb, page.number, page.of),))


def turn(verb: str, number: int, of: int) -> Buttons:
    """The two buttons that turn a page; `number` counts from 0."""
    back = ids.custom_id(verb, "previous", str(max(number - 1, 0)))
    on = ids.custom_id(verb, "next", str(number + 1))
    return (
        PressButton.labelled(say("Previous"), back, disabled=number == 0),
        PressButton.labelled(say("Next"), on, disabled=number == of - 1),
    )


def _change(one: Shown) -> PressButton:
    return PressButton.labelled(say("Change"), ids.of_watch("change", one.watch.id))


def _pause_or_resume(one: Shown) -> Buttons:
    match one.watch.status:
        case WatchStatus.ACTIVE:
            return (PressButton.labelled(say("Pause"), ids.of_watch("rest", one.watch.id)),)
        case WatchStatus.PAUSED:
            return (PressButton.labelled(say("Resume"), ids.of_watch("resume", one.watch.id), Style.primary),)
        case WatchStatus.EXPIRED:
            return ()


def _offers(result: Added) -> Buttons:
    """The three targets; one that cannot be had yet is there, disabled, with its reason."""
    return tuple(_offer(result.shown, offer) for offer in result.offers)


def _offer(one: Shown, offer: Offer) -> PressButton:
    label = {
        OfferKind.PERCENTILE_25: say("Cheapest quarter"),
        OfferKind.TEN_BELOW: say("10 % below today"),
        OfferKind.NEW_LOW: say("A new low"),
    }[offer.kind]
    if offer.rules is None:
        blocked = ids.custom_id("offer", one.watch.id, "none", offer.kind.value)
        why_not = say("needs a fare of today")
        if offer.kind is OfferKind.PERCENTILE_25:
            why_not = count(FEWEST_DAYS, "needs {n} day of fares", "needs {n} days of fares")
        return PressButton.labelled(f"{label}: {why_not}", blocked, disabled=True)
    if offer.rules.target is not None:
        label = f"{label}: {money(offer.rules.target)}"
    return PressButton.labelled(label, ids.offer(one.watch.id, offer.rules), Style.primary)
