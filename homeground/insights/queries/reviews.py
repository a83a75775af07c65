"""Reviews as pages, reports and other rooms read them: laid out in the language that is active."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from homeground.insights.errors import NothingToReview
from homeground.insights.models import JourneyReview, Review
from homeground.insights.review import words
from homeground.insights.review.archive import unpacked
from homeground.insights.review.findings import Cell, Findings, find
from homeground.insights.review.sheet import Sheet, sheet
from homeground.insights.review.trial import Outcome, Slice, Trial
from homeground.insights.statistics import Effect, Moments, difference
from homeground.journeys.models import Arm, Campaign
from homeground.people.models import Relation


@dataclass(frozen=True)
class Told:
    """A kept reading, told in the active language. findings and sheet are None when there was no control."""

    review: Review | JourneyReview
    findings: Findings | None = None
    sheet: Sheet | None = None

    @property
    def content(self) -> Mapping[str, Any]:
        content: Mapping[str, Any] = self.review.content
        return content

    @property
    def primary(self) -> Outcome | None:
        """The outcome named before the start; the first of all."""
        return self.findings.trial.outcomes[0] if self.findings else None

    @property
    def treated(self) -> Cell | None:
        """The treated arm's primary outcome."""
        return self.findings.cells[self.primary.name][1] if self.findings and self.primary else None

    @property
    def control(self) -> Cell | None:
        return self.findings.cells[self.primary.name][0] if self.findings and self.primary else None


@dataclass(frozen=True)
class CampaignTold(Told):
    """The review of a campaign."""

    review: Review

    @property
    def campaign(self) -> Campaign:
        return self.review.campaign

    @property
    def is_of_groups(self) -> bool:
        """Whether whole groups were compared, not persons."""
        return "groups" in self.content


@dataclass(frozen=True)
class Step:
    """One step of the ledger of people, or of groups."""

    label: str
    people: int
    is_loss: bool = False
    detail: str = ""


@dataclass(frozen=True)
class Day:
    """Cumulative order rate by the end of a day since the start, treated minus control."""

    day: int  # 1: the first 24 hours.
    control: float
    treated: float
    effect: Effect


@dataclass(frozen=True)
class Earlier:
    """An earlier campaign, beside this one."""

    campaign: Campaign
    verdict: str
    code: str
    lift: str
    interval: str
    outcome: str


def newest(campaign_id: int) -> Review | None:
    """The latest review of a campaign; None before the first."""
    return Review.objects.filter(campaign_id=campaign_id).order_by("-version").first()


def newest_of(campaign_ids: Sequence[int]) -> list[Review]:
    """The latest review of each of these campaigns that has one."""
    reviews = Review.objects.filter(campaign__in=campaign_ids).select_related("campaign")
    return list(reviews.order_by("campaign", "-version").distinct("campaign"))


def tell(review: Review) -> CampaignTold:
    """A kept review in the active language."""
    return CampaignTold(review, *laid(review.content))


def laid(content: Mapping[str, Any]) -> tuple[Findings | None, Sheet | None]:
    """What was kept of a trial, laid out in the active language."""
    if "trial" not in content:
        return None, None
    findings = find(named(unpacked(content["trial"])))
    return findings, sheet(findings)


def findings_of(review: Review) -> Findings:
    """The findings of a kept review. Raises NothingToReview when it had no control."""
    findings = tell(review).findings
    if findings is None:
        raise NothingToReview(_("这个活动没有对照组，没有可以比较的结果。"))
    return findings


def named(trial: Trial) -> Trial:
    """A trial with its codes replaced by the words on screen."""
    return replace(
        trial,
        arms=[_arm(arm) for arm in trial.arms],
        outcomes=[replace(outcome, label=outcome_label(outcome.name)) for outcome in trial.outcomes],
        slices=[_named(part) for part in trial.slices],
        covariates={name: [_measure(each) for each in columns] for name, columns in trial.covariates.items()},
        baseline={_measure(name): arms for name, arms in trial.baseline.items()},
    )


def _arm(name: str) -> str:
    return str(Arm(name).label) if name in Arm.values else name  # A variant is called what its author called it.


def outcome_label(name: str) -> str:
    """An outcome's name on screen."""
    return {
        "ordered": _("下单率"),
        "orders": _("人均订单数"),
        "net_spend": _("人均净消费"),
        "opted_out": _("退订率"),
        "refused": _("拒收、删除或投诉率"),
    }[name]


def _measure(name: str) -> str:
    return {"orders_before": _("事前一年订单数"), "net_spend_before": _("事前一年净消费")}[name]


def _named(part: Slice) -> Slice:
    if part.column == "relation":
        return replace(part, column=_("事前的关系阶段"), levels=[str(Relation(level).label) for level in part.levels])
    if part.column == "entered_on":
        return replace(part, column=_("进入旅程的时间"), levels=[_("%(day)s 起") % {"day": day} for day in part.levels])
    levels = {"0": _("没有订单"), "1": _("1 单"), "2+": _("2 单以上")}
    return replace(part, column=_("事前一年订单数"), levels=[levels[level] for level in part.levels])


def days(told: Told) -> list[Day]:
    """The order rate day by day: does the effect grow, fade, or was it pulled forward?"""
    if told.findings is None or not told.findings.is_valid:
        return []
    sizes = told.findings.trial.sizes
    control, treated = told.content["daily"]
    return [_day(place + 1, *pair, sizes) for place, pair in enumerate(zip(control, treated, strict=True))]


def _day(day: int, control: int, treated: int, sizes: Sequence[int]) -> Day:
    base, moved = _share(control, sizes[0]), _share(treated, sizes[1])
    return Day(day, base.mean, moved.mean, difference(moved, base))


def _share(yes: int, people: int) -> Moments:
    rate = yes / people if people else 0.0
    return Moments(people, rate, rate * (1 - rate) * people / max(people - 1, 1), is_binary=True)


def earlier(campaign: Campaign, limit: int = 6) -> list[Earlier]:
    """The newest reviews of other campaigns of the same link that were frozen before this one."""
    before = Campaign.objects.planned().filter(link=campaign.link, frozen_at__lt=campaign.frozen_at)
    reviewed = (
        before.exclude(pk=campaign.pk)
        .filter(Exists(Review.objects.filter(campaign=OuterRef("pk"))))
        .order_by("-frozen_at", "-pk")
    )
    ids = list(reviewed.values_list("pk", flat=True)[:limit])
    return [_earlier(tell(review)) for review in sorted(newest_of(ids), key=lambda each: ids.index(each.campaign_id))]


def _earlier(told: CampaignTold) -> Earlier:
    row = Earlier(told.campaign, words.verdict(told.review.verdict), told.review.verdict, "—", "—", "")
    if told.sheet is None:
        return replace(row, verdict=str(Review.Verdict(told.review.verdict).label))
    panel = told.sheet.panels[0]
    return replace(row, lift=panel.lines[1].lift, interval=panel.lines[1].interval, outcome=panel.title)
