"""Make the review of a campaign, and keep what was said."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.events.batches import position
from homeground.insights.errors import NothingToReview
from homeground.insights.models import Review
from homeground.insights.queries.people import people
from homeground.insights.review.archive import packed
from homeground.insights.review.document import document
from homeground.insights.review.findings import find
from homeground.insights.services import group_trials, trials
from homeground.journeys.models import Campaign
from homeground.journeys.queries import ledger, receptions
from homeground.journeys.queries.groups import group_ledger, leavers
from homeground.people.queries import brand

_ROOM = Path(__file__).parent.parent


def review_campaign(campaign_id: int, at: datetime | None = None, by: str = "") -> Review:
    """Read a campaign's result as of a moment, and keep it as a further version.

    at: events up to here count, and none past the window's end. The same result again returns the newest version and
    writes nothing. Raises NothingToReview for an unknown campaign and before the freeze.
    """
    campaign = Campaign.objects.planned().filter(pk=campaign_id).first()
    if campaign is None:
        raise NothingToReview(_("没有编号为 %d 的活动。") % campaign_id)
    if campaign.frozen_at is None:
        raise NothingToReview(_("活动“%s”还没有锁定受众，没有可以复盘的结果。") % campaign.name)
    ends_at = campaign.frozen_at + timedelta(days=campaign.window_days)
    as_of = max(min(at or time.now(), ends_at), campaign.frozen_at)
    content = _content(campaign, as_of)
    return _keep(campaign, content, as_of, is_final=as_of == ends_at, by=by)


def _content(campaign: Campaign, as_of: datetime) -> dict[str, Any]:
    currency = brand().currency
    assert campaign.frozen_at
    days = max(-(-int((as_of - campaign.frozen_at).total_seconds()) // 86_400), 1)
    if campaign.groups is not None:
        return _group_content(campaign, as_of, currency) | {"days": days}
    rows = people(campaign, as_of, currency)
    design = trials.Design(campaign.holdout_bp, campaign.global_bp or 0, campaign.primary_outcome)
    compared = trials.sides(design, rows["arm"].unique().to_list())
    content = {"currency": currency, "sent": _sent(campaign), "window_days": campaign.window_days, "days": days}
    if compared is None:
        return content
    made = trials.trial(design, rows, compared, currency)
    with translation.override("zh-hans"):
        given = document(find(made))
    return content | {"trial": packed(made), "document": given, "daily": trials.daily(rows, compared, days)}


def _group_content(campaign: Campaign, as_of: datetime, currency: str) -> dict[str, Any]:
    lines = [[line.state, line.reason, line.groups] for line in group_ledger(campaign.pk).lines]
    sent = {**_sent(campaign), "group_ledger": lines}
    trial = group_trials.group_trial(campaign, as_of, currency)
    trial["left"] = [[of.left, of.members] for of in leavers(campaign)]
    return {"currency": currency, "sent": sent, "window_days": campaign.window_days, "groups": trial}


def _sent(campaign: Campaign) -> Mapping[str, Any]:
    """The ledger of people, and what the sending cost."""
    book, received = ledger(campaign.pk), receptions([campaign.pk]).get(campaign.pk)
    sent = received.sent if received else 0
    return {
        "ledger": [[line.arm, line.state, line.reason, line.customers] for line in book.lines],
        "received": vars(received) if received else {},
        "cost_minor": sent * campaign.touch_cost_minor,
        "touch_cost_minor": campaign.touch_cost_minor,
    }


@transaction.atomic
def _keep(campaign: Campaign, content: dict[str, Any], as_of: datetime, *, is_final: bool, by: str) -> Review:
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # One version at a time.
    newest = Review.objects.filter(campaign=campaign).order_by("-version").first()
    if newest and (newest.content, newest.as_of, newest.method) == (content, as_of, method()):
        return newest
    return Review.objects.create(
        campaign=campaign,
        version=newest.version + 1 if newest else 1,
        verdict=_verdict(campaign, content),
        as_of=as_of,
        is_final=is_final,
        method=method(),
        position=".".join(str(part) for part in position()),
        content=content,
        made_by=by,
        made_at=time.now(),
    )


def _verdict(campaign: Campaign, content: Mapping[str, Any]) -> str:
    if campaign.groups is not None:
        return group_trials.verdict(content["groups"])
    if "document" not in content:
        return Review.Verdict.NO_CONTROL.value
    return str(content["document"]["verdict"][campaign.primary_outcome])


@lru_cache
def method() -> str:
    """A name of how reviews are made: of the queries and of the rules."""
    files = [*sorted((_ROOM / "sql").glob("*.sql")), *sorted((_ROOM / "statistics").glob("*.py"))]
    files += [_ROOM / "review" / "findings.py", _ROOM / "services" / "trials.py", _ROOM / "queries" / "people.py"]
    files += [_ROOM / "services" / "group_trials.py", _ROOM / "services" / "journey_reviews.py"]
    files += [_ROOM / "queries" / "journey_people.py"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
