"""The nodes of a rule: three groups and eleven conditions. A node is known by its first key."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from homeground.people.models import Consent, Identity, Relation
from homeground.segments.rules.comparisons import Comparison, Days, Part, Texts, Window, by_key

Key = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]
_RelationStage = Literal[*Relation.values]  # type: ignore[valid-type]
_IdentityKind = Literal[*Identity.Kind.values]  # type: ignore[valid-type]
_Purpose = Literal[*Consent.Purpose.values]  # type: ignore[valid-type]


class All(Part):
    """Every one of them holds. Empty: every customer."""

    all: list[Node]


class AnyOf(Part):
    """At least one of them holds. Empty: nobody."""

    any: list[Node]


class Not(Part):
    """It does not hold - also where nothing is known."""

    not_: Node = Field(alias="not")


class AttributeIs(Part):
    """An attribute of the dictionary; the comparison fits its kind. Without a value only {"is_set": false} holds."""

    attribute: Key
    is_: Comparison = Field(alias="is")


class HasTag(Part):
    """Has at least one of these tags now."""

    tag: Texts


class CameFrom(Part):
    """Came from one of these sources."""

    source: Texts


class InRelation(Part):
    """Stands in one of these relation stages."""

    relation: Annotated[list[_RelationStage], Field(min_length=1)]


class ConsentIs(Part):
    """Said yes, or said no, to a purpose on a channel. Who was never asked has done neither."""

    consent: _Purpose
    channel: Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[^\x00:]+$")]
    is_: Literal["granted", "refused"] = Field(alias="is")


class HasIdentity(Part):
    """Has an identity of at least one of these kinds."""

    identity: Annotated[list[_IdentityKind], Field(min_length=1)]


class CreatedWithin(Part):
    """First known to us within a window."""

    created: Window


class OrdersAre(Part):
    """A fact of the customer's orders.

    count: orders paid. net: paid less refunded, brand's currency, major unit. average: net by order.
    first, last: days of an order. days_since_last: whole days, 0 is today.
    recency, frequency, monetary: quintile among buyers, 5 is best; no window.
    """

    orders: Literal["count", "net", "average", "first", "last", "days_since_last", "recency", "frequency", "monetary"]
    within: Window | None = None
    is_: Comparison = Field(alias="is")


class Bought(Part):
    """Paid for at least one of these products (SKU), given back later or not."""

    bought: Texts
    within: Window | None = None


class PropertyIs(Part):
    """A property of an event, compared as what it is: text with text, number with number, flag with flag."""

    property: Key
    is_: Comparison = Field(alias="is")


class Sum(Part):
    sum: Key


class Min(Part):
    min: Key


class Max(Part):
    max: Key


Measure = Annotated[
    Annotated[Literal["count", "first", "last"], Tag("§word")]
    | Annotated[Sum, Tag("§sum")]
    | Annotated[Min, Tag("§min")]
    | Annotated[Max, Tag("§max")],
    Discriminator(lambda value: "§word" if isinstance(value, str) else by_key("sum", "min", "max")(value)),
]


class Then(Part):
    """A second event, later than the first by at most so many times 24 hours."""

    event: Key
    where: Annotated[list[PropertyIs], Field(max_length=20)] = []
    within_days: Days


class Did(Part):
    """Did something: how often (at least once unless said), how much in sum, when first or last, or then what."""

    event: Key
    where: Annotated[list[PropertyIs], Field(max_length=20)] = []
    within: Window | None = None
    measure: Measure = "count"
    is_: Comparison | None = Field(default=None, alias="is")
    then: Then | None = None


class InSegment(Part):
    """Belongs to another segment: a dynamic one by its rule at the same moment, a static one by its list."""

    segment: Key


_NODES = (
    *(All, AnyOf, Not, AttributeIs, HasTag, CameFrom, InRelation, ConsentIs, HasIdentity, CreatedWithin),
    *(OrdersAre, Bought, Did, InSegment),
)
Node = Annotated[
    Annotated[All, Tag("§all")]
    | Annotated[AnyOf, Tag("§any")]
    | Annotated[Not, Tag("§not")]
    | Annotated[AttributeIs, Tag("§attribute")]
    | Annotated[HasTag, Tag("§tag")]
    | Annotated[CameFrom, Tag("§source")]
    | Annotated[InRelation, Tag("§relation")]
    | Annotated[ConsentIs, Tag("§consent")]
    | Annotated[HasIdentity, Tag("§identity")]
    | Annotated[CreatedWithin, Tag("§created")]
    | Annotated[OrdersAre, Tag("§orders")]
    | Annotated[Bought, Tag("§bought")]
    | Annotated[Did, Tag("§event")]
    | Annotated[InSegment, Tag("§segment")],
    Discriminator(by_key(*(node.first_key()[0] for node in _NODES))),
]


def _parts(part: type[Part]) -> list[type[Part]]:
    return [part, *(found for child in part.__subclasses__() for found in _parts(child))]


for _group in (All, AnyOf, Not):
    _group.model_rebuild()
# Every key that a rule may have.
KEYS = {field.alias or name for part in _parts(Part) for name, field in part.model_fields.items()}
