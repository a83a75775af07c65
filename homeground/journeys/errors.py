"""Refusals of the room. Each changes nothing."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class WrongState(BusinessError):
    """The campaign is past, or not yet at, the point where this can be done."""


class CannotFreeze(BusinessError):
    """The draft lacks something, or nobody would be in it."""


class BeingSent(BusinessError):
    """Another process is sending this campaign now."""


class CannotClose(BusinessError):
    """A campaign is closed with an explanation and a next action, or not at all."""


class BadPolicy(BusinessError):
    """A row of policy that cannot be."""


class NoSuchCampaign(BusinessError):
    """No campaign has this number."""

    def __init__(self, campaign_id: int) -> None:
        super().__init__(_("没有编号为 %d 的营销活动。") % campaign_id)
