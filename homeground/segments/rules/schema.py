"""The rule language as JSON Schema, as docs/segment.schema.json publishes it."""

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from homeground.segments.rules.nodes import Node

ADDRESS = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema of a whole rule. What depends on the brand is checked when it is read."""
    found = TypeAdapter(Node).json_schema(by_alias=True, schema_generator=_Untitled)
    return {"$schema": ADDRESS, "title": "Homeground segment rule", **found}


def schema_text() -> str:
    """The file, byte by byte."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


class _Untitled(GenerateJsonSchema):
    """Titles that pydantic derives from field names say nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False
