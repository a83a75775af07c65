"""继承: customers pass from one member to another, by themselves 24 hours after the start unless they refuse."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from homeground.sandbox.models import Contact, Friendship, Member, Transfer
from homeground.sandbox.services.callbacks import events, tell
from homeground.sandbox.services.wecom import clock

HOURS = 24
MOST = 2  # Of one customer or group
DAYS = 90  # in so many days.
_ASSIGNED_BY_ADMIN = 202
_COPIED = ("remark", "description", "remark_company", "remark_mobiles", "tag_ids", "state")


def start(
    handover: Member, takeover: Member, ids: Sequence[str], message: str, at: datetime, *, is_resigned: bool
) -> dict[str, int]:
    """Begin the transfer of each customer that may pass: external id → code, 0 for begun."""
    ties = _ties(handover, ids)
    codes = {outside: 0 if outside in ties else 40096 for outside in ids}
    known = set(Contact.objects.filter(external_userid__in=ids).values_list("external_userid", flat=True))
    codes |= dict.fromkeys(known - ties.keys(), 40131)
    contacts = [tie.contact_id for tie in ties.values()]
    running, often = _running(contacts), _often(contacts, at)
    room = takeover.customer_cap - Friendship.objects.filter(member=takeover, ended_at=None).count()
    begun: list[Friendship] = []
    for outside, tie in ties.items():
        codes[outside] = _code(tie, running, often, room - len(begun))
        if codes[outside] == 0:
            begun.append(tie)
    Transfer.objects.bulk_create(
        Transfer(
            handover=handover, takeover=takeover, contact_id=tie.contact_id, is_resigned=is_resigned,
            message=message, started_at=at,
        )
        for tie in begun
    )  # fmt: skip
    return codes


@transaction.atomic
def settle(at: datetime | None = None) -> int:
    """Complete what has waited 24 hours, and tell of it. Says how many were decided; a repeat finds none."""
    moment = at or clock.now()
    due = Transfer.objects.filter(status=Transfer.Status.WAITING, started_at__lte=moment - timedelta(hours=HOURS))
    rows = list(due.select_for_update(of=("self",)).select_related("handover", "takeover", "contact").order_by("pk"))
    if not rows:
        return 0
    old = _open_pairs([(row.handover_id, row.contact_id) for row in rows])
    held = _open_pairs([(row.takeover_id, row.contact_id) for row in rows])
    fit = [row for row in rows if (row.handover_id, row.contact_id) in old]
    new = [row for row in fit if (row.takeover_id, row.contact_id) not in held]
    _pass_on(fit, new, old, moment)
    _decide(fit, Transfer.Status.DONE, moment)
    _decide([row for row in rows if row not in fit], Transfer.Status.REFUSED, moment)
    _tell(fit, new)
    return len(rows)


@transaction.atomic
def refuse(transfer: Transfer, at: datetime | None = None) -> bool:
    """The customer says no, while it waits. False when it was decided before."""
    waiting = Transfer.objects.filter(pk=transfer.pk, status=Transfer.Status.WAITING)
    if not waiting.update(status=Transfer.Status.REFUSED, decided_at=at or clock.now()):
        return False
    outside = transfer.contact.external_userid
    tell(events.contact("transfer_fail", transfer.takeover.userid, outside, why="customer_refused"))
    return True


def _ties(handover: Member, ids: Sequence[str]) -> dict[str, Friendship]:
    rows = Friendship.objects.filter(member=handover, ended_at=None, contact__external_userid__in=ids)
    return {row.contact.external_userid: row for row in rows.select_related("contact")}


def _running(contacts: Sequence[int]) -> set[int]:
    waiting = Transfer.objects.filter(contact_id__in=contacts, status=Transfer.Status.WAITING)
    return set(waiting.values_list("contact_id", flat=True))


def _often(contacts: Sequence[int], at: datetime) -> set[int]:
    recent = Transfer.objects.filter(contact_id__in=contacts, started_at__gt=at - timedelta(days=DAYS))
    counts = recent.exclude(status=Transfer.Status.REFUSED).values("contact_id").annotate(n=Count("pk"))
    return {row["contact_id"] for row in counts if row["n"] >= MOST}


def _code(tie: Friendship, running: set[int], often: set[int], room: int) -> int:
    if tie.contact_id in running:
        return 40129
    if tie.contact_id in often:
        return 40128
    return 0 if room > 0 else 40099


def _open_pairs(pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Friendship]:
    wanted = Q(member_id__in={member for member, _ in pairs}, contact_id__in={contact for _, contact in pairs})
    rows = Friendship.objects.filter(wanted, ended_at=None)
    return {(row.member_id, row.contact_id): row for row in rows if (row.member_id, row.contact_id) in set(pairs)}


def _pass_on(
    fit: Sequence[Transfer], new: Sequence[Transfer], old: dict[tuple[int, int], Friendship], at: datetime
) -> None:
    ended = [old[row.handover_id, row.contact_id].pk for row in fit]
    Friendship.objects.filter(pk__in=ended).update(ended_at=at, ending=Friendship.Ending.TRANSFERRED)
    Friendship.objects.bulk_create(
        Friendship(
            member_id=row.takeover_id, contact_id=row.contact_id, created_at=at, interacted_at=at,
            add_way=_ASSIGNED_BY_ADMIN, oper_userid=row.handover.userid,
            **{name: getattr(old[row.handover_id, row.contact_id], name) for name in _COPIED},
        )
        for row in new
    )  # fmt: skip


def _decide(rows: Sequence[Transfer], status: Transfer.Status, at: datetime) -> None:
    Transfer.objects.filter(pk__in=[row.pk for row in rows]).update(status=status, decided_at=at)


def _tell(fit: Sequence[Transfer], new: Sequence[Transfer]) -> None:
    """The platform itself completes these, so they are told however the transfer was begun."""
    added = [events.contact("add_external_contact", row.takeover.userid, row.contact.external_userid) for row in new]
    lost = [
        events.contact(
            "del_external_contact", row.handover.userid, row.contact.external_userid, source="DELETE_BY_TRANSFER"
        )
        for row in fit
        if not row.is_resigned
    ]
    tell(*added, *lost)
