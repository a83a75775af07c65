"""The sider: the pages in order. One appears when its address resolves and the user may open it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeground.console import queries
from homeground.ui.shell import Item, Section, Shell


@dataclass(frozen=True)
class Entry:
    """A page: its address by name, and the permission that opens it (empty: being signed in)."""

    label: str | Promise
    icon: str
    url_name: str
    permission: str = ""

    @property
    def url(self) -> str:
        """Its address; empty while no room has it."""
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


SECTIONS: list[tuple[str | Promise, list[Entry]]] = [
    (
        "",
        [
            Entry(_("首页"), "layout-dashboard", "console:home"),
            Entry(_("打法"), "map-2", "playbooks:list", "playbooks.view_installation"),
        ],
    ),
    (
        _("客户"),
        [
            Entry(_("客户列表"), "users", "console:customers", "people.view_customer"),
            Entry(_("人群"), "filter", "segments:list", "segments.view_segment"),
            Entry(_("入口与来源"), "door-enter", "growth:doors", "growth.view_door"),
            Entry(_("会员与积分"), "coin", "loyalty:overview", "loyalty.view_pointsposting"),
        ],
    ),
    (
        _("服务"),
        [
            Entry(_("今日工作"), "checklist", "service:team", "service.lead_team"),
            Entry(_("工单"), "lifebuoy", "service:tickets", "service.view_ticket"),
            Entry(_("记分卡"), "gauge", "service:scorecard", "service.view_scorecard"),
            Entry(_("客户群"), "messages", "service:groups", "wecom.view_groupchat"),
            Entry(_("客户继承"), "transfer", "service:handover", "service.hand_over"),
        ],
    ),
    (
        _("触达"),
        [
            Entry(_("活动"), "send", "journeys:campaigns", "journeys.view_campaign"),
            Entry(_("旅程"), "route", "journey:list", "journeys.view_journey"),
            Entry(_("触达日历"), "calendar", "calendar:month", "journeys.view_campaign"),
            Entry(_("朋友圈"), "aperture", "content:moments", "content.view_momentplan"),
            Entry(_("消息内容"), "message-2", "content:messages", "content.view_message"),
            Entry(_("快捷回复"), "quote", "content:replies", "content.view_quickreply"),
            Entry(_("触达规则"), "shield-check", "journeys:policy", "journeys.view_campaign"),
            Entry(_("触达渠道"), "plug", "channels:list", "channels.view_channel"),
            Entry(_("沙盒手机"), "device-mobile", "sandbox:phones", "sandbox.view_phone"),
            Entry(_("沙盒企微"), "building", "sandbox:corp", "sandbox.view_phone"),
        ],
    ),
    (
        _("洞察"),
        [
            Entry(_("复盘"), "report-analytics", "insights:reviews", "insights.view_review"),
            Entry(_("购买时机"), "calendar-time", "timing:overview", "insights.view_review"),
            Entry(_("人群表现"), "chart-bar", "insights:behaviour", "insights.view_review"),
            Entry(_("事件流"), "activity", "events:stream", "events.view_streamevent"),
        ],
    ),
    (
        _("系统"),
        [
            Entry(_("数据接入"), "database-import", "ingest:sources", "ingest.view_token"),
            Entry(_("企业微信"), "brand-wechat", "wecom:corp", "wecom.view_corp"),
            Entry(_("成员与角色"), "users-group", "console:users", "console.manage_users"),
            Entry(_("设置"), "settings", "console:settings", "console.change_brand"),
        ],
    ),
]


def shell(request: HttpRequest) -> Shell:
    """The frame for this request: the brand, and the pages that this user may open."""
    brand = queries.brand()
    sections = [Section(str(label), list(_items(request, entries))) for label, entries in SECTIONS]
    return Shell(brand.name, brand.time_zone, brand.currency, [section for section in sections if section.items])


def entries() -> Iterator[Entry]:
    """Every page of the sider that has an address."""
    return (entry for _label, group in SECTIONS for entry in group if entry.url)


def _items(request: HttpRequest, group: list[Entry]) -> Iterator[Item]:
    here = _here(request.path)
    for entry in group:
        if entry.url and (not entry.permission or request.user.has_perm(entry.permission)):
            yield Item(str(entry.label), entry.url, entry.icon, entry.url == here)


def _here(path: str) -> str:
    """The address of the sider that is nearest above this path."""
    above = [entry.url for entry in entries() if _covers(entry.url, path)]
    return max(above, key=len, default="")


def _covers(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
