"""Why a customer belongs, or does not: every node of a rule with whether it holds, and the evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from homeground.core import time
from homeground.events import warehouse
from homeground.people.errors import NoSuchCustomer
from homeground.people.queries import all_ids_of
from homeground.people.services import bring_in_step
from homeground.segments import queries
from homeground.segments.compiler import Asked, ask
from homeground.segments.errors import NotYetInWarehouse
from homeground.segments.queries.person import person_of
from homeground.segments.rules.check import check
from homeground.segments.rules.days import Calendar
from homeground.segments.rules.nodes import All, AnyOf, Node, Not
from homeground.segments.rules.parse import node_of
from homeground.segments.rules.words import Labels, sentence
from homeground.segments.services.evidence import Witness


@dataclass(frozen=True)
class Explained:
    """A node of the rule. A segment by rule holds one child: its own rule."""

    path: str  # As refusals name it; what is inside a segment stands below ".segment".
    kind: str  # The node's first key in JSON: all, any, not, attribute, tag …
    words: str  # The condition as a sentence; of a group: the whole of it.
    holds: bool
    evidence: str  # Why, in words; empty for a group.
    children: tuple["Explained", ...] = ()


@dataclass(frozen=True)
class Explanation:
    """A rule asked of one person, counting events up to as_of."""

    customer_id: int  # Who they are now.
    holds: bool
    as_of: datetime
    root: Explained


def explain(rule: Any, customer_id: int, at: datetime | None = None) -> Explanation:
    """Whether the rule (nodes, or its JSON document) holds for a customer, and why, in the language of the moment.

    One ClickHouse statement for all conditions. As fresh as matching(). A profile is of this moment, whatever `at` is.
    Raises NoSuchCustomer, NotYetInWarehouse, RuleRefused or SegmentCycle.
    """
    node, at = node_of(rule), at or time.now()
    dictionary = queries.dictionary_for(node)
    check(node, dictionary)
    if not (few := all_ids_of([customer_id])):
        raise NoSuchCustomer
    root = few[customer_id]
    bring_in_step([root])
    statement, asked = ask(node, at, dictionary, few)
    rows = warehouse.frame(statement.sql, **statement.params)
    if not rows.height:
        raise NotYetInWarehouse
    told = rows.row(0, named=True)
    labels = queries.labels()
    witness = Witness(person_of([root, *(few.keys() - {root})], at), labels, Calendar(at, dictionary.zone), told)
    found = _explained(asked, told, witness, labels)
    return Explanation(root, found.holds, at, found)


def reasons(node: Explained, *, is_excluded: bool = False) -> list[Explained]:
    """The conditions that decided: those that hold where the node does, and those that fail where it does not.

    is_excluded: it stands under a "not", which its words then say.
    """
    if not node.children:
        return [replace(node, words=_("不满足（%(what)s）") % {"what": node.words}) if is_excluded else node]
    turns = is_excluded != (node.kind == "not")
    decisive = [child for child in node.children if node.kind == "not" or child.holds == node.holds]
    return [one for child in decisive for one in reasons(child, is_excluded=turns)]


def _explained(asked: Asked, told: Mapping[str, Any], witness: Witness, labels: Labels) -> Explained:
    inside = tuple(_explained(child, told, witness, labels) for child in asked.children)
    return Explained(
        path=asked.path,
        kind=asked.node.first_key()[0],
        words=sentence(asked.node, labels),
        holds=bool(told[asked.column]) if asked.column else _answer(asked.node, [child.holds for child in inside]),
        evidence=witness.evidence(asked.node, asked.told),
        children=inside,
    )


def _answer(node: Node, inside: list[bool]) -> bool:
    match node:
        case All():
            return all(inside)
        case AnyOf():
            return any(inside)
        case Not():
            return not inside[0]
    return inside[0]
