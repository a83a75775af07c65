"""The language of graphs as JSON Schema, as docs/journey.schema.json publishes it."""

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from homeground.journeys.graph.nodes import Graph
from homeground.segments.rules.schema import ADDRESS


def schema() -> dict[str, Any]:
    """The schema of a whole graph. Whether it holds together and fits the brand is checked at publishing."""
    found = TypeAdapter(Graph).json_schema(by_alias=True, schema_generator=_Untitled)
    return {"$schema": ADDRESS, **found, "title": "Homeground journey"}


def schema_text() -> str:
    """The file, byte by byte."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


class _Untitled(GenerateJsonSchema):
    """Titles that pydantic derives from field names say nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False
