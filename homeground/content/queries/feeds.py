"""Of what the feeds are made, and whether one more post makes a shelf of them (M14, M51)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from homeground.content.models import FeedKind, FeedLimit, MomentPlan
from homeground.content.models.feed import SELLING
from homeground.core import time
from homeground.people.queries import brand
from homeground.wecom.models import Staff

_FEEDS = (Path(__file__).parent.parent / "sql" / "feeds.sql").read_text()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_RUN = 3  # Posts of one kind in a row before we say so (M50): our inference, no rule of a platform.


@dataclass(frozen=True)
class Mix:
    """One feed: the brand's (staff None) or one member's. Shares are of the posts whose kind is known."""

    staff: Staff | None
    limit: FeedLimit
    counts: Mapping[str, int] = field(default_factory=dict)
    on_day: int = 0

    @property
    def posts(self) -> int:
        return sum(self.counts.values())

    @property
    def unclassified(self) -> int:
        return self.counts.get("", 0)

    @property
    def classified(self) -> int:
        return self.posts - self.unclassified

    @property
    def selling(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in SELLING)

    @property
    def share(self) -> float | None:
        """Of the posts that are classified; None while there is none."""
        return self.selling / self.classified if self.classified else None

    @property
    def is_over(self) -> bool:
        """More of it sells than the limit has it; said from the limit's number of posts on."""
        return self.classified >= self.limit.min_posts and self.selling * 10_000 > (
            self.limit.max_selling_bp * self.classified
        )

    @property
    def is_one_sided(self) -> bool:
        """Nothing but selling, from the limit's number of posts on."""
        return self.posts >= self.limit.min_posts and self.selling == self.posts

    @property
    def is_too_much(self) -> bool:
        """More posts on the day than people bear."""
        return self.on_day > self.limit.max_per_day

    @property
    def name(self) -> str:
        return self.staff.title if self.staff else _("品牌整体")

    @property
    def parts(self) -> list[tuple[str, str, int, float]]:
        """Kind, label, posts and share of all posts; kinds without posts are left out."""
        labels = {**dict(FeedKind.choices), "": _("未归类")}
        return [
            (kind or "unknown", str(labels[kind]), count, count / self.posts)
            for kind in labels
            if (count := self.counts.get(kind, 0))
        ]

    @property
    def bar(self) -> list[tuple[int, str, int]]:
        """The same as lengths along a bar: start, kind, length."""
        found, start = [], 0
        for kind, _label, posts, _share in self.parts:
            found.append((start, kind, posts))
            start += posts
        return found

    def plus(self, kind: str) -> "Mix":
        """The feed with one more post of a kind, on the day."""
        counts = {**self.counts, kind: self.counts.get(kind, 0) + 1}
        return Mix(self.staff, self.limit, counts, self.on_day + 1)


@dataclass(frozen=True)
class Outlook:
    """What one more post would do to the feeds that it goes to. Sentences, empty where there is nothing to say.

    refusal: only an override lets it through. warning: it may be planned, and this is what it does.
    """

    mixes: list[Mix]
    refusal: str = ""
    warning: str = ""


def limit_at(at: datetime | None = None) -> FeedLimit:
    """The limit that counts at a moment: the newest whose day has come; before any, ours."""
    chosen = FeedLimit.objects.filter(valid_from__lte=at or time.now()).order_by("-valid_from", "-pk").first()
    return chosen or FeedLimit(
        max_selling_bp=4000,
        window_days=30,
        min_posts=5,
        max_per_day=3,
        valid_from=_EPOCH,
        source=_(
            "出厂默认：行业里常说“产品 3–4 成，其余给生活、专业和口碑”，取上限 40%；每天最多 3 条，刷屏的结果是被屏蔽。"
        ),
        set_by="homeground",
    )


def mixes(at: datetime | None = None) -> list[Mix]:
    """The feeds over the limit's window up to a moment: the brand's first, then those of active staff with posts."""
    at = at or time.now()
    limit = limit_at(at)
    found = _mixes(limit, at - timedelta(days=limit.window_days), at, at, 0)
    staff = {member.pk: member for member in Staff.objects.filter(is_active=True, pk__in=[pk for pk in found if pk])}
    members = [Mix(member, limit, *found[pk]) for pk, member in staff.items()]
    members.sort(key=lambda mix: (-(mix.share or 0), -mix.posts, mix.name))
    return [Mix(None, limit, *found.get(None, ({}, 0))), *members]


