"""The form of a pack as JSON Schema, as docs/playbook.schema.json publishes it."""

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from homeground.playbooks.pack.nodes import Pack

ADDRESS = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema of a whole pack. Names that must exist, and what depends on the brand, are checked when it is read."""
    found = Pack.model_json_schema(schema_generator=_Untitled)
    return {"$schema": ADDRESS, **found, "title": "Homeground playbook pack"}


def schema_text() -> str:
    """The file, byte by byte."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


class _Untitled(GenerateJsonSchema):
    """Titles that pydantic derives from field names say nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False
