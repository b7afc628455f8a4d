"""What a member reads about lists: what an import would change, what it did, what an export cannot say."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import discord

from bot.present.embeds import Field, Tone, embed
from bot.present.faults import plain_sentence
from bot.present.money import money
from bot.present.route import extras, places, title
from bot.present.sayings import said
from bot.present.scene import Scene
from bot.present.text import clip, listed
from bot.present.when import ago, short_dates
from engine.actions.exporting import Exported
from engine.actions.importing import Change, Imported, Plan, Preview
from engine.domain.route import RollingDates, Route
from engine.domain.watch import Destination
from engine.routelists.rows import ListedRoute, RowFault
from engine.tongue import count, key, keys, say

_T = TypeVar("_T")

MOST_SHOWN: Final = 5
FAULTS_FILE: Final = "left-out.csv"
_LONGEST_LINE: Final = 180


def preview(found: Preview, scene: Scene) -> discord.Embed:
    """What a list would change, before anything does."""
    plan = found.plan
    if not plan.does_something:
        return embed(say("Nothing to import"), [_what_it_has(found)], Tone.CARE, fields=_left_out(plan))
    lines = [
        _what_it_has(found),
        say(
            "Nothing is stored before you press the button; this preview closes {when}.",
            when=ago(found.until),
        ),
    ]
    fields = [*_kinds(plan, scene), *_telling(found.tell, plan, scene), *_left_out(plan)]
    tone = Tone.CARE if plan.refused else Tone.CALM
    return embed(f"{deed(plan)}?", lines, tone, fields=fields, footer=_afterwards(found))


def _afterwards(found: Preview) -> str:
    allowed, after = found.allowed, found.allowed.used + len(found.plan.adding)
    if allowed.here:
        return say("Afterwards you watch {n} of {most} routes in this server", n=after, most=allowed.most)
    return say("Afterwards you watch {n} of {most} routes", n=after, most=allowed.most)


def imported(done: Imported, scene: Scene) -> discord.Embed:
    """What an import changed."""
    plan = done.plan
    if not plan.does_something:
        lines = [say("By now it changes nothing. It has {rows}.", rows=_counts(plan))]
        return embed(say("Nothing to import"), lines, Tone.PAST)
    words = []
    if plan.adding:
        words.append(count(len(plan.adding), "{n} route added", "{n} routes added"))
    if plan.changing:
        words.append(count(len(plan.changing), "{n} target changed", "{n} targets changed"))
    lines = [say("I look at them now. `/route list` shows them.")]
    fields = [*_telling(done.tell, plan, scene), *_left_out(plan)]
    return embed(listed(words), lines, Tone.GOOD, fields=fields)


def cancelled() -> discord.Embed:
    """An import that was left."""
    lines = [say("Nothing was stored. `/route import` starts anew.")]
    return embed(say("Import cancelled"), lines, Tone.PAST)


def exported(result: Exported) -> discord.Embed:
    """What is in the file, and what could not be written into it."""
    notes = [f"- {note}" for note in _notes(result)]
    if not result.routes:
        begin = None if notes else say("You watch no routes yet: `/route add` begins.")
        return embed(say("Nothing to export"), [begin, *notes], Tone.CALM)
    lines = [
        say("`/route import` takes the file again without change; another member can import it too."),
        say("Where I tell you is not in it: you choose that when you import it."),
        "",
        *notes,
    ]
    return embed(count(result.routes, "Your route as a file", "Your {n} routes as a file"), lines, Tone.CALM)


def deed(plan: Plan) -> str:
    """Add 12 routes, change 2 targets: what the button does."""
    if not plan.changing:
        return count(len(plan.adding), "Add {n} route", "Add {n} routes")
    changes = count(len(plan.changing), "Change {n} target", "Change {n} targets")
    if not plan.adding:
        return changes
    return count(
        len(plan.changing),
        "Add {routes} and change {n} target",
        "Add {routes} and change {n} targets",
        routes=count(len(plan.adding), "{n} route", "{n} routes"),
    )


def _what_it_has(found: Preview) -> str:
    return say("**{name}** has {rows}.", name=found.name, rows=_counts(found.plan))


def _counts(plan: Plan) -> str:
    """17 rows: 12 are new, 2 get another target, 1 is on your list already and 2 are left out."""
    new, other, same, out = map(len, (plan.adding, plan.changing, plan.same, plan.refused))
    kinds = [
        count(new, "**{n}** is new", "**{n}** are new") if new else "",
        count(other, "**{n}** gets another target", "**{n}** get another target") if other else "",
        count(same, "**{n}** is on your list already", "**{n}** are on your list already") if same else "",
        count(out, "**{n}** is left out", "**{n}** are left out") if out else "",
    ]
    rows = new + other + same + out
    if not rows:
        return say("no rows below the names of the columns")
    return count(rows, "{n} row: {kinds}", "{n} rows: {kinds}", kinds=listed(list(filter(None, kinds))))


def _kinds(plan: Plan, scene: Scene) -> list[Field]:
    """The first lines of what would be stored."""
    return [
        *_first(key("New: {n}"), plan.adding, lambda row: _new(row, scene)),
        *_first(key("Another target: {n}"), plan.changing, lambda change: _changed(change, scene)),
    ]


def _left_out(plan: Plan) -> list[Field]:
    return _first(key("Left out: {n}"), plan.refused, _fault, f"**{FAULTS_FILE}**")


def _first(name: str, all_: Sequence[_T], line: Callable[[_T], str], file: str = "") -> list[Field]:
    """The first ones below a headline of theirs; `file` is where all of them stand."""
    if not all_:
        return []
    lines = [f"- {clip(line(each), _LONGEST_LINE)}" for each in all_[:MOST_SHOWN]]
    if more := len(all_) - len(lines):
        lines.append(f"- {_and_more(more, file)}")
    return [Field(say(name, n=len(all_)), "\n".join(lines), wide=True)]


def _and_more(more: int, file: str) -> str:
    if file:
        return count(more, "… and {n} more in {file}", "… and {n} more in {file}", file=file)
    return count(more, "… and {n} more", "… and {n} more")


def _new(row: ListedRoute, scene: Scene) -> str:
    goal = say("waits for a new low")
    if row.target:
        goal = say("target {price}", price=f"**{money(row.target)}**")
    return f"{_journey(row.route, scene)} · {goal}"


def _changed(change: Change, scene: Scene) -> str:
    before, after = change.watch.rules.target, change.rules.target
    old = money(before) if before else say("no target")
    new = money(after) if after else say("no target")
    return f"{_journey(change.listed.route, scene)} · {old} → **{new}**"


def _journey(route: Route, scene: Scene) -> str:
    days = short_dates(route, scene.today)
    if isinstance(route.trip, RollingDates):
        days = say("{days}, moves with today", days=days)
    return f"{title(route, scene.cities)} · {days}{extras(route)}"


def _fault(fault: RowFault) -> str:
    where = say("Row {row}", row=fault.row)
    if fault.column:
        where = f"{where}, {fault.column}"
    return f"**{where}**: {plain_sentence(said(fault.saying))}"


def _telling(tell: tuple[Destination, ...], plan: Plan, scene: Scene) -> list[Field]:
    """Where and when the owner hears of the new ones (rule 9: a list starts armed)."""
    if not plan.adding:
        return []
    words = say(
        "{where}, from the first look on: also a fare that is at its target already",
        where=places(tell, scene.here),
    )
    return [Field(say("I tell you of new routes"), words, wide=True)]


def _notes(result: Exported) -> list[str]:
    """What the file says by an empty cell, cannot say, or leaves out; one line each."""
    notes = (
        (
            result.untargeted,
            keys(
                "{n} route has no target: the empty cell stands for a new low of 30 days.",
                "{n} routes have no target: the empty cells stand for a new low of 30 days.",
            ),
        ),
        (
            result.undated,
            keys(
                "{n} route moves along with today: empty dates stand for tomorrow and 30 days later.",
                "{n} routes move along with today: empty dates stand for tomorrow and 30 days later.",
            ),
        ),
        (
            result.ruled,
            keys(
                "{n} route has more rules than a target; they are not in the file, and importing it here "
                "keeps them.",
                "{n} routes have more rules than a target; they are not in the file, and importing it here "
                "keeps them.",
            ),
        ),
        (
            result.paused,
            keys(
                "{n} route is paused, which the file does not say; importing it here leaves it paused.",
                "{n} routes are paused, which the file does not say; importing it here leaves them paused.",
            ),
        ),
        (
            result.twins,
            keys(
                "{n} route is told in a second place; the file has it once.",
                "{n} routes are told in a second place; the file has them once.",
            ),
        ),
        (
            result.unsayable,
            keys(
                "{n} route is left out: its dates, filters or target fit into no row.",
                "{n} routes are left out: their dates, filters or targets fit into no row.",
            ),
        ),
        (
            result.departed,
            keys(
                "{n} route has departed and is left out.",
                "{n} routes have departed and are left out.",
            ),
        ),
    )
    return [count(n, *forms) for n, forms in notes if n]
