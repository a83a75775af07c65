"""For whom of a few a rule holds: what journeys ask of those who stand at a branch."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from homeground.core import time
from homeground.events import warehouse
from homeground.people.queries import all_ids_of
from homeground.people.services import bring_in_step
from homeground.segments.compiler import compile_rule
from homeground.segments.queries import dictionary_for
from homeground.segments.rules.check import check
from homeground.segments.rules.dictionary import Dictionary
from homeground.segments.rules.nodes import Node
from homeground.segments.rules.parse import node_of

_AT_ONCE = 10_000  # Ids of one statement: 100 kB as text, below what a ClickHouse server takes for one value.


def matching(rule: Any, customer_ids: Sequence[int], at: datetime | None = None) -> set[int]:
    """Those of these customers for whom the rule holds, counting events up to `at` (None: now).

    rule: nodes as parse() gives them, or the JSON document. An id that was merged away answers as who it is now; one
    of nobody never matches. One statement for 10,000 ids; nobody else's events are read, except for the RFM scores,
    whose fifths are those of all buyers.

    How fresh: who is who is of this moment. Profiles (attributes, tags, source, relation, consent, identities) are of
    this moment as far as they are committed: inside an open transaction its own changes are not seen yet. Events and
    orders are those that have reached the warehouse: a handler sees the events that it is called with and all before
    them; what was recorded since is usually seconds away (events.queries.lag).
    Raises RuleRefused or SegmentCycle.
    """
    node = node_of(rule)
    dictionary = dictionary_for(node)
    check(node, dictionary)
    at, given = at or time.now(), sorted(set(customer_ids))  # In order: a chunk's rows lie side by side.
    chunks = [given[start : start + _AT_ONCE] for start in range(0, len(given), _AT_ONCE)]
    return {one for chunk in chunks for one in _matching(node, chunk, at, dictionary)}


def _matching(node: Node, ids: Sequence[int], at: datetime, dictionary: Dictionary) -> set[int]:
    few = all_ids_of(ids)
    bring_in_step(sorted(set(few.values())))
    statement = compile_rule(node, at, dictionary, few)
    found = set(warehouse.frame(statement.sql, **statement.params)["customer_id"].to_list()) if few else set()
    return {one for one in ids if few.get(one) in found}
