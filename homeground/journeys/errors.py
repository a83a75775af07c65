"""Refusals of the room. Each changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class WrongState(BusinessError):
    """The campaign is past, or not yet at, the point where this can be done."""


class CannotFreeze(BusinessError):
    """The draft lacks something, or nobody would be in it."""


class BeingSent(BusinessError):
    """Another process is sending this campaign now."""


class CannotSchedule(BusinessError):
    """A day that is past."""


class CannotClose(BusinessError):
    """A campaign is closed with an explanation and a next action, or not at all."""


class BadPolicy(BusinessError):
    """A row of policy that cannot be."""


class NoSuchCampaign(BusinessError):
    """No campaign has this number."""

    def __init__(self, campaign_id: int) -> None:
        super().__init__(_("没有编号为 %d 的营销活动。") % campaign_id)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one node of a graph. node: its id; empty: the journey as a whole. field: path inside it."""

    node: str
    text: str
    field: str = ""
    name: str = ""  # What people call the node.

    def __str__(self) -> str:
        words = {"field": self.field, "text": self.text}
        what = _("%(field)s：%(text)s") % words if self.field else self.text
        if not self.node:
            return what
        named = _("“%(name)s”（%(node)s）") % {"name": self.name, "node": self.node} if self.name else self.node
        return _("节点 %(node)s：%(what)s") % {"node": named, "what": what}


class GraphRefused(BusinessError):
    """A graph that cannot be read, or cannot go live; every problem is named."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, problems)))


class DraftRefused(BusinessError):
    """A draft that could not even be kept: no object, too large, too deep; or with a name that cannot be."""


class JourneyInWrongState(BusinessError):
    """The journey is past, or not yet at, the point where this can be done."""


class MoveRefused(BusinessError):
    """A node map that leads from or to where nothing is."""


class JourneySlugTaken(BusinessError):
    """Two journeys would have one name in addresses."""

    def __init__(self, slug: str) -> None:
        super().__init__(_("标识“%(slug)s”已被另一条旅程使用，请换一个") % {"slug": slug})


class NoSuchJourney(BusinessError):
    """No journey has this slug."""

    def __init__(self, slug: str) -> None:
        super().__init__(_("没有标识为“%(slug)s”的旅程") % {"slug": slug})
