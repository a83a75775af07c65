"""What a rule is read against: the brand's attributes, currency, zone, and the other segments."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from homeground.segments.rules.nodes import Node


@dataclass(frozen=True)
class Known:
    """An attribute of the dictionary."""

    kind: str  # text, number, date, flag.
    is_personal: bool = False


@dataclass(frozen=True)
class StaticList:
    """The members of a static segment: a generation in the warehouse."""

    segment_id: int
    generation: int


@dataclass(frozen=True)
class Dictionary:
    """One moment's state of what rules may name."""

    zone: str
    currency: str
    digits: int  # Decimal places of the currency.
    attributes: Mapping[str, Known] = field(default_factory=dict)
    segments: Mapping[str, Node | StaticList] = field(default_factory=dict)