def outlook_of(plan: MomentPlan, at: datetime | None = None, senders: Sequence[Staff] | None = None) -> Outlook:
    """What this plan would do to the brand's feed and to its senders', over the window that ends with its day.

    senders: of a plan that is not saved as it stands; None: those that are saved.
    """
    limit = limit_at(at)
    day_to = _end_of_day(plan.planned_at)
    found = _mixes(limit, plan.planned_at - timedelta(days=limit.window_days), day_to, plan.planned_at, plan.pk or 0)
    feeds = [None, *_senders(plan, senders)]
    after = [Mix(staff, limit, *found.get(staff.pk if staff else None, ({}, 0))).plus(plan.kind) for staff in feeds]
    return Outlook(after, _refusal(plan, after), _warning(plan, after))


def _senders(plan: MomentPlan, given: Sequence[Staff] | None) -> Sequence[Staff]:
    if plan.is_by_all:
        return list(Staff.objects.filter(is_active=True))
    return given if given is not None else list(plan.senders.all())


def _refusal(plan: MomentPlan, feeds: Iterable[Mix]) -> str:
    feeds = list(feeds)
    if plan.kind in SELLING and (shelf := next((mix for mix in feeds if mix.is_one_sided), None)):
        return _(
            "%(name)s最近 %(days)d 天的朋友圈会全是产品和福利：客户看到的是货架，结果是被屏蔽、拉黑。"
            "请换成生活、专业或口碑；确有理由，请负责人批准例外。"
        ) % {"name": shelf.name, "days": shelf.limit.window_days}
    if crowded := next((mix for mix in feeds if mix.staff and mix.is_too_much), None):
        return _("%(name)s这一天会发 %(count)d 条，超过每天 %(most)d 条。请换一天；确有理由，请负责人批准例外。") % {
            "name": crowded.name, "count": crowded.on_day, "most": crowded.limit.max_per_day,
        }  # fmt: skip
    return ""


def _warning(plan: MomentPlan, feeds: Iterable[Mix]) -> str:
    over = [mix for mix in feeds if mix.is_over]
    if plan.kind in SELLING and over:
        worst = max(over, key=lambda mix: mix.share or 0)
        return _("%(name)s的产品与福利将占 %(share)d%%，超过配比上限 %(most)d%%。建议先排一条生活、专业或口碑。") % {
            "name": worst.name, "share": round((worst.share or 0) * 100), "most": worst.limit.max_selling_bp // 100,
        }  # fmt: skip
    return _repeats(plan)


def _repeats(plan: MomentPlan) -> str:
    before = MomentPlan.objects.filter(planned_at__lt=plan.planned_at, state__in=MomentPlan.COUNTING)
    kinds = list(before.exclude(pk=plan.pk).order_by("-planned_at").values_list("kind", flat=True)[:_LONGEST_RUN])
    if len(kinds) == _LONGEST_RUN and {*kinds} == {plan.kind}:
        return _("前面已经连着 %(count)d 条都是“%(kind)s”，再发一条容易审美疲劳，换个类型试试。") % {
            "count": _LONGEST_RUN, "kind": FeedKind(plan.kind).label,
        }  # fmt: skip
    return ""


def _end_of_day(moment: datetime) -> datetime:
    zone = brand().time_zone
    return time.start_of(time.day_of(moment, zone) + timedelta(days=1), zone)


def _mixes(
    limit: FeedLimit, since: datetime, until: datetime, day: datetime, without: int
) -> dict[int | None, tuple[dict[str, int], int]]:
    zone = brand().time_zone
    day_from = time.start_of(time.day_of(day, zone), zone)
    params: dict[str, Any] = {
        "since": since, "until": until, "day_from": day_from, "day_to": _end_of_day(day), "without": without
    }  # fmt: skip
    found: dict[int | None, tuple[dict[str, int], int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FEEDS, params)
        for staff_id, kind, posts, on_day in cursor.fetchall():
            counts, already = found.get(staff_id, ({}, 0))
            found[staff_id] = ({**counts, kind: posts}, already + on_day)
    return found
