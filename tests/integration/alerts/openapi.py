"""Bodies held against Twilio's public descriptions."""

import json
from pathlib import Path
from typing import Any

import jsonschema

SPECS = Path(__file__).parents[2] / "fixtures/specs"


class Description:
    """One of the descriptions under `fixtures/specs`."""

    def __init__(self, name: str) -> None:
        self.whole: dict[str, Any] = json.loads((SPECS / name).read_text())

    def operation(self, path: str, method: str) -> dict[str, Any]:
        found: dict[str, Any] = self.whole["paths"][path][method]
        return found

    def form(self, path: str) -> dict[str, Any]:
        """The schema of what is posted there."""
        body = self.operation(path, "post")["requestBody"]["content"]
        schema: dict[str, Any] = body["application/x-www-form-urlencoded"]["schema"]
        return schema

    def validate(self, body: object, schema: dict[str, Any], **more: object) -> None:
        whole = {**schema, **more, "components": self.whole["components"]}
        jsonschema.validate(body, nullable(whole), format_checker=jsonschema.FormatChecker())

    def schema(self, name: str) -> dict[str, Any]:
        return {"$ref": f"#/components/schemas/{name}"}


def nullable(node: Any) -> Any:
    """OpenAPI 3.0 says `nullable`, JSON Schema says the type `null`."""
    if isinstance(node, list):
        return [nullable(each) for each in node]
    if not isinstance(node, dict):
        return node
    schema = {name: nullable(value) for name, value in node.items()}
    if schema.pop("nullable", False) and "type" in schema:
        schema["type"] = [schema["type"], "null"]
    return schema
