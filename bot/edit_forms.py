"""The form in which a member changes a route: five fields with what holds now."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import discord

from bot import acts, ids, replies
from bot.answer import Form, How, Reply, answer
from bot.present.route import stops_, title
from bot.present.scene import Scene
from bot.present.text import clip
from bot.press import PressButton, Style
from bot.visit import Visit, visit_of
from engine.actions.editing import EditWatch
from engine.actions.shown import Shown
from engine.domain import detail_words, trip_words
from engine.domain.detail_words import DetailPhrases
from engine.domain.trip_words import Phrases, TripWords
from engine.domain.typed import MOST_STOPS
from engine.domain.typed_details import details_of
from engine.domain.watch import WatchId
from engine.errors import InvalidInput
from engine.tongue import locale, say

_LONGEST_TITLE: Final = 45
_LONGEST_LABEL: Final = 45
_LONGEST_DESCRIPTION: Final = 100
_LONGEST_AMOUNT: Final = 24
_LONGEST_DAYS: Final = 80
_LONGEST_DETAILS: Final = 300
_ANY_STOPS: Final = "any"


def held(shown: Shown, today: date) -> Mapping[str, str]:
    """What stands in the form of a route as it is, by the names of its fields."""
    phrases, details = _phrases()
    target, route = shown.watch.rules.target, shown.route
    out, back = trip_words.trip_words(route.trip, today, phrases)
    return {
        "target": target.plain() if target else "",
        "out": out,
        "back": back,
        "stops": _ANY_STOPS if route.max_stops is None else str(route.max_stops),
        "details": detail_words.detail_words(details_of(route), details),
    }


class EditForm(Form):
    """Everything about a route but its ends and its currency; `typed` stands in place of what holds now."""

    def __init__(self, shown: Shown, scene: Scene, typed: Mapping[str, str]) -> None:
        name = title(shown.route, scene.cities)
        super().__init__(title=clip(say("Change {route}", route=name), _LONGEST_TITLE))
        self._watch_id = shown.watch.id
        self._held = held(shown, scene.today)
        begun = {**self._held, **typed}
        currency = shown.route.currency
        self._fields: dict[str, discord.ui.TextInput[Any]] = {}
        self._ask(
            "target",
            say("Tell me at or below"),
            say("For everybody together, in {currency}. Empty: new lows.", currency=currency),
            begun,
            hint=say("420, or 210 pp for each person"),
            longest=_LONGEST_AMOUNT,
        )
        self._ask(
            "out",
            say("Out"),
            say("Like 12 Mar, 12 Mar ±3, March, any Fri in the next 90 days."),
            begun,
            longest=_LONGEST_DAYS,
            needed=True,
        )
        self._ask(
            "back",
            say("Back"),
            say("Like 26 Mar, 14 nights, 7-10 nights. Empty: one way."),
            begun,
            longest=_LONGEST_DAYS,
        )
        self._stops = _stops_menu(begun["stops"])
        self._label(say("Stops"), say("In each direction."), self._stops)
        self._ask(
            "details",
            say("Who travels, and on which flights"),
            say("Like 2 adults, 1 child, business, only BA LH, not FR, out 6-12, back after 18, 1 bag."),
            begun,
            longest=_LONGEST_DETAILS,
        )

    def _ask(
        self,
        name: str,
        label: str,
        description: str,
        begun: Mapping[str, str],
        *,
        longest: int,
        hint: str | None = None,
        needed: bool = False,
    ) -> None:
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=name,
            default=begun[name] or None,
            placeholder=hint,
            required=needed,
            max_length=longest,
        )
        self._fields[name] = field
        self._label(label, description, field)

    def _label(self, label: str, description: str, component: discord.ui.Item[Any]) -> None:
        text, below = clip(label, _LONGEST_LABEL), clip(description, _LONGEST_DESCRIPTION)
        self.add_item(discord.ui.Label(text=text, description=below, component=component))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Change what was typed over, and show the route anew."""
        typed = {name: field.value.strip() for name, field in self._fields.items()}
        typed["stops"] = next(iter(self._stops.values), self._held["stops"])

        async def work() -> Reply:
            visit = visit_of(interaction)
            try:
                return await self._changed(await visit.acting_on(self._watch_id), typed)
            except InvalidInput:
                visit.desk.drafts.keep(str(interaction.user.id), self._watch_id, typed)
                raise

        in_place = How.IN_PLACE if interaction.message is not None else How.NEW
        await answer(interaction, work, in_place, again=_try_again(self._watch_id))

    async def _changed(self, visit: Visit, typed: Mapping[str, str]) -> Reply:
        edit = _edit(self._held, typed)
        if edit == EditWatch():
            return await acts.show(visit, self._watch_id)
        return replies.changed(await visit.watches.edit(self._watch_id, visit.actor, edit), visit.scene)


def _edit(before: Mapping[str, str], typed: Mapping[str, str]) -> EditWatch:
    """What is not as it was: a field that nobody touched cannot be read in another way than it was meant."""
    changed = {name: text for name, text in typed.items() if text != before[name]}
    dated = "out" in changed or "back" in changed
    return EditWatch(
        target=changed.get("target"),
        trip=TripWords(typed["out"], typed["back"]) if dated else None,
        stops=changed.get("stops"),
        details=changed.get("details"),
    )


def _stops_menu(chosen: str) -> discord.ui.Select[Any]:
    offered = [(_ANY_STOPS, stops_(None)), *((str(most), stops_(most)) for most in range(MOST_STOPS + 1))]
    options = [
        discord.SelectOption(label=caption[:1].upper() + caption[1:], value=value, default=value == chosen)
        for value, caption in offered
    ]
    return discord.ui.Select(custom_id="stops", options=options)


def _try_again(watch_id: WatchId) -> PressButton:
    return PressButton.labelled(say("Try again"), ids.of_watch("again", watch_id), Style.primary)


def _phrases() -> tuple[Phrases, DetailPhrases]:
    """The words of the reader's language, where it is one that is read; English is read from everybody."""
    return (
        trip_words.BY_LANGUAGE.get(locale(), trip_words.ENGLISH),
        detail_words.BY_LANGUAGE.get(locale(), detail_words.ENGLISH),
    )
