"""The home page's numbers: the five links in their order, cost and harm beside every gain (M1, M2, M38)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from homeground.core import time
from homeground.core.loop import Link as Name
from homeground.events import warehouse
from homeground.events.labels import source_label
from homeground.insights.queries.loop_efforts import Efforts, efforts
from homeground.insights.queries.loop_rows import DayCounts, Deeds, Joined, Money, Sent, Span, Walks
from homeground.insights.queries.loop_shape import Count, Link, Loop
from homeground.people.queries import brand

SQL = Path(__file__).parent.parent / "sql"
ACTS = [  # Our own facts that people themselves do.
    "commerce.order_paid",
    "channels.message_opened",
    "channels.message_clicked",
    "channels.message_answered",
    "growth.door_opened",
    "service.message_received",
    "wecom.friend_added",
    "wecom.group_joined",
    "wecom.chat_started",
    "wecom.moment_liked",
    "wecom.moment_commented",
]


def days_with_data() -> tuple[date, date] | None:
    """The first and the last day of the brand's zone with an event, none of them ahead; None before the first event."""
    span = warehouse.rows(Span, SQL / "span.sql")[0]
    if span.last.year < 1971:
        return None
    zone, now = brand().time_zone, time.now()
    return time.day_of(min(span.first, now), zone), time.day_of(min(span.last, now), zone)


def loop(since: date, until: date) -> Loop:
    """The five links over whole days of the brand's zone, both ends included, beside as many days before."""
    owner = brand()
    length = (until - since).days + 1
    edges = {
        "before": time.start_of(since - timedelta(days=length), owner.time_zone),
        "since": time.start_of(since, owner.time_zone),
        "until": time.start_of(until + timedelta(days=1), owner.time_zone),
    }
    numbers = _Numbers(edges, since, until, owner.time_zone, owner.currency)
    return Loop(
        since=since,
        until=until,
        as_of=min(edges["until"], time.now()),
        currency=owner.currency,
        days=numbers.days,
        links=[numbers.acquire(), numbers.retain(), numbers.activate(), numbers.convert(), numbers.refer()],
        existing=numbers.existing(),
    )


