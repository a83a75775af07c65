"""Marking: a corp tag of the post's own on each customer who may see it, and its end."""

from datetime import datetime

from homeground.wecom.client import Api, WeComError, connect, tags
from homeground.wecom.client.errors import Remedy
from homeground.wecom.models import Moment, MomentRecipient

GROUP = "主场·朋友圈可见范围"  # The tag group on the platform; its tags live as long as their posts.
_EXISTS = 40071
_KEPT_EVERY = 100  # Marks between two writes; a crash repeats so many at most, which changes nothing.
_FULL = 40144  # This contact carries as many tags as one can.
_OPEN = (Moment.State.MARKING, Moment.State.ASKING, Moment.State.PLACED, Moment.State.UNKNOWN)


def mark(api: Api, post: Moment, at: datetime) -> None:
    """Put the post's tag on everybody it is meant for who has none yet. Raises the client's Failure; a repeat goes on.

    Whom the platform refuses stays unmarked. Raises WeComError 41048 when nobody at all could be marked.
    """
    if not post.tag_id:
        post.tag_id = _made(api, f"朋友圈{post.pk}")
        post.save(update_fields=["tag_id"])
    marked: list[int] = []
    try:
        for recipient in post.recipients.filter(marked_at=None).select_related("contact", "staff"):
            if _is_marked(api, post.tag_id, recipient):
                marked.append(recipient.pk)
            if len(marked) >= _KEPT_EVERY:
                marked = _keep(marked, at)
    finally:
        _keep(marked, at)
    if not post.recipients.exclude(marked_at=None).exists():
        raise WeComError(41048, "externalcontact/mark_tag")


def drop_tags() -> int:
    """Delete the tags of posts that are over, and of those that were given up. Returns how many. Raises NotConnected
    or the client's Failure with nothing deleted."""
    api = connect()
    used = set(Moment.objects.filter(state__in=_OPEN).exclude(tag_id="").values_list("tag_id", flat=True))
    ours = set(Moment.objects.exclude(tag_id="").values_list("tag_id", flat=True))
    made = {tag.tag_id for tag in tags.tags(api) if tag.group_name == GROUP}
    over = sorted((made & ours) - used)
    if over:
        tags.delete(api, over)
    return len(over)


def _made(api: Api, name: str) -> str:
    try:
        return tags.add(api, GROUP, [name])[0].tag_id
    except WeComError as refusal:
        if refusal.code != _EXISTS:
            raise
    return next(tag.tag_id for tag in tags.tags(api) if (tag.group_name, tag.name) == (GROUP, name))


def _is_marked(api: Api, tag_id: str, recipient: MomentRecipient) -> bool:
    try:
        tags.mark(api, recipient.staff.userid, recipient.contact.external_userid, add=[tag_id])
    except WeComError as refusal:
        # The contact or the tie is gone, or out of the app's range: this one cannot see it, the others can.
        if refusal.mend is Remedy.SKIP or refusal.code == _FULL:
            return False
        raise
    return True


def _keep(marked: list[int], at: datetime) -> list[int]:
    MomentRecipient.objects.filter(pk__in=marked).update(marked_at=at)
    return []
