"""Rule groups 客户联系规则组 (document 94883): listed, read, made, changed and deleted."""

from collections.abc import Iterable, Sequence
from typing import Any

from homeground.sandbox.models import Strategy, StrategyNode, TagGroup
from homeground.sandbox.services.wecom import cursors, staff
from homeground.sandbox.services.wecom.api.tags import delete_groups
from homeground.sandbox.services.wecom.fields import CURSOR, Given, number, page_size, text, texts, thing, things
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

DEEPEST, MOST_NODES = 5, 3000
_BASIC = ("view_customer_list", "view_customer_data", "view_room_list", "contact_me", "join_room")  # Always on.
_FLAGS = (
    "share_customer", "oper_resign_customer", "oper_resign_group", "send_customer_msg", "edit_welcome_msg",
    "view_behavior_data", "view_room_data", "send_group_msg", "room_deduplication", "rapid_reply",
    "onjob_customer_transfer", "edit_anti_spam_rule", "export_customer_list", "export_customer_data",
    "export_customer_group_list", "manage_customer_tag",
)  # fmt: skip
_AT = "externalcontact/customer_strategy/"
_MEMBER, _PARTY = 1, 2
_ID = number("strategy_id", least=1, needed=40058)
_NODE = (
    number("type", needed=40058, among=(_MEMBER, _PARTY)),
    text("userid", default=""),
    number("partyid", default=0),
)
Node = tuple[str, int]  # A userid, or a department's number.


@post(f"{_AT}list", CURSOR, page_size(1000, 1000))
def strategies(_caller: Caller, given: Given) -> Answer:
    """The ids of all rule groups."""
    after = cursors.read("strategies", "", given["cursor"]) or [0]
    ids = list(
        Strategy.objects.filter(pk__gt=after[0]).order_by("pk").values_list("pk", flat=True)[: given["limit"] + 1]
    )
    shown = ids[: given["limit"]]
    more = {"next_cursor": cursors.make("strategies", "", [shown[-1]])} if len(ids) > len(shown) else {}
    return {"strategy": [{"strategy_id": pk} for pk in shown], **more}


@post(f"{_AT}get", _ID)
def strategy(_caller: Caller, given: Given) -> Answer:
    """One rule group."""
    row = _strategy(given["strategy_id"])
    return {
        "strategy": {
            "strategy_id": row.pk,
            "parent_id": row.parent_id or 0,
            "strategy_name": row.name,
            "create_time": int(row.created_at.timestamp()),
            "admin_list": row.admins,
            "privilege": row.privilege,
        }
    }


@post(f"{_AT}get_range", _ID, CURSOR, page_size(1000, 1000))
def reach(_caller: Caller, given: Given) -> Answer:
    """The members and departments of one rule group."""
    row = _strategy(given["strategy_id"])
    after = cursors.read("strategy_range", row.pk, given["cursor"]) or [0]
    nodes = list(row.nodes.filter(pk__gt=after[0]).order_by("pk")[: given["limit"] + 1])
    shown = nodes[: given["limit"]]
    more = {"next_cursor": cursors.make("strategy_range", row.pk, [shown[-1].pk])} if len(nodes) > len(shown) else {}
    return {"range": [_shown(node) for node in shown], **more}


@post(
    f"{_AT}create",
    number("parent_id", default=0),
    text("strategy_name", chars=64, needed=40058),
    texts("admin_list", most=20, needed=40058),
    thing("privilege"),
    things("range", *_NODE, most=100, needed=40058),
)
def create(caller: Caller, given: Given) -> Answer:
    """Make a rule group; one below another has that one's privileges and lies within its range."""
    parent = _strategy(given["parent_id"]) if given["parent_id"] else None
    if parent and _depth(parent) >= DEEPEST:
        raise Refused(40058, f"rule groups are at most {DEEPEST} deep")
    nodes = _nodes(given["range"], parent)
    row = Strategy.objects.create(
        parent=parent,
        name=given["strategy_name"],
        admins=_admins(given["admin_list"]),
        privilege=parent.privilege if parent else _privilege(given["privilege"] or {}, {}),
        created_at=caller.at,
    )
    _add(row, nodes)
    return {"strategy_id": row.pk}


