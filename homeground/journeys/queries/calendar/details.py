"""One thing on the calendar, told in the drawer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from homeground.channels.models import Channel
from homeground.content.models import MomentPlan
from homeground.journeys.models import Campaign, Journey, State
from homeground.journeys.queries.calendar.entries import dated
from homeground.journeys.queries.calendar.results import results
from homeground.journeys.queries.calendar.shape import Choice, Span
from homeground.journeys.queries.calendar.walks import due, graph_of, messages_ahead
from homeground.service.models import Task
from homeground.wecom.models import Staff


@dataclass(frozen=True)
class Detail:
    """What the drawer shows. moves: the draft that can be given another day here."""

    title: str
    state: str
    facts: Sequence[tuple[str, Any]]
    said: str = ""
    lines: Sequence[tuple[str, str]] = field(default_factory=list)
    url: str = ""
    url_label: str = ""
    permission: str = "journeys.view_campaign"  # Of the address.
    moves: Campaign | None = None
    day: date | None = None


def detail_of(key: str, day: date | None, span: Span) -> Detail | None:
    """What a key stands for on a day; None for what is not there (any more)."""
    kind, _colon, number = key.partition(":")
    teller = _TELLERS.get(kind)
    if teller is None or day is None:
        return None
    pk = int(number) if number.isdecimal() and len(number) < 18 else 0
    return teller(pk, day, Span(day, day, span.zone, span.at))


def _campaign(pk: int, day: date, span: Span) -> Detail | None:
    campaign = dated().select_related("segment", "need", "message").filter(pk=pk).first()
    return _told(campaign, day) if campaign else None


def _told(campaign: Campaign, day: date) -> Detail:
    names = dict(Channel.objects.values_list("slug", "name"))
    channels = [names.get(slug, slug) for slug in (campaign.channel, campaign.weak_channel) if slug]
    promotion = campaign.message.is_promotion if campaign.is_promotion is None else campaign.is_promotion
    facts = [
        (_("环节"), campaign.get_link_display()),
        (_("人群"), campaign.segment.name if campaign.segment else "—"),
        (_("人数"), _size(campaign)),
        (_("渠道"), _("、").join(channels) if campaign.groups is None else _("企业微信群发，发到客户群")),
        (_("消息"), campaign.message.name),
        (_("性质"), _("营销信息") if promotion else _("服务信息，不占疲劳度")),
        (_("紧急程度"), campaign.get_urgency_display()),
        (_("对照组"), f"{campaign.holdout_bp / 100:g}%"),
        (_("货"), campaign.offer),
        (_("假设"), campaign.hypothesis),
    ]
    return Detail(
        campaign.name,
        str(State(campaign.state).label),
        facts,
        url=_address("journeys:campaign", campaign.pk),
        url_label=_("打开活动"),
        permission="journeys.view_campaign",
        moves=campaign if campaign.state == State.DRAFT else None,
        day=day,
    )


def _size(campaign: Campaign) -> str:
    if campaign.audience_size is not None:
        return f"{campaign.audience_size:,}"
    if campaign.groups is not None:
        return _("锁定时按群算")
    return f"{campaign.segment.customers:,}" if campaign.segment else "0"


def _journey(pk: int, day: date, span: Span) -> Detail | None:
    journey = Journey.objects.select_related("live").filter(pk=pk, live__isnull=False).first()
    if journey is None:
        return None
    rows = [row for row in due(span, Choice()) if row.journey_id == pk]
    lines = []
    for row in rows:
        graph = graph_of(row.version_id)
        name = graph.nodes[row.node].name if row.node in graph.nodes else row.node
        ahead = _("、").join(graph.nodes[each].name for each in messages_ahead(graph, row.node))
        lines.append((name, _("%(walks)d 人 → %(ahead)s") % {"walks": row.walks, "ahead": ahead or _("看走哪一路")}))
    return Detail(
        journey.name,
        str(journey.get_state_display()),
        [(_("环节"), journey.get_link_display()), (_("走下一步的人次"), f"{sum(row.walks for row in rows):,}")],
        said=_("已在旅程里、这天到点的人。分支走哪一路当天才知道，所以消息数是“至少”；今天以后进来的人还没算。"),
        lines=lines,
        url=_address("journey:journey", journey.slug),
        url_label=_("打开旅程"),
        permission="journeys.view_journey",
    )


def _entry(pk: int, day: date, span: Span) -> Detail | None:
    journey = Journey.objects.filter(pk=pk, live__isnull=False).first()
    if journey is None:
        return None
    return Detail(
        journey.name,
        str(journey.get_state_display()),
        [(_("环节"), journey.get_link_display()), (_("对照组"), f"{journey.holdout_bp / 100:g}%")],
        said=_("按现在的人群和日期估计；对照组和已在旅程里的人不会进入。"),
        url=_address("journey:journey", journey.slug),
        url_label=_("打开旅程"),
        permission="journeys.view_journey",
    )


def _moment(pk: int, day: date, span: Span) -> Detail | None:
    plan = MomentPlan.objects.select_related("persona").filter(pk=pk).first()
    if plan is None:
        return None
    facts = [
        (_("内容类型"), plan.get_kind_display()),
        (_("谁能看"), plan.get_audience_display()),
        (_("人设"), plan.persona.name if plan.persona else "—"),
    ]
    title = plan.topic or str(plan.get_kind_display())
    url, label = _address("content:plan", plan.pk), _("打开这条朋友圈")
    return Detail(
        title, str(plan.get_state_display()), facts, plan.text, url=url, url_label=label,
        permission="content.view_momentplan",
    )  # fmt: skip


def _task(pk: int, day: date, span: Span) -> Detail | None:
    rows = Task.objects.filter(due_on=day).exclude(state=Task.State.EXPIRED)
    by_staff = rows.values("staff").annotate(all=Count("pk"), open=Count("pk", filter=Q(state=Task.State.OPEN)))
    top = list(by_staff.order_by("-open", "staff")[:10])
    names = {
        staff.pk: staff.name or staff.userid for staff in Staff.objects.filter(pk__in=[row["staff"] for row in top])
    }
    kinds = dict(Task.Kind.choices)
    facts = [
        (str(kinds.get(row["kind"], row["kind"])), f"{row['all']:,}")
        for row in rows.values("kind").annotate(all=Count("pk")).order_by("-all")
    ]
    lines = [(names.get(row["staff"], "—"), _("%(all)d 项，未完成 %(open)d 项") % row) for row in top]
    title = _("%(day)s 的员工任务") % {"day": f"{day:%m-%d}"}
    return Detail(
        title, "", facts, lines=lines, url=_address("service:team"), url_label=_("打开今日工作"),
        permission="service.lead_team",
    )  # fmt: skip


def _review(pk: int, day: date, span: Span) -> Detail | None:
    campaign = Campaign.objects.planned().filter(pk=pk, frozen_at__isnull=False).first()
    if campaign is None:
        return None
    facts = [(_("主要指标"), campaign.get_primary_outcome_display()), (_("观察天数"), campaign.window_days)]
    return Detail(
        campaign.name,
        str(State(campaign.state).label),
        facts,
        said=_("观察期这天满：看结果、写原因、定下一步。"),
        url=_address("insights:review", campaign.pk),
        url_label=_("看复盘"),
        permission="insights.view_review",
    )


def _result(pk: int, day: date, span: Span) -> Detail | None:
    found = next(iter(results(span, Choice())), None)
    said = _("参与：打开、点击或回复过；下单：收到后三天内付款。是不是消息带来的，要看复盘。")
    return (
        None
        if found is None
        else Detail(_("%(day)s 的结果") % {"day": f"{day:%m-%d}"}, "", [(_("结果"), found.title)], said)
    )


def _address(name: str, *args: Any) -> str:
    """Empty where no room has the page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


_TELLERS: dict[str, Callable[[int, date, Span], Detail | None]] = {
    "campaign": _campaign,
    "journey": _journey,
    "entry": _entry,
    "moment": _moment,
    "task": _task,
    "review": _review,
    "result": _result,
}
