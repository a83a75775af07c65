"""One pass over the corp. It goes on where a crash left it; of two at once the second is refused."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.wecom.client import Api, connect, contacts, staff
from homeground.wecom.errors import SyncRunning
from homeground.wecom.models import Callback, Follow, Staff, SyncPart, SyncRun
from homeground.wecom.services import tags
from homeground.wecom.services.staff import keep_active, read_members
from homeground.wecom.services.sync.chats import SUBJECT as GROUPS
from homeground.wecom.services.sync.chats import read_chats
from homeground.wecom.services.sync.counting import count
from homeground.wecom.services.sync.friends import PREFIX, end_missing, read_friends
from homeground.wecom.services.turn import is_taken, sync_turn

_PLAN = "plan"
_OLD = timedelta(hours=12)  # An interrupted run older than this is begun anew: what it read is out of date.
_LOST = timedelta(minutes=2)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """How far a run has come. parts: pieces done, of all."""

    run: SyncRun
    done: int
    parts: int


Progress = Callable[[Standing], None]


def run(full: bool = False, progress: Progress | None = None) -> SyncRun:
    """Bring our copy in step with the platform; goes on with an interrupted run.

    full: read every member's contacts; else of those whose list of contacts differs, who are new, or of whom a
    callback could not be handled. Returns the finished run.
    Raises NotConnected, SyncRunning, or a Failure of the client: then the next call goes on where this one stopped.
    """
    api = connect()
    with sync_turn() as mine:
        if not mine:
            raise SyncRunning
        running = _resumed(full) or SyncRun.objects.create(is_full=full, started_at=time.now())
        return _finished(api, running, progress or (lambda standing: None))


def resume() -> SyncRun | None:
    """Go on with a run that was interrupted more than two minutes ago; None: there is none."""
    found = SyncRun.objects.filter(finished_at=None, started_at__gt=time.now() - _OLD).order_by("-pk").first()
    if found is None or (found.written_at or found.started_at) > time.now() - _LOST or is_running():
        return None
    return run(found.is_full)


def run_member(userid: str) -> SyncRun:
    """Read one member's contacts anew. Raises as run() does."""
    api = connect()
    with sync_turn() as mine:
        if not mine:
            raise SyncRunning
        running = SyncRun.objects.create(is_full=False, started_at=time.now())
        tags.read_tags(api)
        subjects = [_PLAN, GROUPS, PREFIX + userid.lower()]
        SyncPart.objects.bulk_create(
            SyncPart(run=running, subject=subject, is_done=subject in (_PLAN, GROUPS)) for subject in subjects
        )
        return _finished(api, running, lambda standing: None)


def is_running() -> bool:
    """Whether somebody syncs right now."""
    return is_taken()


def standing(run: SyncRun) -> Standing:
    """How far a run has come."""
    run.refresh_from_db()
    parts = list(SyncPart.objects.filter(run=run).values_list("is_done", flat=True))
    return Standing(run, sum(parts), len(parts))


def _resumed(full: bool) -> SyncRun | None:
    open_runs = SyncRun.objects.filter(finished_at=None).order_by("-pk")
    found = open_runs.first()
    if found and (found.is_full or not full) and found.started_at > time.now() - _OLD:
        return found
    open_runs.update(finished_at=time.now(), error="begun anew")
    return None


def _finished(api: Api, run: SyncRun, progress: Progress) -> SyncRun:
    def told() -> None:
        progress(standing(run))

    try:
        _plan(api, run)
        told()
        read_friends(api, run, told)
        count(run, ended=end_missing(run))
        read_chats(api, run, told)
        count(run, tagged=tags.bring_in())
    except BusinessError as failure:
        SyncRun.objects.filter(pk=run.pk).update(error=str(failure)[:300])
        raise
    SyncRun.objects.filter(pk=run.pk).update(finished_at=time.now(), error="")
    told()
    return run


def _plan(api: Api, run: SyncRun) -> None:
    """Staff, tags, and whose contacts are to be read."""
    if SyncPart.objects.filter(run=run, subject=_PLAN).exists():
        return
    userids = staff.follow_users(api)
    new = set(userids) - set(Staff.objects.exclude(name="").values_list("userid", flat=True))
    keep_active(userids)
    read_members(api, userids if run.is_full else sorted(new))
    known_tags = tags.read_tags(api)
    wanted = userids if run.is_full else _changed(api, userids)
    with transaction.atomic():
        subjects = [PREFIX + userid for userid in sorted(set(wanted))]
        SyncPart.objects.create(run=run, subject=_PLAN, is_done=True)
        SyncPart.objects.bulk_create(SyncPart(run=run, subject=subject) for subject in [*subjects, GROUPS])
        count(run, staff=len(userids), tags=known_tags)


def _changed(api: Api, userids: Sequence[str]) -> list[str]:
    """The members whose contacts are others than ours, who were never read, or of whom a callback failed."""
    failed = set(Callback.objects.filter(state=Callback.State.FAILED).values_list("userid", flat=True))
    read = set(SyncPart.objects.filter(subject__startswith=PREFIX, is_done=True).values_list("subject", flat=True))
    return [
        userid
        for userid in userids
        if userid in failed or PREFIX + userid not in read or set(contacts.ids(api, userid)) != _known_ids(userid)
    ]


def _known_ids(userid: str) -> set[str]:
    ours = Follow.objects.filter(staff__userid=userid, ended_at=None)
    return set(ours.values_list("contact__external_userid", flat=True))
