"""获客助手: acquisition links, who came through them, and the quota."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Sum

from homeground.core import time
from homeground.sandbox.models import AcquisitionLink, AcquisitionQuota, ChatKey, Friendship, LinkDay
from homeground.sandbox.services.callbacks import events, tell
from homeground.sandbox.services.wecom import cursors, staff
from homeground.sandbox.services.wecom.fields import (
    CURSOR,
    Given,
    flag,
    moment,
    number,
    numbers,
    page_size,
    text,
    texts,
    thing,
)
from homeground.sandbox.services.wecom.ids import new
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, get, post

MOST_LINKS = 20_000
MOST_RANGE = 500
CHAT_KEY_SECONDS = 1800
_ROOT = "externalcontact/customer_acquisition"
_LINK = text("link_id", needed=40058)
_RANGE = (texts("user_list", most=MOST_RANGE, wrong=40031, too_many=40032), numbers("department_list"))
_PRIORITY = thing(
    "priority_option",
    number("priority_type", needed=40058, among=(1, 2)),
    texts("priority_userid_list", most=1000, wrong=40031, too_many=40032),
)


@post(f"{_ROOT}/list_link", CURSOR, page_size(100, 100))
def links(caller: Caller, given: Given) -> Answer:
    """Ids of this app's links."""
    api = f"{_ROOT}/list_link"
    after = cursors.read(api, caller.app, given["cursor"]) or [0]
    rows = list(_own(caller).filter(pk__gt=after[0]).order_by("pk").values_list("pk", "link_id")[: given["limit"] + 1])
    shown = rows[: given["limit"]]
    cursor = cursors.make(api, caller.app, [shown[-1][0]]) if len(rows) > len(shown) else ""
    return {"link_id_list": [link_id for _pk, link_id in shown], "next_cursor": cursor}


@post(f"{_ROOT}/get", _LINK)
def link(caller: Caller, given: Given) -> Answer:
    """One link as it stands."""
    row = _link(caller, given)
    shown = {**_shown(row), "skip_verify": row.skip_verify, "mark_source": row.mark_source}
    return {
        "link": shown,
        "range": {"user_list": row.users, "department_list": row.departments},
        **({"priority_option": row.priority} if row.priority else {}),
    }


@post(
    f"{_ROOT}/create_link",
    text("link_name", chars=30, needed=40058),
    thing("range", *_RANGE, needed=40058),
    flag("skip_verify", default=True),
    _PRIORITY,
    flag("mark_source", default=True),
)
def create(caller: Caller, given: Given) -> Answer:
    """Make a link to members and departments."""
    if _own(caller).count() >= MOST_LINKS:
        raise Refused(41095, "too many acquisition links")
    link_id = new("ca", 26)
    row = AcquisitionLink.objects.create(
        link_id=link_id,
        url=f"{caller.base}ca/{link_id}",
        name=given["link_name"],
        skip_verify=given["skip_verify"],
        priority=_priority(given),
        mark_source=given["mark_source"],
        app=caller.app,
        created_at=caller.at,
        **_range(given["range"]),
    )
    return {"link": {"link_id": row.link_id, **_shown(row)}}


@post(
    f"{_ROOT}/update_link",
    _LINK,
    text("link_name", chars=30),
    thing("range", *_RANGE),
    flag("skip_verify"),
    _PRIORITY,
    flag("mark_source"),
)
def update(caller: Caller, given: Given) -> Answer:
    """Change what is given; the range is replaced."""
    row = _link(caller, given)
    changes = {"name": given["link_name"], "skip_verify": given["skip_verify"], "mark_source": given["mark_source"]}
    changes |= {"priority": _priority(given), **(_range(given["range"]) if given["range"] is not None else {})}
    kept = {name: value for name, value in changes.items() if value is not None}
    if kept:
        AcquisitionLink.objects.filter(pk=row.pk).update(**kept)
    return {}


@post(f"{_ROOT}/delete_link", _LINK)
def delete(caller: Caller, given: Given) -> Answer:
    """Delete a link; who came through it stays."""
    row = _link(caller, given)
    AcquisitionLink.objects.filter(pk=row.pk).update(deleted_at=caller.at)
    if caller.corp.tells_of_api_actions:
        tell(events.acquisition("delete_link", row.link_id))
    return {}