class _Numbers:
    """Everything that was counted, and how the links are made of it."""

    def __init__(self, edges: Mapping[str, datetime], since: date, until: date, zone: str, currency: str) -> None:
        span = {name: edges[name] for name in ("since", "until")}
        self.span = f"{since:%Y-%m-%d} – {until:%Y-%m-%d}"
        self.days = [since + timedelta(days=place) for place in range((until - since).days + 1)]
        self.deeds = warehouse.rows(Deeds, SQL / "loop.sql", **edges, acts=ACTS)[0]
        self.money = warehouse.rows(Money, SQL / "loop_money.sql", **edges, currency=currency)[0]
        daily = warehouse.rows(DayCounts, SQL / "loop_days.sql", **span, zone=zone, acts=ACTS)
        self.daily = {row.day: row for row in daily}
        self.joined = warehouse.rows(Joined, SQL / "loop_joined.sql", **span, zone=zone)
        sent = warehouse.rows(Sent, SQL / "loop_sent.sql", **span)
        self.efforts = efforts(sent, warehouse.rows(Walks, SQL / "loop_walks.sql", **span))

    def acquire(self) -> Link:
        deeds = self.deeds
        return self._link(
            Name.ACQUIRE,
            self._people(
                "joined", _("新客户"), deeds.joined, _("期内建档的客户，合并的身份算一人"), before=deeds.joined_before
            ),
            self._people(
                "joined_bought", _("其中已下单"), deeds.joined_bought, _("期内建档且期内下单的客户"), of=deeds.joined
            ),
            details=[
                self._people("befriended", _("加了好友"), deeds.befriended, _("期内成为企业微信好友的客户，含老客户")),
                *self._sources(),
            ],
            harm=[
                self._people(
                    "joined_left", _("其中已退订"), deeds.joined_left, _("期内建档且期内退订营销信息"), of=deeds.joined
                )
            ],
            series=self._by_day(_totals(self.joined)),
            series_label=_("新客户"),
            cost_note=_("获客投放成本尚未录入，这里只有本环节活动的触达成本"),
        )

    def retain(self) -> Link:
        deeds = self.deeds
        return self._link(
            Name.RETAIN,
            self._people("active_before", _("上期活跃"), deeds.active_before, _("上一个同样长的期间里有过行为的客户")),
            self._people(
                "stayed", _("本期仍活跃"), deeds.stayed, _("上期活跃的客户中，本期也有行为的"), of=deeds.active_before
            ),
            details=[
                self._people("active", _("本期活跃"), deeds.active, _("本期下单、打开、点击、回复或有其他行为的客户"))
            ],
            harm=self._leavers(None),
            series=self._by_day({day: row.active for day, row in self.daily.items()}),
            series_label=_("活跃客户"),
        )

    def activate(self) -> Link:
        deeds = self.deeds
        of = deeds.touched
        return self._link(
            Name.ACTIVATE,
            self._people(
                "touched", _("被触达"), of, _("期内收到过消息的客户，不论哪个活动"), before=deeds.touched_before
            ),
            self._people("answered", _("有回应"), deeds.answered, _("期内打开、点击或回复过消息的客户"), of=of),
            details=[
                self._people("opened", _("打开"), deeds.opened, _("期内打开过消息的客户"), of=of),
                self._people("clicked", _("点击"), deeds.clicked, _("期内点击过链接的客户"), of=of),
                self._people("replied", _("回复"), deeds.replied, _("期内回复过消息的客户"), of=of),
                Count("messages", _("消息"), deeds.messages, "touches", self._dated(_("期内发出的消息条数"))),
            ],
            harm=self._leavers(of),
            series=self._by_day({day: row.touched for day, row in self.daily.items()}),
            series_label=_("被触达客户"),
        )

    def convert(self) -> Link:
        deeds, money = self.deeds, self.money
        refunds = Count(
            "refunded",
            _("退款"),
            money.refunded,
            "minor",
            self._dated(_("期内退回的金额，不论何时下单")),
            of=money.paid,
        )
        return self._link(
            Name.CONVERT,
            self._people("active", _("活跃客户"), deeds.active, _("本期下单、打开、点击、回复或有其他行为的客户")),
            self._people(
                "buyers",
                _("下单客户"),
                deeds.buyers,
                _("期内有付款订单的客户，不含游客"),
                of=deeds.active,
                before=deeds.buyers_before,
            ),
            details=[
                Count(
                    "orders",
                    _("订单"),
                    deeds.orders,
                    "orders",
                    self._dated(_("期内付款的客户订单，不含游客")),
                    before=deeds.orders_before,
                ),
                self._minor("net", _("净收入"), money.paid - money.refunded, _("期内付款加更正减退款，含游客")),
                self._minor("from_new", _("其中首购客户"), money.from_new, _("此前没有订单的客户在期内付款的金额")),
            ],
            harm=[refunds, *self._leavers(None)],
            series=self._by_day({day: row.buyers for day, row in self.daily.items()}),
            series_label=_("下单客户"),
        )

    def refer(self) -> Link:
        none = _("转介绍与裂变尚未启用，没有数据来源")
        return self._link(
            Name.REFER,
            Count("bringers", _("带来新客的客户"), None, "people", none),
            Count("brought", _("被带来的客户"), None, "people", none),
            note=none,
        )

    def existing(self) -> list[Count]:
        """The people we already have come first (M38)."""
        deeds = self.deeds
        return [
            self._people("bought_ever", _("老客户"), deeds.bought_ever, _("期初之前至少下过一单的客户")),
            self._people(
                "came_back",
                _("老客户再次下单"),
                deeds.came_back,
                _("期初之前下过单、期内又下单的客户"),
                of=deeds.bought_ever,
            ),
            self._people(
                "stayed", _("本期仍活跃"), deeds.stayed, _("上期活跃的客户中，本期也有行为的"), of=deeds.active_before
            ),
        ]

    def _link(
        self,
        name: Name,
        people_in: Count,
        people_out: Count,
        *,
        details: Sequence[Count] = (),
        harm: Sequence[Count] = (),
        series: Sequence[int] = (),
        series_label: str = "",
        note: str = "",
        cost_note: str = "",
    ) -> Link:
        spent = self.efforts.get(name.value, Efforts())
        about = _("本环节的活动与旅程期内发出 %(count)d 条消息的触达成本") % {"count": spent.messages}
        return Link(
            key=name.value,
            label=str(name.label),
            is_enabled=people_in.value is not None,
            note=note or cost_note,
            people_in=people_in,
            people_out=people_out,
            details=[*details, *self._walks(spent)],
            cost=self._minor("cost", _("触达成本"), spent.cost_minor, about) if not note else None,
            harm=[*harm, *self._walk_harm(spent)],
            series=series,
            series_label=series_label,
            campaigns=len(spent.campaigns),
            journeys=len(spent.journeys),
        )

    def _walks(self, spent: Efforts) -> list[Count]:
        if not spent.journeys:
            return []
        about = _("期内进入本环节旅程的客户，不含对照组；同时走几条的按条计")
        goal = _("期内在本环节的旅程里达成目标的客户；是不是旅程带来的，看复盘")
        return [
            self._people("walked", _("进入旅程"), spent.walked, about),
            self._people("reached", _("旅程达成目标"), spent.reached, goal),
        ]

    def _walk_harm(self, spent: Efforts) -> list[Count]:
        if not spent.journeys:
            return []
        about = _("期内拒收本环节旅程消息的客户")
        return [self._people("walked_refused", _("拒收旅程消息"), spent.walked_refused, about)]

    def _sources(self) -> list[Count]:
        totals: dict[str, int] = {}
        for row in self.joined:
            totals[row.source] = totals.get(row.source, 0) + row.people
        largest = sorted(totals.items(), key=lambda pair: -pair[1])[:4]
        about = _("来源为此的新客户")
        return [
            self._people(f"source:{source}", source_label(source) or _("来源不明"), people, about, of=self.deeds.joined)
            for source, people in largest
        ]

    def _leavers(self, of: int | None) -> list[Count]:
        deeds, about = self.deeds, _("期内拒收消息、删除好友或投诉的客户")
        return [
            self._people("opted_out", _("退订"), deeds.opted_out, _("期内撤回营销授权的客户"), of=of),
            self._people("refused", _("拒收、删除或投诉"), deeds.refused, about, of=of),
        ]

    def _by_day(self, values: Mapping[date, int]) -> list[int]:
        return [values.get(day, 0) for day in self.days]

    def _people(
        self, key: str, label: str, value: int, about: str, *, of: int | None = None, before: int | None = None
    ) -> Count:
        return Count(key, label, value, "people", self._dated(about), of=of, before=before)

    def _minor(self, key: str, label: str, value: int, about: str) -> Count:
        return Count(key, label, value, "minor", self._dated(about))

    def _dated(self, about: str) -> str:
        return _("%(about)s（%(span)s）") % {"about": about, "span": self.span}


def _totals(joined: Sequence[Joined]) -> dict[date, int]:
    result: dict[date, int] = {}
    for row in joined:
        result[row.day] = result.get(row.day, 0) + row.people
    return result
