"""Calling on staff about a campaign: everybody who has not confirmed, or one of them."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.wecom.errors import NothingToStop
from homeground.wecom.models import MassSend, MassSendTask, Moment, MomentPost, Staff
from homeground.wecom.services import mass_sends, notifying


def remind_campaign(campaign_id: int, at: datetime | None = None) -> int:
    """Remind everybody who has something of a campaign to confirm or publish. Returns how many sends and posts wait.

    The platform reminds about mass sends, three times a day; about posts the app does. Raises NothingToStop when
    nothing waits, TooManyReminders, NotConnected or the client's Failure.
    """
    moment = at or time.now()
    sends = MassSend.objects.filter(campaign_id=campaign_id, state=MassSend.State.PLACED).values_list("pk", flat=True)
    posts = _posts(campaign_id)
    userids = list(posts.values_list("staff__userid", flat=True).distinct())
    if not sends and not userids:
        raise NothingToStop
    for pk in sends:
        mass_sends.remind(pk, moment)
    if userids:
        _call(userids)
        posts.update(notified_at=moment)
    return len(sends) + len(userids)


def call_on(campaign_id: int, staff_id: int, at: datetime | None = None) -> None:
    """Ask one member by a message of the app. Raises NothingToStop when nothing of the campaign waits for them,
    NotConnected or the client's Failure."""
    tasks = MassSendTask.objects.filter(
        mass_send__campaign_id=campaign_id, mass_send__state=MassSend.State.PLACED, confirmed_at=None, staff=staff_id
    )
    posts = _posts(campaign_id).filter(staff=staff_id)
    if not tasks.exists() and not posts.exists():
        raise NothingToStop
    _call([Staff.objects.values_list("userid", flat=True).get(pk=staff_id)])
    tasks.update(notified_at=at or time.now())
    posts.update(notified_at=at or time.now())


def _posts(campaign_id: int) -> QuerySet[MomentPost]:
    return MomentPost.objects.filter(
        moment__campaign_id=campaign_id, moment__state=Moment.State.PLACED, published_at=None
    )


def _call(userids: list[str]) -> None:
    notifying.tell(userids, _("还有一条任务等您确认"), _("客户正等着，点开就能确认。"))
