"""What we learn about people."""

from dataclasses import dataclass

from homeground.events.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Fact):
    """身份合并; customer_id is the survivor"""

    name = "people.customers_merged"
    absorbed_id: int


@dataclass(frozen=True, kw_only=True)
class CustomersUnmerged(Fact):
    """撤销合并; customer_id is the survivor that was"""

    name = "people.customers_unmerged"
    absorbed_id: int


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Fact):
    """授权同意"""

    name = "people.consent_given"
    purpose: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Fact):
    """退订"""

    name = "people.consent_withdrawn"
    purpose: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class RelationMoved(Fact):
    """关系阶段变化"""

    name = "people.relation_moved"
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class CustomerUnmasked(Fact):
    """查看客户隐私信息"""

    name = "people.customer_unmasked"
    by: str  # The login of who looked.
