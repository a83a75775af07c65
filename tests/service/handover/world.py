"""Members, customers and groups for handovers; moments are given."""

from datetime import UTC, datetime, timedelta
from itertools import count

from homeground.commerce.models import Order
from homeground.people.models import Customer, CustomerTag, Tag
from homeground.service.models import HandoverRule
from homeground.service.services.handover import Rule
from homeground.wecom.models import ExternalContact, Follow, GroupChat, Staff

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
_number = count(1)


def make_staff(userid: str, **fields) -> Staff:
    return Staff.objects.create(userid=userid, name=userid, **fields)


def make_friend(staff: Staff, *, tag: Tag | None = None, ordered_at: datetime | None = None) -> ExternalContact:
    number = next(_number)
    customer = Customer.objects.create(name=f"客户{number}")
    contact = ExternalContact.objects.create(external_userid=f"wm{number}", customer=customer)
    Follow.objects.create(staff=staff, contact=contact, began_at=NOON - timedelta(days=300), seen_at=NOON)
    if tag:
        CustomerTag.objects.create(customer=customer, tag=tag, origin="manual", source="test")
    if ordered_at:
        Order.objects.create(
            order_no=f"o{number}", customer=customer, source="test", currency="CNY", amount_minor=1, paid_at=ordered_at
        )
    return contact


def make_friends(staff: Staff, number: int) -> list[ExternalContact]:
    return [make_friend(staff) for _friend in range(number)]


def make_group(owner: Staff) -> GroupChat:
    return GroupChat.objects.create(chat_id=f"wr{next(_number)}", owner=owner, seen_at=NOON)


def rest(*takers: Staff) -> Rule:
    return Rule(HandoverRule.Basis.REST, takers)
