"""What each kind of node does with a group of walkers; a group that fails is halved until the bad one is found."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from homeground.events.bearing import is_operational, reason_of
from homeground.journeys.graph import nodes
from homeground.journeys.services.walking import (
    branching,
    handing_over,
    marks,
    messages,
    rewards,
    staff_tasks,
    waiting,
    webhooks,
)
from homeground.journeys.services.walking.walkers import Fail, Place, Said, Walker, onwards

Deed = Callable[[Place, Sequence[Walker]], list[Said]]
_DEEDS: dict[type[Any], Deed] = {
    nodes.SendMessage: messages.send,
    nodes.AssignTask: staff_tasks.assign,
    nodes.InviteToGroup: staff_tasks.invite,
    nodes.ChangeTags: marks.change_tags,
    nodes.SetAttribute: marks.set_attribute,
    nodes.GivePoints: rewards.give_points,
    nodes.GiveCoupon: rewards.give_coupon,
    nodes.CallWebhook: webhooks.call,
    nodes.HandOver: handing_over.hand_over,
    nodes.Branch: branching.branch,
    nodes.Split: branching.split,
    nodes.ChooseChannel: branching.choose_channel,
    nodes.Outcome: branching.outcome,
    nodes.Wait: onwards,
    nodes.WaitUntil: onwards,
    nodes.WaitForEvent: waiting.for_event,
    nodes.WaitForDate: waiting.for_date,
}
_PURE = (nodes.Wait, nodes.WaitUntil)  # They ask nobody and change nothing: nothing to roll back.


def do(place: Place, walkers: Sequence[Walker]) -> list[tuple[Walker, Said]]:
    """Have the node do its work for all of them. Raises only what may pass by itself: then nothing was done."""
    if isinstance(place.step, _PURE):
        return list(zip(walkers, onwards(place, walkers), strict=True))
    try:
        with transaction.atomic():
            return list(zip(walkers, _DEEDS[type(place.step)](place, walkers), strict=True))
    except Exception as error:
        if is_operational(error):
            raise
        if len(walkers) == 1:
            return [(walkers[0], Fail(reason_of(error)))]
    middle = len(walkers) // 2
    return do(place, walkers[:middle]) + do(place, walkers[middle:])
