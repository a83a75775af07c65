"""获客链接: what the platform tells of links that were deleted or stopped there."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from homeground.growth.models import Door
from homeground.growth.services.placing import queue_place
from homeground.wecom.services.callbacks import Told

DELETED, UNAVAILABLE = "customer_acquisition.delete_link", "customer_acquisition.link_unavailable"


def note_links(told: Sequence[Told]) -> None:
    """A deleted link is made anew behind the same printed code; of one that was stopped, the door says so.

    A repeat changes nothing: the deleted link's number is no door's any more.
    """
    gone = _of(told, DELETED)
    doors = list(gone.values_list("pk", flat=True))
    gone.update(config_id="", url="", picture=None, sync=Door.Sync.WAITING, retry_at=None)
    queue_place(doors)
    _of(told, UNAVAILABLE).update(error=_("获客链接在企业微信后台被停用，客户打不开。请到后台恢复，或停用这个入口。"))


def _of(told: Iterable[Told], event: str) -> QuerySet[Door]:
    links = [one.fields.get("LinkId", "") for one in told if one.event == event]
    return Door.objects.filter(kind=Door.Kind.LINK, config_id__in=[link for link in links if link], retired_at=None)
