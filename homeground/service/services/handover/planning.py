"""Who takes over whom: rules in order, and within a rule by how much each taker has room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.people.models import Tag
from homeground.people.queries import brand
from homeground.service.errors import HandoverRefused
from homeground.service.models import Capacity, Handover, HandoverItem, HandoverRule
from homeground.service.services.handover.jobs import queue_handover
from homeground.wecom.client import connect, transfer
from homeground.wecom.models import Staff

_SQL = Path(__file__).parents[2] / "sql"
_CANDIDATES, _ITEMS, _GROUPS = (
    (_SQL / f"handover_{name}.sql").read_text() for name in ("candidates", "items", "groups")
)
_OFTEN_DAYS = 90  # Document 92125: at most 2 handovers of one customer in 90 natural days.
_MESSAGE_CHARACTERS = 200


@dataclass(frozen=True)
class Rule:
    """Customers to whom it applies, and who takes them. tag: of basis TAG; days: of basis ORDERED."""

    basis: str
    takers: Sequence[Staff]
    tag: Tag | None = None
    days: int | None = None


def plan_handover(
    giver: Staff, rules: Sequence[Rule], *, message: str = "", gives_groups: bool = True, by: str = "",
    at: datetime | None = None,
) -> Handover:  # fmt: skip
    """A draft with one row for each customer and group; nothing is asked of the platform but who is unassigned.

    Customers to whom no rule applies stay. Raises HandoverRefused, or what the platform's call raises, with nothing
    written.
    """
    at = at or time.now()
    _refuse(giver, rules, message)
    kind = Handover.Kind.SERVING if giver.is_active else Handover.Kind.LEFT
    contacts = None if giver.is_active else _unassigned(giver)
    try:
        with transaction.atomic():
            handover = Handover.objects.create(
                giver=giver, kind=kind, message=message, gives_groups=gives_groups, made_by=by, made_at=at
            )
            _keep_rules(handover, rules)
            _share_out(handover, rules, contacts, at)
            if not handover.items.exists():
                raise HandoverRefused(_("没有可以继承的客户或客户群：请检查规则，或先同步企业微信。"))
    except IntegrityError as error:
        raise HandoverRefused(_("%s 已经有一次继承还没有结束，请先办完或取消。") % giver.title) from error
    return handover


@transaction.atomic
def start_handover(handover_id: int, at: datetime | None = None) -> Handover:
    """Begin. A repeat changes nothing. Raises HandoverRefused for one that has ended."""
    handover = Handover.objects.select_for_update().get(pk=handover_id)
    if handover.state == Handover.State.DRAFT:
        handover.state, handover.began_at = Handover.State.RUNNING, at or time.now()
        handover.save(update_fields=["state", "began_at"])
        transaction.on_commit(lambda: queue_handover(handover_id))
    elif handover.state not in Handover.OPEN:
        raise HandoverRefused(_("这次继承已经结束，不能再开始。"))
    return handover


@transaction.atomic
def cancel_handover(handover_id: int, at: datetime | None = None) -> Handover:
    """Stop: what was not asked yet stays with its member; what was asked goes on. A repeat changes nothing."""
    at = at or time.now()
    handover = Handover.objects.select_for_update().get(pk=handover_id)
    if handover.state not in Handover.OPEN:
        return handover
    planned = handover.items.filter(state=HandoverItem.State.PLANNED)
    planned.update(state=HandoverItem.State.CANCELLED, ended_at=at)
    if not handover.items.filter(state__in=HandoverItem.UNSETTLED).exists():
        handover.state, handover.ended_at = Handover.State.CANCELLED, at
        handover.save(update_fields=["state", "ended_at"])
    return handover


@transaction.atomic
def discard_handover(handover_id: int) -> None:
    """Throw a draft away. Raises HandoverRefused once it has begun."""
    handover = Handover.objects.select_for_update().get(pk=handover_id)
    if handover.state != Handover.State.DRAFT:
        raise HandoverRefused(_("已经开始的继承不能删除，可以取消尚未提交的部分。"))
    handover.delete()


def _refuse(giver: Staff, rules: Sequence[Rule], message: str) -> None:
    takers = {taker.pk: taker for rule in rules for taker in rule.takers}
    if not takers or not all(rule.takers for rule in rules):
        raise HandoverRefused(_("请为每条规则选择接替员工。"))
    if giver.pk in takers:
        raise HandoverRefused(_("原员工不能接替自己。"))
    if gone := [taker.title for taker in takers.values() if not taker.is_active]:
        raise HandoverRefused(_("%s 已离职或没有客户联系权限，不能接替。") % "、".join(gone))
    if len(message) > _MESSAGE_CHARACTERS:
        raise HandoverRefused(_("告知客户的话最多 200 个字。"))


def _unassigned(giver: Staff) -> list[str]:
    """Whom the platform lists as left behind by this member."""
    api, found, cursor = connect(), [], ""
    while True:
        page = transfer.unassigned_page(api, cursor)
        found += [one.external_userid for one in page.items if one.userid == giver.userid]
        if not (cursor := page.next_cursor):
            return found


def _keep_rules(handover: Handover, rules: Sequence[Rule]) -> None:
    for position, rule in enumerate(rules):
        row = HandoverRule.objects.create(
            handover=handover, position=position, basis=rule.basis, tag=rule.tag, days=rule.days
        )
        row.takers.set(rule.takers)


def _share_out(handover: Handover, rules: Sequence[Rule], contacts: list[str] | None, at: datetime) -> None:
    loads = _loads({taker.pk for rule in rules for taker in rule.takers})
    often_since = time.start_of(time.day_of(at, brand().time_zone) - timedelta(days=_OFTEN_DAYS), brand().time_zone)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS handover_candidate")  # Of an earlier plan in this transaction.
        cursor.execute(
            _CANDIDATES, {"handover": handover.pk, "giver": handover.giver_id, "contacts": contacts, "at": at}
        )
        cursor.execute("SELECT position, count(*) FROM handover_candidate GROUP BY position ORDER BY position")
        shares = [
            (position, taker, low, high)
            for position, customers in cursor.fetchall()
            for taker, low, high in _ranges(customers, [taker.pk for taker in rules[position].takers], loads)
        ]
        columns = [list(column) for column in zip(*shares, strict=True)] or [[], [], [], []]
        values = dict(zip(("positions", "takers", "lows", "highs"), columns, strict=True))
        cursor.execute(_ITEMS, values | {"handover": handover.pk, "often_since": often_since, "at": at})
        if handover.gives_groups:
            takers = [taker.pk for taker in rules[-1].takers]
            cursor.execute(_GROUPS, {"handover": handover.pk, "giver": handover.giver_id, "takers": takers})


@dataclass
class _Load:
    """How many friends a taker has, and how many minutes a day for them."""

    friends: int
    minutes: int


def _loads(staff_ids: set[int]) -> dict[int, _Load]:
    counts = Staff.objects.filter(pk__in=staff_ids).annotate(
        friends=Count("follows", filter=Q(follows__ended_at__isnull=True))
    )
    minutes = dict(Capacity.objects.filter(staff__in=staff_ids).values_list("staff_id", "minutes"))
    return {row.pk: _Load(row.friends, minutes.get(row.pk, Capacity.USUAL_MINUTES)) for row in counts}


def _ranges(customers: int, takers: Sequence[int], loads: dict[int, _Load]) -> list[tuple[int, int, int]]:
    """(taker, above, up to) of the customers' numbers, so that friends per minute of the day come out level."""
    found, low = [], 0
    for taker, count in _shares(customers, takers, loads).items():
        loads[taker].friends += count
        found.append((taker, low, low + count))
        low += count
    return found


def _shares(customers: int, takers: Sequence[int], loads: dict[int, _Load]) -> dict[int, int]:
    able = [taker for taker in takers if loads[taker].minutes] or list(takers)
    weight = {taker: loads[taker].minutes or 1 for taker in able}
    while True:  # Those already above the level get nothing; the level of the rest is found anew.
        level = (customers + sum(loads[taker].friends for taker in able)) / sum(weight[taker] for taker in able)
        below = [taker for taker in able if loads[taker].friends <= level * weight[taker]]
        if len(below) == len(able):
            break
        able = below
    exact = {taker: level * weight[taker] - loads[taker].friends for taker in able}
    shares = {taker: int(part) for taker, part in exact.items()}
    by_rest = sorted(able, key=lambda taker: shares[taker] - exact[taker])
    for taker in by_rest[: customers - sum(shares.values())]:
        shares[taker] += 1
    return shares
