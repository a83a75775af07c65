"""Handovers as pages show them."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from homeground.service.models import Capacity, Handover, HandoverItem
from homeground.wecom.client.errors import known
from homeground.wecom.models import Staff

State = HandoverItem.State
_FAILED = (State.REFUSED, State.FULL, State.FAILED, State.TOO_OFTEN)


@dataclass(frozen=True)
class TakerLine:
    """One taker: what they have now, what they were planned to get, and how that goes."""

    staff: Staff
    friends: int
    minutes: int
    customers: int
    groups: int
    done: int
    waiting: int
    failed: int

    @property
    def afterwards(self) -> int:
        return self.friends + self.customers


@dataclass(frozen=True)
class Trouble:
    """Why some were not handed over, in words, and how many."""

    sentence: str
    remedy: str
    items: int


@dataclass(frozen=True)
class Progress:
    """A handover's numbers. customers and groups: all rows of it."""

    customers: int
    groups: int
    planned: int
    waiting: int
    done: int
    failed: int
    takers: list[TakerLine]
    troubles: list[Trouble]

    @property
    def total(self) -> int:
        return self.customers + self.groups

    @property
    def settled(self) -> int:
        return self.done + self.failed


def handovers() -> QuerySet[Handover]:
    """All of them, with how many of their rows are where."""
    return Handover.objects.select_related("giver").annotate(
        total=Count("items"),
        done=Count("items", filter=Q(items__state=State.DONE)),
        failed=Count("items", filter=Q(items__state__in=_FAILED)),
    )


def progress(handover: Handover) -> Progress:
    """How one handover stands."""
    is_customer = ExpressionWrapper(Q(chat__isnull=True), BooleanField())
    marked = handover.items.annotate(is_customer=is_customer)
    rows = marked.values_list("taker_id", "is_customer", "state", "code").annotate(Count("pk"))
    counts = Counter({(taker, customers, state, code): items for taker, customers, state, code, items in rows})
    return Progress(
        customers=_sum(counts, customers=True),
        groups=_sum(counts, customers=False),
        planned=_sum(counts, states=(State.PLANNED,)),
        waiting=_sum(counts, states=HandoverItem.UNSETTLED),
        done=_sum(counts, states=(State.DONE,)),
        failed=_sum(counts, states=_FAILED),
        takers=_takers(counts),
        troubles=_troubles(counts),
    )


def items(handover: Handover, state: str = "") -> QuerySet[HandoverItem]:
    """Its rows, in the order in which they were planned; of one state, or all."""
    rows = handover.items.select_related("contact", "chat", "taker")
    return rows.filter(state=state) if state in State.values else rows


_Key = tuple[int, bool, str, int]


def _sum(counts: Counter[_Key], *, customers: bool | None = None, states: tuple[str, ...] = (), taker: int = 0) -> int:
    return sum(
        number
        for (who, is_customer, state, _code), number in counts.items()
        if customers in (None, is_customer) and (not states or state in states) and taker in (0, who)
    )


def _takers(counts: Counter[_Key]) -> list[TakerLine]:
    ids = {taker for taker, *_rest in counts}
    minutes = dict(Capacity.objects.filter(staff__in=ids).values_list("staff_id", "minutes"))
    rows = Staff.objects.filter(pk__in=ids).annotate(
        friends=Count("follows", filter=Q(follows__ended_at__isnull=True, follows__is_pending=False))
    )
    return [
        TakerLine(
            row,
            row.friends,
            minutes.get(row.pk, Capacity.USUAL_MINUTES),
            _sum(counts, customers=True, taker=row.pk),
            _sum(counts, customers=False, taker=row.pk),
            _sum(counts, states=(State.DONE,), taker=row.pk),
            _sum(counts, states=HandoverItem.UNSETTLED, taker=row.pk),
            _sum(counts, states=_FAILED, taker=row.pk),
        )
        for row in rows
    ]


def _troubles(counts: Counter[_Key]) -> list[Trouble]:
    by_reason: Counter[tuple[str, int]] = Counter()
    for (_taker, _is_customer, state, code), number in counts.items():
        if state in _FAILED:
            by_reason[state, code] += number
    return [_trouble(state, code, number) for (state, code), number in by_reason.most_common()]


def _trouble(state: str, code: int, number: int) -> Trouble:
    if state == State.FAILED and code:
        return Trouble(str(known(code).sentence), known(code).remedy, number)
    return Trouble(str(State(state).label), str(_REMEDIES.get(State(state), "")), number)


_REMEDIES = {
    State.REFUSED: _("客户不愿换人：请原员工先和客户说明，或让客户留下。"),
    State.FULL: _("请换一位接替员工，或为他扩容后再办一次。"),
    State.TOO_OFTEN: _("平台规定同一位客户 90 天内最多继承两次（文档 92125），满 90 天后再办。"),
    State.FAILED: _("提交后 3 天平台仍没有记录，请再办一次。"),
}
