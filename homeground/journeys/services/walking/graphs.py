"""Graphs of published versions, read once: a version never changes."""

import json
from functools import lru_cache

from homeground.journeys.graph.nodes import Graph
from homeground.journeys.models import Version


@lru_cache(maxsize=500)
def version_of(version_id: int) -> Version:
    """The version as it was published."""
    return Version.objects.get(pk=version_id)


@lru_cache(maxsize=500)
def graph_of(version_id: int) -> Graph:
    """Its graph."""
    return Graph.model_validate_json(json.dumps(version_of(version_id).graph))
