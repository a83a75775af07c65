import pytest

from homeground.commerce.models import Refund
from homeground.content import queries
from homeground.people.models import Customer
from tests.content.world import NOW, buys, days, friend, member, own_post, planned, published

pytestmark = pytest.mark.django_db


def sights(customer):
    return [(one.way, one.kind, one.topic) for one in queries.before_first_order([customer.pk])]


def test_what_a_person_could_see_before_the_first_order_in_its_order():
    lin = member()
    ana, bo = friend(lin, "安娜"), friend(lin, "阿波")
    first = planned("expertise", days(1), [lin], topic="怎么辨茶")
    published(first, lin, at=days(-20), viewers=[ana, bo], liked=[ana])
    second = planned("goods", days(2), [lin], topic="开售")
    published(second, lin, at=days(-5), viewers=[ana])
    later = planned("proof", days(3), [lin], topic="来信")
    published(later, lin, at=days(-1), viewers=[ana])
    buys(ana.customer, days(-3))
    buys(ana.customer, NOW)

    assert sights(ana.customer) == [
        ("like", "expertise", "怎么辨茶"),
        ("seen", "expertise", "怎么辨茶"),
        ("seen", "goods", "开售"),
    ]
    assert sights(bo.customer) == []


def test_the_identities_of_a_person_count_together():
    lin = member()
    root = Customer.objects.create(name="安娜")
    contact = friend(lin, customer=Customer.objects.create(merged_into=root))
    published(planned("life", days(1), [lin]), lin, at=days(-9), viewers=[contact])
    buys(root, NOW)

    assert sights(root) == [("seen", "life", "清晨的茶园")]
    path = queries.trust_path(at=days(1))
    assert (path.buyers, path.with_any, path.reacted, path.by_label) == (1, 1, 0, [("生活", 1, 0)])


def test_only_those_who_bought_first_in_the_time_are_new():
    lin = member()
    old, new, stranger = friend(lin, "老"), friend(lin, "新"), Customer.objects.create()
    buys(old.customer, days(-400))
    for customer in (old.customer, new.customer, stranger):
        buys(customer, days(-2))

    assert queries.trust_path(at=NOW).buyers == 1


def test_what_a_friend_is_worth():
    lin, an = member(), member("an", "安安")
    ana, bo = friend(lin, "安娜"), friend(lin, "阿波")
    friend(an, customer=ana.customer)
    friend(an, "走了", ended_at=NOW, ending="by_customer")
    buys(ana.customer, days(-9), 30000)
    buys(ana.customer, days(-400), 99999)
    buys(bo.customer, days(-9), 5000, currency="USD")
    Refund.objects.create(
        refund_no="r", customer=ana.customer, source="t", currency="CNY", amount_minor=10000, refunded_at=days(-1),
        content_hash="",
    )  # fmt: skip

    found = {one.name: one for one in queries.friend_values(at=NOW)}

    assert [(one.friends, one.buyers, one.paid_minor, one.per_friend_minor) for one in found.values()] == [
        (1, 1, 20000, 20000), (2, 1, 20000, 10000),
    ]  # fmt: skip
    assert list(found) == ["安安", "小林"]


def test_plans_stand_behind_the_posts_of_the_corp():
    lin = member()
    plan = planned(senders=[lin])
    post, own = published(plan, lin), own_post(lin)

    assert queries.plans_of_moments([post.moment_id, own.pk]) == {post.moment_id: plan}