@post(f"{_ROOT}/customer", _LINK, CURSOR, page_size(1000, 1000))
def customers(caller: Caller, given: Given) -> Answer:
    """Who came through a link, and whether they have written."""
    row = _link(caller, given)
    api = f"{_ROOT}/customer"
    after = cursors.read(api, row.link_id, given["cursor"]) or [0]
    ties = Friendship.objects.filter(link=row, pk__gt=after[0]).order_by("pk")
    names = ("pk", "contact__external_userid", "member__userid", "customer_messaged_at", "state")
    rows = list(ties.values_list(*names)[: given["limit"] + 1])
    shown = rows[: given["limit"]]
    return {
        "customer_list": [
            {"external_userid": outside, "userid": userid, "chat_status": 1 if wrote else 0, "state": state}
            for _pk, outside, userid, wrote, state in shown
        ],
        "next_cursor": cursors.make(api, row.link_id, [shown[-1][0]]) if len(rows) > len(shown) else "",
    }


@get("externalcontact/customer_acquisition_quota")
def quota(caller: Caller, _given: Given) -> Answer:
    """How much was bought, how much is left, and what expires when."""
    rows = AcquisitionQuota.objects.filter(expires_at__gt=caller.at)
    sums = rows.aggregate(total=Sum("total", default=0), balance=Sum("balance", default=0))
    by_day = rows.filter(balance__gt=0).values("expires_at").annotate(left=Sum("balance")).order_by("expires_at")
    parts = [{"expire_date": int(one["expires_at"].timestamp()), "balance": one["left"]} for one in by_day]
    return {**sums, "quota_list": parts}


@post(f"{_ROOT}/statistic", _LINK, moment("start_time", needed=60267), moment("end_time", needed=60267))
def statistic(caller: Caller, given: Given) -> Answer:
    """How many opened a link and how many became customers, over whole days."""
    row, zone = _link(caller, given), caller.corp.time_zone
    since, until = (datetime.fromtimestamp(given[name], UTC) for name in ("start_time", "end_time"))
    if since > until or until - since > timedelta(days=30) or since < caller.ago(days=181):
        raise Refused(60267, "invalid time range")
    first, last = time.day_of(since, zone), time.day_of(until, zone)
    clicks = LinkDay.objects.filter(link=row, day__range=(first, last)).aggregate(sum=Sum("clicks", default=0))
    bounds = (time.start_of(first, zone), time.start_of(last + timedelta(days=1), zone))
    new_ones = Friendship.objects.filter(link=row, created_at__gte=bounds[0], created_at__lt=bounds[1]).count()
    return {"click_link_customer_cnt": clicks["sum"], "new_customer_cnt": new_ones}


@post(f"{_ROOT}/get_chat_info", text("chat_key", needed=41201, wrong=41201, size=64))
def chat_info(caller: Caller, given: Given) -> Answer:
    """Who wrote, as the callback's key tells for 30 minutes."""
    key = ChatKey.objects.select_related("friendship__member", "friendship__contact", "friendship__link")
    found = key.filter(key=given["chat_key"], created_at__gt=caller.ago(seconds=CHAT_KEY_SECONDS)).first()
    if found is None or found.friendship.link is None:
        raise Refused(41201, "invalid chat_key")
    tie = found.friendship
    info = {"recv_msg_cnt": found.messages, "link_id": found.friendship.link.link_id, "state": tie.state}
    return {"userid": tie.member.userid, "external_userid": tie.contact.external_userid, "chat_info": info}


def _own(caller: Caller) -> QuerySet[AcquisitionLink]:
    return AcquisitionLink.objects.filter(app=caller.app, deleted_at=None)


def _link(caller: Caller, given: Given) -> AcquisitionLink:
    found = _own(caller).filter(link_id=given["link_id"]).first()
    if found is None:
        raise Refused(40058, "invalid link_id")
    return found


def _range(given: Given) -> dict[str, Any]:
    users, departments = given["user_list"] or [], given["department_list"] or []
    if not users and not departments:
        raise Refused(40058, "range is empty")
    if len(users) + len(departments) > MOST_RANGE:
        raise Refused(40032, "range exceeds 500")
    staff.contact_members(users)
    staff.with_children(departments)
    return {"users": users, "departments": departments}


def _priority(given: Given) -> dict[str, Any] | None:
    option = given["priority_option"]
    if option and option["priority_type"] == 2 and not option["priority_userid_list"]:
        raise Refused(40058, "missing priority_userid_list")
    return {name: value for name, value in option.items() if value is not None} if option else None


def _shown(row: AcquisitionLink) -> dict[str, Any]:
    return {"link_name": row.name, "url": row.url, "create_time": int(row.created_at.timestamp())}
