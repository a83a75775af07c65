"""What became of what was asked: results of customers, owners of groups."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from homeground.core import time
from homeground.service.models import Handover, HandoverItem
from homeground.service.services.handover.jobs import queue_handover
from homeground.service.services.handover.running import alone
from homeground.service.services.handover.settling import Settled, close_if_settled, settle
from homeground.wecom.client import Api, Failure, connect, groups, transfer
from homeground.wecom.client.transfer import Transferred
from homeground.wecom.errors import NotConnected

State = HandoverItem.State
_STATES = {transfer.DONE: State.DONE, transfer.REFUSED: State.REFUSED, transfer.FULL: State.FULL}
_SETTLING = timedelta(minutes=1)  # So long the platform may not yet list what it was just asked.
_SKEW = timedelta(minutes=5)  # Between their clock and ours.
_LOST = timedelta(days=3)  # Begun, and the platform knows nothing of it: that is not going to come.


def mind_handovers(at: datetime | None = None) -> None:
    """Go on with every handover that is not at its end."""
    for handover_id, state in (
        Handover.objects.exclude(state=Handover.State.DRAFT).filter(state__in=Handover.OPEN).values_list("pk", "state")
    ):
        poll_handover(handover_id, at)
        if state == Handover.State.RUNNING:
            queue_handover(handover_id)


def poll_handover(handover_id: int, at: datetime | None = None) -> None:
    """Read what became of what waits or is unknown; what the platform never got is planned again."""
    moment = at or time.now()
    with alone(handover_id) as mine:
        if not mine:
            return
        try:
            error = _poll(connect(), Handover.objects.select_related("giver").get(pk=handover_id), moment)
        except (Failure, NotConnected) as failure:
            error = str(failure)
        Handover.objects.filter(pk=handover_id).update(polled_at=moment, error=error[:300])
        close_if_settled(handover_id, moment)


def _poll(api: Api, handover: Handover, at: datetime) -> str:
    unsettled = handover.items.filter(state__in=(State.UNKNOWN, State.WAITING)).select_related(
        "taker", "contact", "chat"
    )
    by_taker: dict[str, list[HandoverItem]] = {}
    for item in unsettled:
        by_taker.setdefault(item.taker.userid, []).append(item)
    for taker, items in by_taker.items():
        results = _results(api, handover, taker) if any(item.contact for item in items) else {}
        settle([found for item in items for found in _fate(api, item, results, at)])
        _plan_again([item.pk for item in items if _is_lost(item, results, at)])
        _wait([item.pk for item in items if _is_begun(item, results)])
    return ""


def _results(api: Api, handover: Handover, taker: str) -> dict[str, Transferred]:
    read = transfer.results_page if handover.kind == Handover.Kind.SERVING else transfer.resigned_results_page
    found: dict[str, Transferred] = {}
    cursor = ""
    while True:
        page = read(api, handover.giver.userid, taker, cursor)
        found |= {one.external_userid: one for one in page.items}
        if not (cursor := page.next_cursor):
            return found


def _fate(api: Api, item: HandoverItem, results: dict[str, Transferred], at: datetime) -> Iterator[Settled]:
    if item.chat:
        if groups.get(api, item.chat.chat_id).owner == item.taker.userid:
            yield item.pk, State.DONE, 0, at
        return
    result = _of_this_time(item, results)
    if result and result.status in _STATES:
        yield item.pk, _STATES[result.status], 0, result.taken_over_at or at
    elif item.state == State.WAITING and result is None and item.asked_at and item.asked_at + _LOST < at:
        yield item.pk, State.FAILED, 0, at


def _is_lost(item: HandoverItem, results: dict[str, Transferred], at: datetime) -> bool:
    """Its call never arrived: the platform does not know of it."""
    if item.state != State.UNKNOWN or not item.asked_at or item.asked_at + _SETTLING > at:
        return False
    return item.contact is None or _of_this_time(item, results) is None


def _is_begun(item: HandoverItem, results: dict[str, Transferred]) -> bool:
    result = _of_this_time(item, results)
    return item.state == State.UNKNOWN and result is not None and result.status == transfer.WAITING


def _of_this_time(item: HandoverItem, results: dict[str, Transferred]) -> Transferred | None:
    """The platform's row for this item; one that was taken over before we asked is of an earlier handover."""
    result = results.get(item.contact.external_userid) if item.contact else None
    if result is None or result.status == transfer.NONE:
        return None
    is_earlier = result.taken_over_at and item.asked_at and result.taken_over_at < item.asked_at - _SKEW
    return None if is_earlier else result


def _plan_again(item_ids: Sequence[int]) -> None:
    HandoverItem.objects.filter(pk__in=item_ids, state=State.UNKNOWN).update(state=State.PLANNED, asked_at=None)


def _wait(item_ids: Sequence[int]) -> None:
    HandoverItem.objects.filter(pk__in=item_ids, state=State.UNKNOWN).update(state=State.WAITING)
