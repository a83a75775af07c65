"""Telling members of staff, by messages of the app, that something waits for them."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from homeground.core.env import env
from homeground.wecom.client import Failure, FateUnknown, connect, messages
from homeground.wecom.errors import NotConnected
from homeground.wecom.models import App, MassSend, MassSendTask, Moment, MomentPost

_AT_ONCE = 1000  # Members in one message.
PAGE = "/staff/"


def notify_tasks(send: MassSend, at: datetime) -> int:
    """Tell the members who have to confirm a send and were not told yet. Returns how many; each is told once."""
    tasks = MassSendTask.objects.filter(mass_send=send, notified_at=None, confirmed_at=None)
    rows = list(tasks.values_list("pk", "staff__userid"))
    MassSendTask.objects.filter(pk__in=[pk for pk, _userid in rows]).update(notified_at=at)
    title = _("有一条发到客户群的消息等您确认") if send.is_group else _("有一条群发等您确认")
    if not _told([userid for _pk, userid in rows], title, _excerpt(send.content["text"])):
        MassSendTask.objects.filter(pk__in=[pk for pk, _userid in rows]).update(notified_at=None)
        return 0
    return len(rows)


def notify_posts(moment: Moment, at: datetime) -> int:
    """Tell the members who have to publish a post and were not told yet. Returns how many; each is told once."""
    posts = MomentPost.objects.filter(moment=moment, notified_at=None, published_at=None)
    rows = list(posts.values_list("pk", "staff__userid"))
    MomentPost.objects.filter(pk__in=[pk for pk, _userid in rows]).update(notified_at=at)
    if not _told([userid for _pk, userid in rows], _("有一条朋友圈等您发表"), _excerpt(moment.content["text"])):
        MomentPost.objects.filter(pk__in=[pk for pk, _userid in rows]).update(notified_at=None)
        return 0
    return len(rows)


def tell(userids: Sequence[str], title: str, description: str, page: str = PAGE) -> None:
    """Send a card that leads to a page of ours. Raises NotConnected or the client's Failure."""
    api = connect(App.Slug.AGENT)
    for start in range(0, len(userids), _AT_ONCE):
        messages.send_card(
            api,
            api.agentid,
            userids[start : start + _AT_ONCE],
            title=title,
            description=description,
            url=f"{env.base_url}{page}",
            button=_("去看看"),
        )


def _told(userids: Sequence[str], title: str, description: str) -> bool:
    """Whether the message may have gone out; what may have is not sent again."""
    try:
        tell(userids, title, description)
    except FateUnknown:
        return True
    except (NotConnected, Failure):
        return False
    return True


def _excerpt(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
