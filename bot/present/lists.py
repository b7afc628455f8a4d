"""What a member reads about lists: what an import would change, what it did, what an export cannot say."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.faults import plain_sentence
from bot.present.money import money
from bot.present.route import extras, places, title
from bot.present.scene import Scene
from bot.present.text import clip, listed
from bot.present.when import ago, short_dates
from engine.actions.exporting import Exported
from engine.actions.importing import Change, Imported, Plan, Preview
from engine.domain.route import RollingDates, Route
from engine.domain.watch import Destination
from engine.routelists.rows import ListedRoute, RowFault

_T = TypeVar("_T")

MOST_SHOWN: Final = 5
FAULTS_FILE: Final = "left-out.csv"
_LONGEST_LINE: Final = 180


def preview(found: Preview, scene: Scene) -> discord.Embed:
    """What a list would change, before anything does."""
    plan = found.plan
    if not plan.does_something:
        lines = [f"**{found.name}** has {_counts(plan)}."]
        return embed("Nothing to import", lines, Tone.CARE, fields=_left_out(plan))
    lines = [
        f"**{found.name}** has {_counts(plan)}.",
        f"Nothing is stored before you press the button; this preview closes {ago(found.until)}.",
    ]
    fields = [*_kinds(plan, scene), *_telling(found.tell, plan, scene), *_left_out(plan)]
    after = found.watched + len(plan.adding)
    tone = Tone.CARE if plan.refused else Tone.CALM
    footer = f"Afterwards you watch {after} of {scene.most_routes} routes"
    return embed(f"{deed(plan)}?", lines, tone, fields=fields, footer=footer)


def imported(done: Imported, scene: Scene) -> discord.Embed:
    """What an import changed."""
    plan = done.plan
    if not plan.does_something:
        return embed("Nothing to import", [f"By now it changes nothing. It has {_counts(plan)}."], Tone.PAST)
    words = []
    if plan.adding:
        words.append(f"{count(len(plan.adding), 'route')} added")
    if plan.changing:
        words.append(f"{count(len(plan.changing), 'target')} changed")
    lines = ["I look at them now. `/route list` shows them."]
    fields = [*_telling(done.tell, plan, scene), *_left_out(plan)]
    return embed(listed(words).capitalize(), lines, Tone.GOOD, fields=fields)


def cancelled() -> discord.Embed:
    """An import that was left."""
    return embed("Import cancelled", ["Nothing was stored. `/route import` starts anew."], Tone.PAST)


def exported(result: Exported) -> discord.Embed:
    """What is in the file, and what could not be written into it."""
    notes = [f"- {note}" for note in _notes(result)]
    if not result.routes:
        begin = None if notes else "You watch no routes yet: `/route add` begins."
        return embed("Nothing to export", [begin, *notes], Tone.CALM)
    lines = [
        "`/route import` takes the file again without change; another member can import it too.",
        "Where I tell you is not in it: you choose that when you import it.",
        "",
        *notes,
    ]
    have = "Your route" if result.routes == 1 else f"Your {result.routes} routes"
    return embed(f"{have} as a file", lines, Tone.CALM)


def deed(plan: Plan) -> str:
    """Add 12 routes, change 2 targets: what the button does."""
    words = []
    if plan.adding:
        words.append(f"add {count(len(plan.adding), 'route')}")
    if plan.changing:
        words.append(f"change {count(len(plan.changing), 'target')}")
    said = listed(words)
    return said[:1].upper() + said[1:]


def count(number: int, noun: str) -> str:
    """1 route, 12 routes."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _counts(plan: Plan) -> str:
    """17 rows: 12 are new, 2 get another target, 1 is on your list already and 2 are left out."""
    kinds = (
        (len(plan.adding), "is new", "are new"),
        (len(plan.changing), "gets another target", "get another target"),
        (len(plan.same), "is on your list already", "are on your list already"),
        (len(plan.refused), "is left out", "are left out"),
    )
    rows = sum(number for number, _, _ in kinds)
    words = [f"**{number:,}** {one if number == 1 else many}" for number, one, many in kinds if number]
    return f"{count(rows, 'row')}: {listed(words)}" if words else "no rows below the names of the columns"


def _kinds(plan: Plan, scene: Scene) -> list[Field]:
    """The first lines of what would be stored."""
    return [
        *_first("New", plan.adding, lambda row: _new(row, scene)),
        *_first("Another target", plan.changing, lambda change: _changed(change, scene)),
    ]


def _left_out(plan: Plan) -> list[Field]:
    return _first("Left out", plan.refused, _fault, f" in **{FAULTS_FILE}**")


def _first(name: str, all_: Sequence[_T], line: Callable[[_T], str], where: str = "") -> list[Field]:
    if not all_:
        return []
    lines = [f"- {clip(line(each), _LONGEST_LINE)}" for each in all_[:MOST_SHOWN]]
    if more := len(all_) - len(lines):
        lines.append(f"- … and {more:,} more{where}")
    return [Field(f"{name}: {len(all_):,}", "\n".join(lines), wide=True)]


def _new(row: ListedRoute, scene: Scene) -> str:
    goal = f"target **{money(row.target)}**" if row.target else "waits for a new low"
    return f"{_journey(row.route, scene)} · {goal}"


def _changed(change: Change, scene: Scene) -> str:
    before, after = change.watch.rules.target, change.rules.target
    old = money(before) if before else "no target"
    new = money(after) if after else "no target"
    return f"{_journey(change.listed.route, scene)} · {old} → **{new}**"


def _journey(route: Route, scene: Scene) -> str:
    moves = ", moves with today" if isinstance(route.trip, RollingDates) else ""
    return f"{title(route, scene.cities)} · {short_dates(route, scene.today)}{moves}{extras(route)}"


def _fault(fault: RowFault) -> str:
    column = f", {fault.column}" if fault.column else ""
    return f"**Row {fault.row}{column}**: {plain_sentence(fault.sentence)}"


def _telling(tell: tuple[Destination, ...], plan: Plan, scene: Scene) -> list[Field]:
    """Where and when the owner hears of the new ones (rule 9: a list starts armed)."""
    if not plan.adding:
        return []
    words = f"{places(tell, scene.here)}, from the first look on: also a fare that is at its target already"
    return [Field("I tell you of new routes", words, wide=True)]


def _notes(result: Exported) -> list[str]:
    """What the file says by an empty cell, cannot say, or leaves out; one line each."""
    notes = (
        (
            result.untargeted,
            "has no target: the empty cell stands for a new low of 30 days.",
            "have no target: the empty cells stand for a new low of 30 days.",
        ),
        (
            result.undated,
            "moves along with today: empty dates stand for tomorrow and 30 days later.",
            "move along with today: empty dates stand for tomorrow and 30 days later.",
        ),
        (
            result.ruled,
            "has more rules than a target; they are not in the file, and importing it here keeps them.",
            "have more rules than a target; they are not in the file, and importing it here keeps them.",
        ),
        (
            result.paused,
            "is paused, which the file does not say; importing it here leaves it paused.",
            "are paused, which the file does not say; importing it here leaves them paused.",
        ),
        (
            result.twins,
            "is told in a second place; the file has it once.",
            "are told in a second place; the file has them once.",
        ),
        (
            result.unsayable,
            "is left out: its dates, filters or target fit into no row.",
            "are left out: their dates, filters or targets fit into no row.",
        ),
        (result.departed, "has departed and is left out.", "have departed and are left out."),
    )
    return [f"{count(n, 'route')} {one if n == 1 else many}" for n, one, many in notes if n]
