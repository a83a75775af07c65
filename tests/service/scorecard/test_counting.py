"""The four metrics against figures worked out by hand; every share has its denominator."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from homeground.commerce.models import Order
from homeground.people.models import Consent, Customer, CustomerTag, Identity, Tag
from homeground.people.services import ConsentDecision, decide_consent
from homeground.segments.services import create_list
from homeground.service.models import CareItem, CareRound, PlatformDay, ScoreGoal, Wait
from homeground.service.queries.scorecard import audiences, limits, scorecard, span_of
from homeground.service.queries.scorecard import cards as cards_module
from homeground.service.services.tickets import open_ticket
from homeground.wecom.models import ExternalContact, Follow, GroupChat, GroupMember, Staff

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 11, 4, tzinfo=UTC)  # Wednesday noon in Shanghai.
SPAN = span_of(2, "Asia/Shanghai", NOW)
MONDAY = datetime(2026, 3, 9, 2, tzinfo=UTC)
LAST_WEEK = MONDAY - timedelta(days=7)
LONG_AGO = MONDAY - timedelta(days=200)
_number = count(1)


def make_staff(name: str, department: str = "一店", **fields) -> Staff:
    return Staff.objects.create(userid=f"u{next(_number)}", name=name, department=department, **fields)


def befriend(staff: Staff, customer: Customer | None = None, began_at=LONG_AGO, **fields) -> ExternalContact:
    contact = ExternalContact.objects.filter(customer=customer).first() if customer else None
    contact = contact or ExternalContact.objects.create(
        external_userid=f"wm{next(_number)}", customer=customer or Customer.objects.create()
    )
    Follow.objects.create(staff=staff, contact=contact, began_at=began_at, seen_at=NOW, **fields)
    return contact


def wait(staff: Staff, kind: str = "chat", at=MONDAY, minutes: int | None = 5, due: int = 10, closing="message"):
    answered = None if minutes is None else at + timedelta(minutes=minutes)
    return Wait.objects.create(
        conversation=f"c{next(_number)}", kind=kind, staff=staff, began_at=at, due_at=at + timedelta(minutes=due),
        answered_at=answered, closing=closing if answered else "",
    )  # fmt: skip


def buy(customer: Customer, at=MONDAY) -> None:
    Order.objects.create(
        order_no=f"o{next(_number)}", customer=customer, source="t", currency="CNY", amount_minor=1, paid_at=at
    )


def card_of(staff: Staff):
    return next(card for card in scorecard(SPAN).staff if card.key == staff.pk)


def numbers(card, metric: str) -> tuple[int, int]:
    share = card.counted.shares[metric]
    return share.good, share.of


def test_the_span_is_whole_weeks_from_a_monday_of_the_brands_zone():
    assert SPAN.weeks == (date(2026, 3, 2), date(2026, 3, 9))
    assert SPAN.since == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert SPAN.until == datetime(2026, 3, 15, 16, tzinfo=UTC)


def test_answers_count_within_their_time_and_open_ones_once_it_is_over():
    staff = make_staff("甲")
    wait(staff)
    wait(staff, minutes=11)
    wait(staff, minutes=None)
    wait(staff, minutes=None, at=NOW - timedelta(minutes=5))  # Its time is not over.
    wait(staff, kind="comment", closing="click")
    wait(staff, at=LAST_WEEK)
    wait(staff, at=LONG_AGO)  # Another span.

    card = card_of(staff)

    assert numbers(card, "answered") == (3, 5)
    assert card.counted.shares["answered"].claimed == 1
    assert (card.counted.parts["chat"].good, card.counted.parts["chat"].of) == (2, 4)
    assert card.counted.weeks["answered"][SPAN.weeks[0]].of == 1


def test_requests_are_counted_apart():
    staff = make_staff("甲")
    wait(staff, kind="request", minutes=29, due=30)
    wait(staff, kind="request", minutes=31, due=30)

    card = card_of(staff)

    assert numbers(card, "accepted") == (1, 2)
    assert numbers(card, "answered") == (0, 0)
    assert card.counted.shares["answered"].share is None


def test_who_joined_a_group_through_a_door_and_became_a_friend_of_anybody():
    owner, other = make_staff("甲"), make_staff("乙")
    chat = GroupChat.objects.create(chat_id="wr1", owner=owner, seen_at=NOW)
    friend, pending = befriend(other), befriend(owner, is_pending=True)
    for member, fields in [
        (friend.external_userid, {"state": "d1"}),
        (pending.external_userid, {"state": "d1"}),
        ("wmStranger", {"join_scene": 3}),
        ("wmInvited", {"join_scene": 1}),
        ("wmEarlier", {"state": "d1", "joined_at": LONG_AGO}),
    ]:
        GroupMember.objects.create(
            **{"chat": chat, "member_id": member, "is_external": True, "joined_at": MONDAY} | fields
        )

    assert numbers(card_of(owner), "friended") == (1, 3)
    assert numbers(card_of(other), "friended") == (0, 0)


def test_who_asked_through_a_door_and_was_accepted_is_friended_too():
    staff = make_staff("甲")
    chat = GroupChat.objects.create(chat_id="wr1", owner=staff, seen_at=NOW)
    asked = {"state": "d1", "requested_at": MONDAY, "began_at": MONDAY}
    befriend(staff, **asked)
    both = befriend(staff, **asked, is_pending=True)
    befriend(staff, **asked | {"requested_at": LAST_WEEK}, is_pending=True)
    befriend(staff, state="d1", began_at=MONDAY)  # With verification nobody tells of those who were not accepted.
    befriend(staff, **asked | {"state": ""})  # Through no door.
    befriend(staff, **asked | {"requested_at": LONG_AGO})
    GroupMember.objects.create(
        chat=chat, member_id=both.external_userid, is_external=True, joined_at=MONDAY, state="d2"
    )

    card = card_of(staff)

    assert numbers(card, "friended") == (1, 3)
    assert [card.counted.weeks["friended"][week].of for week in SPAN.weeks] == [1, 2]


def test_the_care_round_counts_friends_with_both_and_grows_over_the_weeks():
    staff = make_staff("甲")
    month = CareRound.objects.create(staff=staff, month=date(2026, 3, 1))
    for position, (liked, commented, left_out) in enumerate(
        [
            (LAST_WEEK, LAST_WEEK, ""),
            (LAST_WEEK, MONDAY, ""),
            (MONDAY, None, ""),
            (None, None, ""),
            (None, None, "勿扰"),
        ]
    ):
        CareItem.objects.create(
            round=month, contact=befriend(staff), initial="A", position=position, liked_at=liked,
            commented_at=commented, left_out=left_out,
        )  # fmt: skip

    card = card_of(staff)

    assert numbers(card, "cared") == (2, 4)
    assert [card.counted.weeks["cared"][week].good for week in SPAN.weeks] == [1, 2]


def test_buyers_are_friends_who_bought_while_they_were_friends():
    staff = make_staff("甲")
    buyer, twice, before, ended, _silent = (befriend(staff) for _friend in range(5))
    buy(buyer.customer)
    buy(twice.customer)
    buy(twice.customer, LAST_WEEK)
    buy(before.customer, LONG_AGO)
    Follow.objects.filter(contact=ended).update(ended_at=LAST_WEEK, ending="by_customer")
    buy(ended.customer)

    card = card_of(staff)

    assert numbers(card, "converted") == (2, 5)
    assert [card.counted.weeks["converted"][week].good for week in SPAN.weeks] == [1, 2]
    assert (card.counted.removed, card.counted.friends) == (1, 5)


def test_a_person_with_two_members_counts_once_for_team_and_brand():
    one, two, elsewhere = make_staff("甲"), make_staff("乙"), make_staff("丙", "二店")
    customer = befriend(one).customer
    befriend(two, customer)
    befriend(elsewhere, customer)
    absorbed = befriend(two)
    Customer.objects.filter(pk=absorbed.customer_id).update(merged_into=customer)
    buy(absorbed.customer)

    found = scorecard(SPAN)

    assert [numbers(card, "converted") for card in found.staff] == [(1, 1)] * 3
    assert [(card.key, *numbers(card, "converted")) for card in found.teams] == [("一店", 1, 1), ("二店", 1, 1)]
    assert numbers(found.brand, "converted") == (1, 1)


def test_complaints_and_refusals_of_friends_stand_beside_conversion():
    one, two = make_staff("甲"), make_staff("乙")
    customer = befriend(one).customer
    befriend(two, customer)
    before, gone = befriend(two), befriend(two)
    Follow.objects.filter(contact=gone).update(ended_at=LAST_WEEK, ending="by_customer")
    for person, at in [(customer, MONDAY), (before.customer, LONG_AGO), (gone.customer, MONDAY)]:
        open_ticket(customer_id=person.pk, queue="after_sales", text="漏液", by="t", is_complaint=True, at=at)
        decide_consent([no(person, at), no(person, at, channel="sms")])

    found = scorecard(SPAN)

    assert [(card.counted.complained, card.counted.refused) for card in (*found.staff, found.brand)] == [(1, 1)] * 3


def no(customer: Customer, at: datetime, channel: str = "wecom") -> ConsentDecision:
    return ConsentDecision(
        customer_id=customer.pk, purpose=Consent.Purpose.PROMOTION, channel=channel, is_granted=False, proof={},
        source="t", decided_at=at,
    )  # fmt: skip


def test_teams_and_the_brand_are_the_sums_of_their_members():
    one, two, three = make_staff("甲"), make_staff("乙"), make_staff("丙", "二店")
    for staff in (one, two, three):
        wait(staff)
    wait(three, minutes=20)

    found = scorecard(SPAN)

    assert numbers(found.brand, "answered") == (3, 4)
    assert {card.key: numbers(card, "answered") for card in found.teams} == {"一店": (2, 2), "二店": (1, 2)}


def test_who_left_shows_only_with_something_in_the_span():
    make_staff("走了", is_active=False)
    late = make_staff("刚走", is_active=False)
    wait(late)

    assert [card.title for card in scorecard(SPAN).staff] == ["刚走"]


def test_the_platforms_figures_are_weighed_by_chats():
    one, two = make_staff("甲"), make_staff("乙")
    PlatformDay.objects.create(
        staff=one, day=date(2026, 3, 9), chats=30, reply_bp=10_000, reply_minutes=2, removed=1, added=3, read_at=NOW
    )
    PlatformDay.objects.create(staff=two, day=date(2026, 3, 9), chats=10, reply_bp=2000, reply_minutes=10, read_at=NOW)
    PlatformDay.objects.create(staff=two, day=date(2026, 3, 10), chats=5, read_at=NOW)  # Nobody wrote first.

    figures = scorecard(SPAN).brand.platform

    assert (figures.chats, figures.added, figures.removed) == (45, 3, 1)
    assert figures.reply_share == pytest.approx(32 / 40)
    assert figures.reply_minutes == pytest.approx(4)
    assert figures.until == date(2026, 3, 10)


def test_the_number_of_statements_does_not_grow_with_members(django_assert_num_queries):
    for number in range(12):
        befriend(make_staff(str(number), f"店{number % 3}"))

    with django_assert_num_queries(5):
        scorecard(SPAN)


def test_audiences_by_having_bought_before():
    staff = make_staff("甲")
    loyal, fresh, _silent = (befriend(staff) for _friend in range(3))
    buy(loyal.customer, LONG_AGO)
    buy(loyal.customer)
    buy(fresh.customer)

    found = {line.label: (line.buyers, line.friends) for line in audiences(SPAN, "bought")}

    assert found == {"bought": (1, 1), "not_bought": (1, 2)}


def test_an_audience_counts_buyers_as_the_card_does():
    """Who bought when they were a friend no more counts in neither."""
    staff = make_staff("甲")
    gone, came_back = (befriend(staff) for _friend in range(2))
    Follow.objects.update(ended_at=LAST_WEEK, ending="by_customer")
    Follow.objects.create(staff=staff, contact=came_back, began_at=MONDAY - timedelta(hours=1), seen_at=NOW)
    buy(gone.customer)
    buy(came_back.customer)

    assert [(line.buyers, line.friends) for line in audiences(SPAN, "bought")] == [(1, 2)]
    assert numbers(card_of(staff), "converted") == (1, 2)


def test_audiences_by_tag_and_of_one_member():
    one, two = make_staff("甲"), make_staff("乙")
    tag = Tag.objects.create(name="会员")
    for staff in (one, two):
        contact = befriend(staff)
        CustomerTag.objects.create(customer=contact.customer, tag=tag, origin="manual", source="t")
    buy(contact.customer)

    assert [(line.label, line.buyers, line.friends) for line in audiences(SPAN, "tag")] == [("会员", 1, 2)]
    assert [line.friends for line in audiences(SPAN, "tag", staff_ids=[one.pk])] == [1]


def test_audiences_by_segment():
    staff = make_staff("甲")
    contact, _other = befriend(staff), befriend(staff)
    buy(contact.customer)
    Identity.objects.create(customer=contact.customer, kind="phone", value="13800138000")
    segment = create_list(slug="vip", name="高价值", lines=["phone", "13800138000"]).segment

    found = audiences(SPAN, "segment", segments=[segment])

    assert [(line.label, line.buyers, line.friends) for line in found] == [("高价值", 1, 1)]


def test_every_metric_says_what_it_cannot_see():
    assert [limit.metric for limit in limits()] == ScoreGoal.Metric.values
    assert all(limit.basis and limit.unseen for limit in limits())


def test_counting_an_empty_corp_gives_nothing_and_no_division(monkeypatch):
    found = scorecard(SPAN)

    assert found.staff == found.teams == []
    assert found.brand.counted.shares["converted"].share is None
    assert cards_module.Share(4, 1).missing == 3