@post(
    f"{_AT}edit",
    _ID,
    text("strategy_name", chars=64),
    texts("admin_list", most=20),
    thing("privilege"),
    things("range_add", *_NODE, most=100),
    things("range_del", *_NODE, most=100),
)
def edit(_caller: Caller, given: Given) -> Answer:
    """Change what is given. What leaves a range leaves those below it; privileges come from the topmost."""
    row = _strategy(given["strategy_id"])
    nodes = _nodes(given["range_add"] or [], row.parent)
    row.name = given["strategy_name"] or row.name
    row.admins = row.admins if given["admin_list"] is None else _admins(given["admin_list"])
    if given["privilege"] is not None and row.parent is None:
        row.privilege = _privilege(given["privilege"], row.privilege)
        Strategy.objects.filter(pk__in=_below(row)).update(privilege=row.privilege)
    row.save()
    for userid, party in _nodes(given["range_del"] or [], None):
        row.nodes.filter(userid=userid, party=party).delete()
    _add(row, nodes)
    _prune(row)
    return {}


@post(f"{_AT}del", _ID)
def delete(_caller: Caller, given: Given) -> Answer:
    """Delete a rule group with those below it and with its tags."""
    row = _strategy(given["strategy_id"])
    delete_groups(TagGroup.objects.filter(strategy_id__in=[row.pk, *_below(row)], is_deleted=False))
    row.delete()
    return {}


def _strategy(strategy_id: int) -> Strategy:
    found = Strategy.objects.select_related("parent").filter(pk=strategy_id).first()
    if found is None:
        raise Refused(40058, "invalid strategy_id")
    return found


def _depth(row: Strategy) -> int:
    return 1 + (_depth(row.parent) if row.parent else 0)


def _below(row: Strategy) -> list[int]:
    found = list(row.children.all())
    return [pk for child in found for pk in (child.pk, *_below(child))]


def _admins(userids: Sequence[str]) -> list[str]:
    return [staff.member(userid).userid for userid in userids]


def _privilege(given: dict[str, Any], before: dict[str, Any]) -> dict[str, bool]:
    return dict.fromkeys(_BASIC, True) | {flag: bool(given.get(flag, before.get(flag, False))) for flag in _FLAGS}


def _nodes(given: Iterable[Given], parent: Strategy | None) -> list[Node]:
    """Members and departments that exist. Raises Refused 60111, 60123, or 40058 for one outside the parent's range."""
    found = [_node(one) for one in given]
    if parent:
        users, parties = _within(parent)
        for userid, party in found:
            if not _lies_within(userid, party, users, parties):
                raise Refused(40058, "range is outside of the parent's")
    return found


def _node(given: Given) -> Node:
    if given["type"] == _MEMBER:
        return staff.member(given["userid"]).userid, 0
    staff.with_children([given["partyid"]])
    return "", given["partyid"]


def _within(row: Strategy) -> tuple[set[str], set[int]]:
    nodes = list(row.nodes.values_list("userid", "party"))
    parties = set(staff.with_children(party for _userid, party in nodes if party))
    return {userid for userid, _party in nodes if userid}, parties


def _lies_within(userid: str, party: int, users: set[str], parties: set[int]) -> bool:
    if party:
        return party in parties
    return userid in users or bool(parties & set(staff.member(userid).departments))


def _prune(row: Strategy) -> None:
    users, parties = _within(row)
    for child in row.children.all():
        for node in child.nodes.all():
            if not _lies_within(node.userid, node.party, users, parties):
                node.delete()
        _prune(child)


def _add(row: Strategy, nodes: Iterable[Node]) -> None:
    StrategyNode.objects.bulk_create(
        (StrategyNode(strategy=row, userid=userid, party=party) for userid, party in nodes), ignore_conflicts=True
    )
    if row.nodes.count() > MOST_NODES:
        raise Refused(40058, f"at most {MOST_NODES} nodes")


def _shown(node: StrategyNode) -> dict[str, Any]:
    return {"type": _MEMBER, "userid": node.userid} if node.userid else {"type": _PARTY, "partyid": node.party}
