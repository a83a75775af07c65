"""Moments: what a member's publishing does."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.sandbox.models import Member, Moment, MomentTask
from homeground.sandbox.services.wecom import clock
from homeground.sandbox.services.wecom.ids import new

SQL = Path(__file__).parent.parent.parent / "sql"


@transaction.atomic
def publish(task: MomentTask, at: datetime | None = None) -> bool:
    """A member publishes: those who may see it can. False, and nothing done, if published or stopped before."""
    locked = MomentTask.objects.select_related("moment").select_for_update(of=("self",)).get(pk=task.pk)
    if locked.published_at or locked.moment.cancelled_at:
        return False
    params = {"moment": locked.moment_id, "member": locked.member_id, "tags": locked.moment.tag_ids}
    with connection.cursor() as cursor:
        cursor.execute((SQL / "moment_viewers.sql").read_text(), params)
    MomentTask.objects.filter(pk=task.pk).update(published_at=at or clock.now())
    return True


@transaction.atomic
def publish_personally(member: Member, content: dict[str, Any], at: datetime | None = None) -> Moment:
    """A member's own Moment, made in the client and seen by all their customers.

    content: {"text": {"content": …}, "attachments": […]} as the API has it.
    """
    moment_at = at or clock.now()
    moment = Moment.objects.create(
        moment_id=new("mom"), create_type=1, creator=member.userid, content=content, created_at=moment_at
    )
    publish(MomentTask.objects.create(moment=moment, member=member), moment_at)
    return moment
