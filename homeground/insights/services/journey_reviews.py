"""Make the review of a journey: first entries, each over the days after it; keep what was said and concluded."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from django.db import transaction
from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.events.batches import position
from homeground.insights.errors import NothingToReview
from homeground.insights.models import Conclusion, JourneyReview
from homeground.insights.queries.journey_people import entrants, measured
from homeground.insights.review.archive import packed
from homeground.insights.review.document import document
from homeground.insights.review.findings import find
from homeground.insights.review.trial import Trial
from homeground.insights.services import trials
from homeground.insights.services.reviewing import method
from homeground.journeys.errors import CannotClose
from homeground.journeys.models import Arm, Enrolment, Journey, Version
from homeground.journeys.queries import policy_at
from homeground.people.queries import brand

_MOST_WAVES = 12  # Levels of the split by entry; a longer journey is cut into longer pieces.
_DAY_MS = 86_400_000


def review_journey(slug: str, at: datetime | None = None, by: str = "") -> JourneyReview:
    """Read a journey's result as of a moment, and keep it as a further version.

    at: events up to here count; whoever's own days are not over by then is counted as open and not compared. The same
    result again returns the newest version and writes nothing. Raises NothingToReview for an unknown journey, before
    the first entry, and until the days of the first entrant are over.
    """
    journey = Journey.objects.filter(slug=slug).first()
    if journey is None:
        raise NothingToReview(_("没有标识为“%s”的旅程。") % slug)
    as_of = at or time.now()
    entered = entrants(journey, as_of)
    _refuse_too_early(journey, entered)
    content = _content(journey, entered, as_of)
    is_final = journey.state == Journey.State.ENDED and not any(content["open"].values())
    return _keep(journey, content, as_of, is_final=is_final, by=by)


def conclude_journey(
    review_id: int, *, explanation: str, next_action: str, by: str, at: datetime | None = None
) -> Conclusion:
    """Write down why a reading is what it is and what comes next (M4). The same words again change nothing.

    Raises CannotClose when one of them is missing, or when other words stand there already.
    """
    words = {"explanation": explanation.strip(), "next_action": next_action.strip()}
    if not all(words.values()):
        raise CannotClose(_("结论要写明原因分析和下一步：好结果总有原因，坏结果也是。"))
    made, is_new = Conclusion.objects.get_or_create(
        review_id=review_id, defaults={**words, "concluded_by": by, "concluded_at": at or time.now()}
    )
    if not is_new and (made.explanation, made.next_action) != tuple(words.values()):
        raise CannotClose(_("这一版复盘已有结论；要改，请按最新数据重算，再写新的结论。"))
    return made


def _refuse_too_early(journey: Journey, entered: pl.DataFrame) -> None:
    if entered.is_empty():
        raise NothingToReview(_("还没有人进入旅程“%s”，没有可以复盘的结果。") % journey.name)
    if entered["is_open"].all():
        first = entered["entered_ms"].min()
        assert isinstance(first, int)
        ready = _day(first + journey.window_days * _DAY_MS, brand().time_zone)
        shown = {"name": journey.name, "days": journey.window_days, "day": f"{ready:%Y-%m-%d}"}
        raise NothingToReview(
            _("旅程“%(name)s”还没有人满 %(days)d 天观察期；最早进入的人到 %(day)s 满，那天起可以复盘。") % shown
        )


def _content(journey: Journey, entered: pl.DataFrame, as_of: datetime) -> dict[str, Any]:
    currency = brand().currency
    people = measured(entered.filter(~pl.col("is_open")), journey.window_days, currency)
    design = _design(journey, as_of)
    content = {
        "currency": currency,
        "window_days": journey.window_days,
        "entered": _by_arm(entered),
        "open": _by_arm(entered.filter(pl.col("is_open"))),
        "since": _moment(entered["entered_ms"].min()),
        "walks": _walks(journey, as_of),
        "sent": _sent(people),
    }
    compared = trials.sides(design, people["arm"].unique().to_list())
    if compared is None:
        return content
    made = trials.trial(design, people, compared, currency, {"entered_on": _waves(people)})
    daily = trials.daily(people, compared, journey.window_days)
    kept = {"trial": packed(made), "document": _document(made), "daily": daily}
    return content | kept | {"variants": _variants(journey, design, people, currency)}


def _design(journey: Journey, as_of: datetime) -> trials.Design:
    everywhere = policy_at(as_of).holdout
    is_promotion = journey.versions.filter(is_promotion=True).exists()
    global_bp = everywhere.share_bp if everywhere and is_promotion else 0
    return trials.Design(journey.holdout_bp, global_bp, journey.primary_outcome)


def _by_arm(people: pl.DataFrame) -> dict[str, int]:
    return {arm: people.filter(pl.col("arm") == arm).height for arm in Arm.values}


def _walks(journey: Journey, as_of: datetime) -> dict[str, int]:
    """All walks of the treated, by their ending; empty: still inside."""
    walks = Enrolment.objects.filter(journey=journey, arm=Arm.TREATED, entered_at__lte=as_of)
    return dict(walks.values_list("ending").annotate(count=Count("pk")).order_by("-count"))


def _sent(people: pl.DataFrame) -> dict[str, int]:
    """Of the treated whose days are over: how many there are, how many really got something, and what it cost."""
    treated = people.filter((pl.col("arm") == Arm.TREATED.value) & (pl.col("arms") == 1))
    return {
        "treated": treated.height,
        "reached": treated.filter(pl.col("messages") > 0).height,
        "messages": int(treated["messages"].sum()),
        "cost_minor": int(treated["cost_minor"].sum()),
    }


def _waves(people: pl.DataFrame) -> trials.Bands:
    """By week of entry, named by its first day: does the effect fade as the journey grows old?"""
    zone, first = brand().time_zone, people["entered_ms"].min()
    assert isinstance(first, int)
    start = _day(first, zone) - timedelta(days=_day(first, zone).weekday())
    last = people["entered_ms"].max()
    assert isinstance(last, int)
    weeks = ((_day(last, zone) - start).days // 7) + 1
    step = -(-weeks // _MOST_WAVES)
    edges = [start + timedelta(weeks=week) for week in range(0, weeks + step, step)]
    marks = [int(time.start_of(edge, zone).timestamp() * 1000) for edge in edges]
    entered = pl.col("entered_ms")
    return {
        f"{edge:%Y-%m-%d}": (entered >= low) & (entered < high)
        for edge, low, high in zip(edges, marks, marks[1:], strict=False)
    }


def _variants(journey: Journey, design: trials.Design, people: pl.DataFrame, currency: str) -> dict[str, Any] | None:
    """The newest version that tried several variants: each against the first, among the treated of that version."""
    for version in journey.versions.order_by("-number"):
        shares = {each["name"]: each["share_bp"] for each in version.graph.get("variants", [])}
        if len(shares) > 1:
            return _tried(version, shares, design, people, currency)
    return None


def _tried(
    version: Version, shares: Mapping[str, int], design: trials.Design, people: pl.DataFrame, currency: str
) -> dict[str, Any] | None:
    mine = people.filter(
        (pl.col("version_id") == version.pk) & (pl.col("arm") == Arm.TREATED.value) & (pl.col("arms") == 1)
    )
    parts = [mine.filter(pl.col("variant") == name) for name in shares]
    if sum(part.height > 0 for part in parts) < 2:
        return None
    made = trials.against(design, list(shares), list(shares.values()), parts, currency)
    return {"version": version.number, "trial": packed(made), "document": _document(made)}


def _document(made: Trial) -> dict[str, Any]:
    with translation.override("zh-hans"):
        return document(find(made))


@transaction.atomic
def _keep(journey: Journey, content: dict[str, Any], as_of: datetime, *, is_final: bool, by: str) -> JourneyReview:
    Journey.objects.select_for_update(no_key=True).get(pk=journey.pk)  # One version at a time.
    newest = JourneyReview.objects.filter(journey=journey).order_by("-version").first()
    if newest and (newest.content, newest.as_of, newest.method) == (content, as_of, method()):
        return newest
    return JourneyReview.objects.create(
        journey=journey,
        version=newest.version + 1 if newest else 1,
        verdict=_verdict(journey, content),
        as_of=as_of,
        is_final=is_final,
        method=method(),
        position=".".join(str(part) for part in position()),
        content=content,
        made_by=by,
        made_at=time.now(),
    )


def _verdict(journey: Journey, content: Mapping[str, Any]) -> str:
    if "document" not in content:
        return JourneyReview.Verdict.NO_CONTROL.value
    return str(content["document"]["verdict"][journey.primary_outcome])


def _day(ms: int, zone: str) -> date:
    return time.day_of(datetime.fromtimestamp(ms / 1000, UTC), zone)


def _moment(ms: Any) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat()
