"""Every REST call of the bot, held against Discord's public description.

The description is `tests/fixtures/specs/discord-openapi.json`. It forbids unknown names in some places
and says nothing of others; what discord.py itself does beside it is listed below, and nothing else passes.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import jsonschema
from referencing import Registry
from referencing.jsonschema import DRAFT202012

SPEC: Final = Path(__file__).parents[1] / "fixtures/specs/discord-openapi.json"

# discord.py's own habits: it registers `nsfw`, marks embeds with `flags`, and edits with `tts`.
_OWN_HABITS: Final = frozenset({"nsfw", "tts"})
_SNOWFLAKES: Final = frozenset({"id", "users", "roles", "channel_id", "guild_id", "message_id"})
# Discord's limits that its description leaves to the text beside it (reliability 3.3).
_LONGEST_EMBEDS: Final = 6000
_LONGEST_CONTENT: Final = 2000


def faults_of(method: str, path: str, body: object) -> list[str]:
    """What is wrong with a call, in words; nothing where it is right. A path may carry a query."""
    template = _template(path.partition("?")[0])
    if template is None:
        return [f"{method} {path}: no such path"]
    operation = _whole()["paths"][template].get(method.lower())
    if operation is None:
        return [f"{method} {template}: no such method"]
    if body is None or "requestBody" not in operation:
        return []
    told = [*_faults_of_shape(template, method.lower(), json.dumps(_tidied(body))), *_over_limits(body)]
    return [f"{method} {template}: {fault}" for fault in told]


@lru_cache(maxsize=1000)
def _faults_of_shape(template: str, method: str, body: str) -> tuple[str, ...]:
    """Remembered, because every test registers the same commands, and these take a third of a second."""
    return tuple(map(_words, _validator(template, method).iter_errors(json.loads(body))))


def _words(error: jsonschema.ValidationError) -> str:
    deepest = jsonschema.exceptions.best_match([error]) or error
    return f"{'/'.join(map(str, deepest.absolute_path))}: {deepest.message[:300]}"


def _over_limits(body: object) -> Iterable[str]:
    data = body.get("data") if isinstance(body, dict) else None
    for message in (body, data):
        if isinstance(message, dict):
            length = sum(map(_embed_length, message.get("embeds") or ()))
            if length > _LONGEST_EMBEDS:
                yield f"embeds of {length} characters"
            if len(str(message.get("content") or "")) > _LONGEST_CONTENT:
                yield "content of more than 2,000 characters"


def _embed_length(embed: Mapping[str, Any]) -> int:
    fields = embed.get("fields") or ()
    texts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    texts += [text for field in fields for text in (field["name"], field["value"])]
    return sum(len(text or "") for text in texts)


@cache
def _whole() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(SPEC.read_text())
    return whole


@cache
def _registry() -> Registry[Any]:
    empty: Registry[Any] = Registry()
    with_api: Registry[Any] = empty.with_resource("discord:api", DRAFT202012.create_resource(_whole()))
    return with_api


@cache
def _validator(template: str, method: str) -> jsonschema.Draft202012Validator:
    content = _whole()["paths"][template][method]["requestBody"]["content"]
    # A multipart body carries the JSON part in `payload_json`: the same shape.
    pointer = "application~1json" if "application/json" in content else "multipart~1form-data"
    escaped = template.replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    schema = {"$ref": f"discord:api#/paths/{escaped}/{method}/requestBody/content/{pointer}/schema"}
    return jsonschema.Draft202012Validator(schema, registry=_registry())


@cache
def _template(path: str) -> str | None:
    """The path of the description that a real one is, the most literal first."""
    fitting = [one for one in _whole()["paths"] if re.fullmatch(_pattern(one), path)]
    return min(fitting, key=lambda one: one.count("{"), default=None)


@cache
def _pattern(template: str) -> str:
    return re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))


def _tidied(node: Any, name: str = "") -> Any:
    """The body without discord.py's habits, ids as text as the description has them."""
    if isinstance(node, dict):
        kept = {key: value for key, value in node.items() if key not in _OWN_HABITS}
        if name == "embeds" or "fields" in kept:
            kept.pop("flags", None)
        return {key: _tidied(value, key) for key, value in kept.items()}
    if isinstance(node, list):
        return [_tidied(each, name) for each in node]
    if isinstance(node, int) and not isinstance(node, bool) and (name in _SNOWFLAKES or name.endswith("_id")):
        return str(node)
    return node
