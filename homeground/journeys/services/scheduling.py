"""When a draft goes out: moved on the calendar, as long as nobody is in it yet."""

from datetime import UTC, date, datetime
from datetime import time as clock
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.journeys.errors import CannotSchedule, NoSuchCampaign, WrongState
from homeground.journeys.models import Campaign, State
from homeground.people.queries import brand

_MORNING = clock(10, 0)


@transaction.atomic
def move_to_day(campaign_id: int, day: date, at: datetime | None = None) -> datetime | None:
    """Plan a draft for another day, at the same time of day; a draft without a schedule for ten in the morning.

    day: of the brand's zone. Returns when it was planned before, None: not at all; a repeat changes nothing. Raises
    NoSuchCampaign, WrongState once the audience is frozen, CannotSchedule for a moment that is past.
    """
    campaign = _locked_draft(campaign_id)
    zone = ZoneInfo(brand().time_zone)
    before = campaign.scheduled_at
    moment = datetime.combine(day, before.astimezone(zone).time() if before else _MORNING, zone).astimezone(UTC)
    if moment <= (at or time.now()):
        raise CannotSchedule(
            _("%(moment)s 已经过去，请选今天以后的日子。") % {"moment": f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"}
        )
    _plan(campaign, moment)
    return before


@transaction.atomic
def plan_for(campaign_id: int, moment: datetime | None) -> None:
    """Plan a draft for a moment, or for none: what a move changed is taken back so. Raises as move_to_day."""
    _plan(_locked_draft(campaign_id), moment)


def _locked_draft(campaign_id: int) -> Campaign:
    campaign = Campaign.objects.planned().select_for_update(of=("self",)).filter(pk=campaign_id).first()
    if campaign is None:
        raise NoSuchCampaign(campaign_id)
    if campaign.state != State.DRAFT:
        raise WrongState(_("“%s”已经锁定受众，时间不能再改；可以取消它，复制一份重新安排。") % campaign.name)
    return campaign


def _plan(campaign: Campaign, moment: datetime | None) -> None:
    campaign.scheduled_at = moment
    campaign.save(update_fields=["scheduled_at"])
