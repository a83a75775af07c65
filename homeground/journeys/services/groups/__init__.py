"""Campaigns that go to customer groups (企业群发到客户群): which groups, who of them is left out and why, the sending.

The owner of a group alone can send to it, and confirms it in WeCom; so one send is placed for each owner. Nobody can be
left out of a group: customers have no touch here, and groups are held out whole.
"""

from homeground.journeys.services.groups.choosing import Plan, opted_out, preview
from homeground.journeys.services.groups.freezing import enter
from homeground.journeys.services.groups.sending import (
    cancel_waiting,
    is_done,
    is_placed,
    next_due_at,
    send_due,
    under_way_though_cancelled,
)

__all__ = [
    "Plan",
    "cancel_waiting",
    "enter",
    "is_done",
    "is_placed",
    "next_due_at",
    "opted_out",
    "preview",
    "send_due",
    "under_way_though_cancelled",
]
