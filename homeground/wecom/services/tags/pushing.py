"""From us to the platform: our tags, put on or taken off, marked on the corp's follows."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from homeground.core import time
from homeground.wecom.client import Api, Failure, QuotaFull, Unreachable, WeComError, connect
from homeground.wecom.client import tags as platform
from homeground.wecom.models import CorpTag, Follow
from homeground.wecom.services.turn import sync_turn

_PENDING = (Path(__file__).parents[2] / "sql" / "tags" / "to_push.sql").read_text()
_DONE = (Path(__file__).parents[2] / "sql" / "tags" / "pushed.sql").read_text()
_MOST = 5_000  # Follows a call; the next goes on.
_AT_ONCE = 4
_NO_RELATION, _NO_TAG = (84061, 84084), 40068
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pushed:
    """What a push came to, in follows."""

    marked: int = 0
    failed: int = 0


@dataclass(frozen=True)
class _Mark:
    follow_id: int
    userid: str
    external_userid: str
    add: list[str]
    remove: list[str]


def push(tag_ids: Sequence[int] | None = None) -> Pushed:
    """Mark on the platform what changed here: tags put on customers who have friends, and tags taken off.

    tag_ids: of our tags; None: all that stand beside one of the corp's. At most 5,000 follows a call. Does nothing
    while a sync runs: what it has read may be older than what we would write. Raises NotConnected.
    """
    api = connect()
    with sync_turn() as mine:
        if not mine:
            return Pushed()
        marks = _pending(tag_ids)
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="wecom-tags") as pool:
            done = list(pool.map(lambda mark: _marked(api, mark), marks))
    return Pushed(sum(done), len(done) - sum(done))


def _pending(tag_ids: Sequence[int] | None) -> list[_Mark]:
    with connection.cursor() as cursor:
        cursor.execute(_PENDING, {"tags": None if tag_ids is None else list(tag_ids), "most": _MOST})
        return [_Mark(*row) for row in cursor.fetchall()]


def _marked(api: Api, mark: _Mark) -> bool:
    try:
        platform.mark(api, mark.userid, mark.external_userid, mark.add, mark.remove)
        _note(mark)
        return True
    except (QuotaFull, Unreachable):
        return False
    except WeComError as refusal:
        _learn(refusal, mark)
        return False
    except Failure as failure:  # Marking twice does no harm: the next push tries again.
        log.warning("A tag's fate is unknown: %s", type(failure).__name__)
        return False
    finally:
        connection.close()


@transaction.atomic
def _note(mark: _Mark) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DONE, {"follow": mark.follow_id, "add": mark.add, "remove": mark.remove, "at": time.now()})


def _learn(refusal: WeComError, mark: _Mark) -> None:
    """The platform knows better: no such friend, or no such tag."""
    if refusal.code in _NO_RELATION:
        Follow.objects.filter(pk=mark.follow_id, ended_at=None).update(
            ended_at=time.now(), ending=Follow.Ending.NOT_THERE
        )
    elif refusal.code == _NO_TAG and len(mark.add) + len(mark.remove) == 1:
        CorpTag.objects.filter(tag_id__in=[*mark.add, *mark.remove]).update(is_deleted=True)
    else:
        log.warning("A tag was refused: %s", refusal.code)
