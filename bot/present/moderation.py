"""What who manages a server reads about its members' routes."""

from typing import Final

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.listing import PER_PAGE, Page
from bot.present.route import choice, extras, goal, places, title
from bot.present.scene import Scene
from bot.present.text import clip
from bot.present.when import short_dates
from engine.actions.moderating import Members
from engine.actions.shown import Shown
from engine.tongue import count, say

_LONGEST_LABEL: Final = 100


def page(members: Members, number: int, scene: Scene, news: str | None = None) -> Page:
    """Ten of the members' public routes; of the private ones only how many there are."""
    pages = max(-(-len(members.shown) // PER_PAGE), 1)
    number = min(max(number, 0), pages - 1)
    lines = [
        news,
        _private(members),
        None if members.shown else say("No member has a public route here yet."),
    ]
    fields = [
        Field(f"{place}. {_name(shown, scene)}", _facts(shown, scene), wide=True)
        for place, shown in enumerate(on_page(members, number), start=number * PER_PAGE + 1)
    ]
    footer = count(len(members.shown), "{n} public route", "{n} public routes")
    if pages > 1:
        footer = say("{routes} · page {page} of {pages}", routes=footer, page=number + 1, pages=pages)
    tone = Tone.GOOD if news else Tone.CALM
    return Page(embed(say("Routes of members"), lines, tone, fields=fields, footer=footer), number, pages)


def on_page(members: Members, number: int) -> tuple[Shown, ...]:
    """The routes on a page that there is."""
    return members.shown[number * PER_PAGE : (number + 1) * PER_PAGE]


def label(shown: Shown, scene: Scene) -> str:
    """A route in a menu."""
    return clip(choice(shown.route, shown.watch, scene.today), _LONGEST_LABEL)


def sure(shown: Shown, scene: Scene) -> discord.Embed:
    """The question before it is removed."""
    owner = f"<@{shown.watch.owner.id}>"
    lines = [
        say("{owner} added it and is told by direct message that it was removed.", owner=owner),
        say("They may add it again, unless you choose who may: `/settings watchers`."),
    ]
    name = say("Remove {route}?", route=_name(shown, scene))
    return embed(name, lines, Tone.CARE)


def removed(shown: Shown, scene: Scene) -> str:
    """It is gone."""
    return say("Removed {route} of {owner}.", route=_name(shown, scene), owner=f"<@{shown.watch.owner.id}>")


def _name(shown: Shown, scene: Scene) -> str:
    return (
        f"{title(shown.route, scene.cities)} · {short_dates(shown.route, scene.today)}{extras(shown.route)}"
    )


def _facts(shown: Shown, scene: Scene) -> str:
    return f"<@{shown.watch.owner.id}> · {goal(shown.watch.rules)} · {places(shown.watch.tell, scene.here)}"


def _private(members: Members) -> str | None:
    if not members.private:
        return None
    return count(
        members.private,
        "{n} more is told by direct message, and is its owner's business alone.",
        "{n} more are told by direct message, and are their owners' business alone.",
    )
