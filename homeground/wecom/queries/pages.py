"""What the console shows of the corp."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from homeground.core import time
from homeground.people.queries import ids_of
from homeground.wecom.client import limits
from homeground.wecom.models import (
    App,
    Callback,
    DriftReport,
    ExternalContact,
    Follow,
    GroupMember,
    RateBudget,
    Staff,
    SyncPart,
    SyncRun,
)

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_EVENTS = {
    "change_external_contact.add_external_contact": _("添加好友"),
    "change_external_contact.add_half_external_contact": _("免验证添加"),
    "change_external_contact.edit_external_contact": _("修改备注或标签"),
    "change_external_contact.del_external_contact": _("员工删除客户"),
    "change_external_contact.del_follow_user": _("客户删除员工"),
    "change_external_contact.transfer_fail": _("转接失败"),
    "change_external_chat.create": _("建群"),
    "change_external_chat.update": _("群变更"),
    "change_external_chat.dismiss": _("群解散"),
    "change_external_tag.create": _("新建标签"),
    "change_external_tag.update": _("修改标签"),
    "change_external_tag.delete": _("删除标签"),
    "change_external_tag.shuffle": _("标签重新排序"),
    "customer_acquisition.customer_start_chat": _("获客链接：客户开口"),
    "kf_msg_or_event": _("微信客服消息"),
}


@dataclass(frozen=True)
class Token:
    """The state of one app's token."""

    app: App
    is_good: bool
    has_callback: bool


@dataclass(frozen=True)
class Use:
    """How much of an API's budget is used in the running minute and hour."""

    api: str
    in_minute: int
    per_minute: int
    in_hour: int
    per_hour: int
    blocked_until: datetime | None


@dataclass(frozen=True)
class Waiting:
    """Callbacks at a glance."""

    last_at: datetime | None
    last_day: int
    waiting: int
    failed: int
    unwelcomed: int  # Of the last day: welcomes that were late, refused or lost.


def event_name(event: str) -> str:
    """What a callback tells, in words; one that we do not know keeps its name."""
    return str(_EVENTS.get(event, event))


def event_choices() -> list[tuple[str, object]]:
    """The events that a list may be narrowed to."""
    return list(_EVENTS.items())


def tokens() -> list[Token]:
    """The apps, contact first."""
    now = time.now()
    return [
        Token(
            app,
            bool(app.sealed_access_token and app.expires_at and app.expires_at > now),
            bool(app.sealed_callback_token and app.sealed_aes_key),
        )
        for app in App.objects.order_by("-slug")
    ]


def budget() -> list[Use]:
    """What was called within the hour, the busiest first."""
    now = time.now()
    found = [_use(row, now) for row in RateBudget.objects.filter(Q(hour_at__gt=now - _HOUR) | Q(blocked_until__gt=now))]
    return sorted(found, key=lambda use: (-use.in_hour, use.api))


def waiting() -> Waiting:
    """Callbacks at a glance."""
    since = time.now() - timedelta(days=1)
    bad = Q(welcome__in=[Callback.Welcome.LATE, Callback.Welcome.REFUSED, Callback.Welcome.UNKNOWN])
    recent = Callback.objects.filter(received_at__gt=since).aggregate(all=Count("pk"), bad=Count("pk", filter=bad))
    last = Callback.objects.order_by("-received_at", "-pk").values_list("received_at", flat=True).first()
    return Waiting(
        last,
        recent["all"],
        Callback.objects.filter(state=Callback.State.WAITING).count(),
        Callback.objects.filter(state=Callback.State.FAILED).count(),
        recent["bad"],
    )


def last_sync() -> SyncRun | None:
    """The newest run, finished or not."""
    return SyncRun.objects.order_by("-pk").first()


def last_full_sync() -> SyncRun | None:
    """The newest finished reading of everything."""
    return SyncRun.objects.filter(is_full=True, finished_at__isnull=False, error="").order_by("-pk").first()


def parts(run: SyncRun) -> tuple[int, int]:
    """Pieces done, of all."""
    done = list(SyncPart.objects.filter(run=run).values_list("is_done", flat=True))
    return sum(done), len(done)


def last_report() -> DriftReport | None:
    """The newest comparison."""
    return DriftReport.objects.order_by("-pk").first()


def callbacks(event: str = "", state: str = "", text: str = "") -> QuerySet[Callback]:
    """Callbacks for a list; text: a contact, a group or a member, whole."""
    found = Callback.objects.all()
    if event:
        found = found.filter(event=event)
    if state == "unknown":
        found = found.filter(is_known=False)
    elif state:
        found = found.filter(state=state, is_known=True)
    if text := text.strip().replace("\0", ""):
        found = found.filter(Q(subject=text) | Q(userid=text.lower()))
    return found


def staff(text: str = "", is_active: bool | None = None) -> QuerySet[Staff]:
    """Members of staff with the number of their friends."""
    found = Staff.objects.select_related("user").annotate(friends=Count("follows", filter=Q(follows__ended_at=None)))
    if is_active is not None:
        found = found.filter(is_active=is_active)
    if text := text.strip().replace("\0", ""):
        found = found.filter(Q(userid__icontains=text) | Q(name__icontains=text))
    return found


@dataclass(frozen=True)
class OnWeCom:
    """One person on WeCom: their contacts, friendships now and before, groups now and before."""

    contacts: Sequence[ExternalContact]
    follows: Sequence[Follow]
    ended: Sequence[Follow]
    groups: Sequence[GroupMember]


def on_wecom(customer_id: int) -> OnWeCom:
    """A person on WeCom, from any of their ids."""
    ids = ids_of(customer_id)
    contacts = list(ExternalContact.objects.filter(customer__in=ids))
    follows = Follow.objects.filter(contact__in=contacts).select_related("staff", "contact")
    groups = GroupMember.objects.filter(customer__in=ids).select_related("chat", "chat__owner")
    return OnWeCom(
        contacts,
        list(follows.filter(ended_at=None).prefetch_related("follow_tags__tag").order_by("-began_at")),
        list(follows.filter(ended_at__isnull=False).order_by("-ended_at")[:50]),
        list(groups.order_by("left_at", "-joined_at")[:50]),
    )


def _use(row: RateBudget, now: datetime) -> Use:
    limit = limits.of(row.api) or limits.BASE
    return Use(
        row.api,
        row.in_minute if row.minute_at > now - _MINUTE else 0,
        limit.per_minute,
        row.in_hour if row.hour_at > now - _HOUR else 0,
        limit.per_hour,
        row.blocked_until if row.blocked_until and row.blocked_until > now else None,
    )
