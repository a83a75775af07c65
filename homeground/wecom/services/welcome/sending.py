"""Welcomes go out: claimed in the table first, so that whatever happens none is sent twice."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

from django.db import connection, transaction

from homeground.core import time
from homeground.core.errors import BusinessError
from homeground.wecom import xml
from homeground.wecom.client import FateUnknown, Unreachable, WeComError, connect, welcome
from homeground.wecom.models import Callback
from homeground.wecom.services.welcome.choosing import Asked, WelcomeMessage, chosen

_CLAIM = (Path(__file__).parents[2] / "sql" / "claim_welcomes.sql").read_text()
_GOOD_FOR = timedelta(seconds=19)  # The platform's 20, less the way there.
_PATIENCE = timedelta(seconds=3)
_PAUSE_SECONDS = 0.5
_LOST_AFTER = timedelta(minutes=1)
_LATE, _SENDING_ELSEWHERE = 41050, 41096
_LOOK_SECONDS = 0.1
Welcome = Callback.Welcome
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A welcome that is ours to send."""

    id: int
    code: str
    asked: Asked
    good_until: datetime


@dataclass(frozen=True)
class _Outcome:
    state: str
    error: str = ""


def claim(most: int) -> list[Claim]:
    """Take welcomes that wait, oldest first. Of one friendship (half-added, then added) one is sent."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": time.now(), "most": most})
        return [_claimed(*row) for row in sorted(cursor.fetchall())]


def give_way(longest_seconds: float = 1.0) -> None:
    """For batch work, between two steps: wait while welcomes wait, so that they have the processor. Work goes on after
    `longest_seconds` whatever waits.
    """
    until = monotonic() + longest_seconds
    while monotonic() < until and _is_hurried():
        sleep(_LOOK_SECONDS)


def _is_hurried() -> bool:
    young = Callback.objects.filter(received_at__gt=time.now() - _GOOD_FOR)
    return young.filter(welcome__in=(Welcome.WAITING, Welcome.SENDING)).exists()


def send(mine: Claim) -> str:
    """Ask for the welcome, send it, note what became of it. Returns the Callback.Welcome. Never raises.

    Whose fate is not known is not sent again.
    """
    try:
        outcome = _sent(mine)
    except Exception as error:
        log.exception("A welcome could not be sent")
        outcome = _Outcome(Welcome.REFUSED, type(error).__name__)
    _note(mine, outcome)
    return outcome.state


@transaction.atomic
def _note(mine: Claim, outcome: _Outcome) -> None:
    with connection.cursor() as cursor:
        # Lost with the power it is a welcome of unknown fate, as a moment earlier: no wait for the disk.
        cursor.execute("SET LOCAL synchronous_commit TO off")
    Callback.objects.filter(pk=mine.id, welcome=Welcome.SENDING).update(
        welcome=outcome.state,
        welcome_error=outcome.error[:200],
        welcomed_at=time.now() if outcome.state == Welcome.SENT else None,
    )


def settle_lost() -> int:
    """Those that a process died over: whether they went out nobody knows, and none is sent again. Returns how many."""
    lost = Callback.objects.filter(welcome=Welcome.SENDING, welcome_claimed_at__lt=time.now() - _LOST_AFTER)
    return lost.update(welcome=Welcome.UNKNOWN)


def _claimed(row_id: int, code: str, userid: str, external: str, body: str, told_at: datetime, at: datetime) -> Claim:
    state = xml.fields(body.encode()).get("State", "")
    return Claim(row_id, code, Asked(userid, external, state, told_at), at + _GOOD_FOR)


def _sent(mine: Claim) -> _Outcome:
    if time.now() > mine.good_until:
        return _Outcome(Welcome.LATE)
    message = chosen(mine.asked)
    return _Outcome(Welcome.NOT_WANTED) if message is None else _tried(mine, message)


def _tried(mine: Claim, message: WelcomeMessage) -> _Outcome:
    """Send until it is certain what became of it, or the code is no longer good."""
    failure: BusinessError | None = None
    while time.now() < mine.good_until:
        try:
            welcome.send(connect(patience=_PATIENCE), mine.code, message.text, message.attachments)
            return _Outcome(Welcome.SENT)
        except FateUnknown as unknown:
            return _Outcome(Welcome.UNKNOWN, str(unknown))
        except (WeComError, Unreachable) as error:
            if not _may_pass(error):
                state = Welcome.LATE if isinstance(error, WeComError) and error.code == _LATE else Welcome.REFUSED
                return _Outcome(state, str(error))
            failure = error
        sleep(_PAUSE_SECONDS)
    return _Outcome(Welcome.LATE, str(failure or ""))


def _may_pass(error: WeComError | Unreachable) -> bool:
    return isinstance(error, Unreachable) or error.code == _SENDING_ELSEWHERE or error.may_retry
