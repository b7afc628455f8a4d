"""In a language in which every word is ж, nothing but names is left to be read in English."""

import re
from pathlib import Path
from typing import Any, Final

from msgspec import structs
from simcord.results import InteractionResult

from bot.present.carriers import named
from engine.tongue import Tongue, Tongues
from tests.bot.crew import manager
from tests.bot.stage import Stage, captions, open_stage, words
from tests.support.catalogue import all_sentences

# Names, codes, and what somebody typed: the same in every language.
NAMES: Final = frozenset(
    "Amadeus London Tokio Oslo Berlin Europe Deutsch Fare Engine blubb März Nov ref Ada".split()
) | {word for _, airline in named("") for word in airline.split()}
CODE: Final = re.compile(r"[A-Z]{3}")
PATTERN: Final = re.compile(r"E*[ ]?[dL]+( M+| L+)?( yyyy)?| ?LLLL yyyy")
WORD: Final = re.compile(r"[^\W\d_]{3,}")
NO_SPEECH: Final = re.compile(r"`[^`]*`|<[^>]*>|https?://\S+|\b[A-Za-z0-9]{8}\b(?= · )")


def unknown(text: str) -> str:
    """Every word of a sentence replaced, its facts and commands kept."""
    return re.sub(
        r"\{[^{}]*\}|`[^`]*`|[A-Za-z]+", lambda found: found[0] if found[0][0] in "{`" else "ж", text
    )


def all_speak_no_language(stage: Stage) -> None:
    german = stage.bot.desk.tongues.of("de")
    said: dict[str, str | tuple[str, ...]] = {
        one: unknown(one) if many is None else (unknown(one), unknown(many))
        for one, many in all_sentences().items()
    }
    patterns = {text: german.texts[text] for text in said if PATTERN.fullmatch(text)}
    foreign: Tongue = structs.replace(german, texts={**said, **patterns})
    stage.bot.desk = structs.replace(stage.bot.desk, tongues=Tongues({"en": foreign}))


def english(result: InteractionResult) -> set[str]:
    """The words that are nobody's name."""
    message = result.response or result.followups[0]
    buttons = " ".join(caption for caption in captions(message) if caption)
    read = NO_SPEECH.sub(" ", f"{words(message)} {buttons}")
    left = {word for word in WORD.findall(read) if "ж" not in word.casefold()}
    return {word for word in left - NAMES if not CODE.fullmatch(word)}


async def test_no_reply_has_a_word_past_the_catalogue(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        all_speak_no_language(stage)
        mia = manager(stage)
        found = {"add": english(await stage.add(max_stops=1, adults=2, airlines="BA"))}
        found["again"] = english(await stage.add(max_stops=1, adults=2, airlines="BA"))
        found["offers"] = english(await stage.add(destination="OSL", target=None))
        found["fault"] = english(await stage.add(depart="blubb"))
        await stage.look("LON-TYO", 374)
        watch = (await stage.routes())[0]
        for act in ("show", "history", "check", "pause", "resume", "remove"):
            found[act] = english(await stage.ada.slash(stage.channel, f"route {act}", route=watch))
        for name in (
            "route list",
            "route export",
            "alerts recent",
            "alerts test",
            "status",
            "privacy",
            "help",
        ):
            found[name] = english(await stage.ada.slash(stage.channel, name))
        quiet = {"from": "22:00", "to": "07:00", "timezone": "Berlin"}
        found["quiet"] = english(await stage.ada.slash(stage.channel, "alerts quiet", **quiet))
        found["digest"] = english(await stage.ada.slash(stage.channel, "alerts digest", time="8:00"))
        for name in ("show", "setup", "routes", "sheet show", "webhook list", "watchers"):
            found[name] = english(await mia.slash(stage.channel, f"settings {name}"))
        chosen: dict[str, dict[str, Any]] = {"language": {"language": "de"}, "limit": {"routes": 5}}
        for name, options in chosen.items():
            found[name] = english(await mia.slash(stage.channel, f"settings {name}", **options))
        assert {name: left for name, left in found.items() if left} == {}
