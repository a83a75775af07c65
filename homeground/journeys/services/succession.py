"""What a new version means for those inside: they stay on theirs, move by the map, or leave; set-based."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from homeground.journeys.errors import MoveRefused
from homeground.journeys.graph.nodes import (
    Graph,
    Wait,
    WaitForDate,
    WaitForEvent,
    WaitUntil,
)
from homeground.journeys.graph.parse import parse
from homeground.journeys.models import Enrolment, Journey, Version
from homeground.journeys.services import leaving, walking
from homeground.journeys.services.entering import in_global_holdout

_SQL = Path(__file__).parent.parent / "sql" / "publishing"
_HOLD = (_SQL / "hold.sql").read_text()
_MOVE = (_SQL / "move.sql").read_text()
_PART = 50_000  # Walks ended at once: 545,000 in one piece took 1 GB.
_WAITS = (Wait, WaitUntil, WaitForEvent, WaitForDate)


def refuse_misled(journey: Journey, graph: Graph, node_map: Mapping[str, str]) -> None:
    """Raise MoveRefused for a map from nodes that no version has had, or to nodes that the new one has not."""
    if lost := sorted(set(node_map.values()) - graph.nodes.keys()):
        raise MoveRefused(_("新版本里没有这些节点：%(nodes)s") % {"nodes": _("、").join(lost)})
    if not node_map:
        return
    old = {node for nodes in journey.versions.values_list("graph__nodes", flat=True) for node in nodes}
    if strange := sorted(node_map.keys() - old):
        raise MoveRefused(_("旧版本里没有这些节点：%(nodes)s") % {"nodes": _("、").join(strange)})


def succeed(version: Version, graph: Graph, at: datetime) -> None:
    """Do with everybody on older versions what the new one says."""
    if version.succession == Version.Succession.FINISH:
        return
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, {"journey_id": version.journey_id, "version_id": version.pk})
    inside = Enrolment.objects.filter(journey=version.journey_id, state=Enrolment.State.WALKING)
    behind = inside.exclude(version=version)
    if version.succession == Version.Succession.MOVE:
        for old in Version.objects.filter(pk__in=behind.order_by().values("version").distinct()):
            if version.is_promotion and not old.is_promotion:
                _let_go_whom_no_promotion_reaches(old, at)
            _move(old, version, graph, at)
        waits = [node for node in set(version.node_map.values()) if isinstance(graph.nodes[node], _WAITS)]
        walking.settle_in(version, waits, at)
    end_all(behind, Enrolment.Ending.NEW_VERSION, at)


def end_all(walks: QuerySet[Enrolment], ending: str, at: datetime) -> int:
    """End all of these walks, a part at a time so that memory stays small. Returns how many."""
    ended, last, ids = 0, 0, walks.order_by("pk").values_list("pk", flat=True)
    while part := list(ids.filter(pk__gt=last)[:_PART]):
        ended += leaving.end_walks(walks.filter(pk__gt=last, pk__lte=part[-1]), ending=ending, at=at)
        last = part[-1]
    return ended


def _let_go_whom_no_promotion_reaches(old: Version, at: datetime) -> None:
    """The global holdout was not drawn where there was no promotion: they leave before there is one."""
    walks = Enrolment.objects.filter(version=old, state=Enrolment.State.WALKING)
    rows = list(walks.values_list("pk", Coalesce("customer__merged_into_id", "customer_id")))
    ids, roots = np.array(rows, np.int64).reshape(-1, 2).T
    held = ids[in_global_holdout(roots, at)].tolist()
    leaving.end_walks(walks.filter(pk__in=held), ending=Enrolment.Ending.NEW_VERSION, at=at)


def _move(old: Version, version: Version, graph: Graph, at: datetime) -> None:
    before = parse(old.graph).nodes
    nodes = {node: to for node, to in version.node_map.items() if node in before}
    kept = {node: what for node, to in nodes.items() if (what := _kept(before[node], graph.nodes[to]))}
    with connection.cursor() as cursor:
        params: dict[str, Any] = {
            "version_id": version.pk,
            "old_id": old.pk,
            "at": at,
            "nodes": Jsonb(nodes),
            "kept": Jsonb(kept),
        }
        cursor.execute(_MOVE, params)


def _kept(before: Any, after: Any) -> str:
    """What stays of somebody who stood at one node and now stands at another: see sql/publishing/move.sql."""
    if not isinstance(before, _WAITS) or before.kind != after.kind:
        return ""
    if isinstance(before, WaitForEvent) and (before.event, before.where) == (after.event, after.where):
        return "woken"
    return "arrival"
