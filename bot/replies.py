"""Messages with their buttons: what an action came to, put together for one member."""

from bot import ids
from bot.answer import Reply
from bot.desk import Desk
from bot.present import listing, replies
from bot.present.money import money
from bot.press import PressButton, Style
from engine.actions.shown import Added, Checked, Offer, OfferKind, Shown
from engine.domain.watch import WatchStatus


def added(desk: Desk, result: Added) -> Reply:
    """A new route, or the one that was there already."""
    watch = result.shown.watch
    if result.existed:
        embed = replies.existing(result, desk.gazetteer.city, desk.today)
        return Reply(embed=embed, buttons=(_change(result.shown), *_pause_or_resume(result.shown)))
    embed = replies.added(result, desk.gazetteer.city, desk.check_interval, desk.today)
    undo = PressButton.labelled("Undo", ids.of_watch("undo", watch.id))
    return Reply(embed=embed, buttons=(*_offers(result), _change(result.shown), undo))


def changed(desk: Desk, result: Added) -> Reply:
    """Another target was set."""
    embed = replies.changed(result, desk.gazetteer.city, desk.check_interval, desk.today)
    return Reply(embed=embed, buttons=(_change(result.shown),))


def resumed(desk: Desk, result: Added) -> Reply:
    """A paused route is watched again."""
    embed = replies.resumed(result, desk.gazetteer.city, desk.check_interval, desk.today)
    return Reply(embed=embed, buttons=(_change(result.shown), *_pause_or_resume(result.shown)))


def paused(desk: Desk, shown: Shown) -> Reply:
    """A route rests."""
    embed = replies.paused(shown, desk.gazetteer.city, desk.today)
    return Reply(embed=embed, buttons=_pause_or_resume(shown))


def removed(desk: Desk, shown: Shown) -> Reply:
    """A route is off the list, for a minute with a way back."""
    undo = PressButton.labelled("Undo", ids.of_watch("restore", shown.watch.id), Style.primary)
    return Reply(embed=replies.removed(shown, desk.gazetteer.city, desk.today), buttons=(undo,))


def undone(desk: Desk, shown: Shown) -> Reply:
    """A route just added is off the list again."""
    return Reply(embed=replies.undone(shown, desk.gazetteer.city))


def restored(desk: Desk, shown: Shown) -> Reply:
    """A removal was undone."""
    return Reply(embed=replies.restored(shown, desk.gazetteer.city, desk.today), buttons=(_change(shown),))


def snoozed(desk: Desk, shown: Shown) -> Reply:
    """A route is silent for a while."""
    return Reply(embed=replies.snoozed(shown, desk.gazetteer.city))


def checked(desk: Desk, result: Checked) -> Reply:
    """What a look just now came to."""
    return Reply(embed=replies.checked(result, desk.gazetteer.city, desk.today))


def shown(desk: Desk, one: Shown) -> Reply:
    """One route in full."""
    remove = PressButton.labelled("Remove", ids.of_watch("remove", one.watch.id), Style.danger)
    buttons = (_change(one), *_pause_or_resume(one), remove)
    return Reply(embed=listing.detail(one, desk.gazetteer.city, desk.today), buttons=buttons)


def listed(desk: Desk, routes: list[Shown], number: int) -> Reply:
    """A page of the list."""
    page = listing.page(routes, number, desk.gazetteer.city, desk.today, desk.most_routes)
    if page.of == 1:
        return Reply(embed=page.embed)
    turns = (
        ("Previous", page.number - 1, page.number == 0),
        ("Next", page.number + 1, page.number == page.of - 1),
    )
    buttons = (
        PressButton.labelled(label, ids.custom_id("list", label.lower(), str(max(to, 0))), disabled=off)
        for label, to, off in turns
    )
    return Reply(embed=page.embed, buttons=tuple(buttons))


def _change(one: Shown) -> PressButton:
    return PressButton.labelled("Change target", ids.change(one.watch.id, one.watch.rules.target))


def _pause_or_resume(one: Shown) -> tuple[PressButton, ...]:
    match one.watch.status:
        case WatchStatus.ACTIVE:
            return (PressButton.labelled("Pause", ids.of_watch("rest", one.watch.id)),)
        case WatchStatus.PAUSED:
            return (PressButton.labelled("Resume", ids.of_watch("resume", one.watch.id), Style.primary),)
        case WatchStatus.EXPIRED:
            return ()


def _offers(result: Added) -> tuple[PressButton, ...]:
    """The three targets; one that cannot be had yet is there, disabled, with its reason."""
    return tuple(_offer(result.shown, offer) for offer in result.offers)


def _offer(one: Shown, offer: Offer) -> PressButton:
    label = {
        OfferKind.PERCENTILE_25: "Cheapest quarter",
        OfferKind.TEN_BELOW: "10 % below today",
        OfferKind.NEW_LOW: "A new low",
    }[offer.kind]
    if offer.rules is None:
        blocked = ids.custom_id("offer", one.watch.id, "none", offer.kind.value)
        return PressButton.labelled(f"{label}: {offer.why_not}", blocked, disabled=True)
    if offer.rules.target is not None:
        label = f"{label}: {money(offer.rules.target)}"
    return PressButton.labelled(label, ids.offer(one.watch.id, offer.rules), Style.primary)
