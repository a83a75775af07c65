"""The pages of points and coupons: what they show, who may, what is refused."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from homeground.console.roles import install_roles
from homeground.core import time
from homeground.loyalty.models import Coupon, CouponKind, PointsPosting
from homeground.loyalty.queries.points import balance_of
from homeground.loyalty.services.coupons import grant_coupon, use_coupon
from homeground.loyalty.services.points import redeem_points, reverse_points
from homeground.people.services import merge
from tests.loyalty.world import earn, make_customer, make_kind
from tests.strangers import answers, onlooker, salesperson

pytestmark = pytest.mark.django_db
FILLED = {
    "name": "新人券", "form": "off", "amount": "20", "pay": "", "gift": "", "threshold": "100", "starts_on": "",
    "ends_on": "", "valid_days": "30", "stock": "500", "per_customer": "1", "partner": "隔壁咖啡", "note": "",
}  # fmt: skip
CAUSE = "console:00000000-0000-4000-8000-000000000001"


@pytest.fixture
def owner(client):
    client.force_login(User.objects.create_superuser("owner", password="x"))
    return client


def text(answer):
    return answer.content.decode()


def test_the_overview_teaches_while_it_is_empty_and_then_counts(owner):
    assert "还没有发过积分" in text(owner.get(reverse("loyalty:overview")))
    one, now = make_customer(), time.now()
    cause = earn(one, 100, days=10, at=now)
    redeem_points(one, 30, "gift:1", at=now)
    reverse_points("earn", cause, "refund:1", points=20, at=now)

    shown = owner.get(reverse("loyalty:overview") + "?days=90").context

    totals = shown["totals"]
    assert (totals.issued, totals.redeemed, totals.reversed, totals.outstanding) == (100, 30, -20, 50)
    assert (shown["reasons"], shown["soon"]) == ([("购物", 100, 1)], (50, 1))


def test_a_kind_is_made_from_the_form_listed_and_changed(owner):
    made = owner.post(reverse("loyalty:new_kind"), FILLED)
    kind = CouponKind.objects.get()

    assert made.url == reverse("loyalty:kind", args=[kind.pk])
    assert (kind.amount_minor, kind.threshold_minor, kind.valid_days, kind.stock) == (2000, 10_000, 30, 500)
    assert "满 ¥100.00 减 ¥20.00" in text(owner.get(reverse("loyalty:coupons") + "?q=咖啡"))
    percent = FILLED | {"form": "percent", "amount": "", "pay": "85", "threshold": "", "per_customer": ""}
    assert owner.post(reverse("loyalty:edit_kind", args=[kind.pk]), percent).status_code == 302
    kind.refresh_from_db()
    assert (kind.amount_minor, kind.pay_bp, kind.threshold_minor, kind.per_customer) == (None, 8500, 0, None)
    assert "打 8.5 折" in text(owner.get(reverse("loyalty:kind", args=[kind.pk])))
    assert owner.get(reverse("loyalty:edit_kind", args=[kind.pk])).context["form"]["pay"].initial == 85


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"form": "percent", "pay": "100"}, "pay"),
        ({"form": "gift"}, "gift"),
        ({"valid_days": ""}, "valid_days"),
        ({"starts_on": "2026-12-01", "ends_on": "2026-12-31"}, "valid_days"),
        ({"valid_days": "", "starts_on": "2026-12-31", "ends_on": "2026-12-01"}, "ends_on"),
        ({"valid_days": "9999"}, "valid_days"),
        ({"per_customer": "0"}, "per_customer"),
        ({"name": ""}, "name"),
        ({"stock": "-1"}, "stock"),
    ],
)
def test_a_kind_that_cannot_be_is_refused_at_its_field(owner, change, field):
    answer = owner.post(reverse("loyalty:new_kind"), FILLED | change)

    assert answer.status_code == 422
    assert [*answer.context["form"].errors] == [field]
    assert not CouponKind.objects.exists()


def test_points_are_adjusted_once_however_often_the_form_is_sent(owner):
    one = make_customer()
    url = reverse("loyalty:adjust", args=[one])
    given = {"points": "80", "reason": "活动漏发", "expires_on": "", "cause": CAUSE}

    assert [owner.post(url, given).status_code for _time in range(2)] == [302, 302]
    assert owner.post(url, given | {"points": "90"}).status_code == 422
    less = owner.post(url, given | {"points": "-81", "cause": CAUSE[:-1] + "2"})
    assert (less.status_code, [*less.context["form"].errors]) == (422, ["points"])
    owner.post(url, given | {"points": "-30", "cause": CAUSE[:-1] + "3"})

    assert balance_of(one) == 50
    assert set(PointsPosting.objects.values_list("by", "reason")) == {("owner", "活动漏发")}
    for wrong in ({"points": "0"}, {"reason": ""}, {"points": "x"}, {"cause": "order:1"}):
        assert owner.post(url, given | wrong).status_code == 422


def test_the_persons_page_shows_entries_and_coupons_and_leads_to_the_survivor(owner):
    one, other, kind = make_customer(), make_customer(), make_kind("新人券")
    earn(one, 40, days=5, at=time.now())
    coupon = grant_coupon(kind.pk, one, "a")
    merge(other, one, {})

    page = owner.get(reverse("loyalty:person", args=[one]), follow=True)
    card = text(owner.get(reverse("console:customer", args=[other])))

    assert page.redirect_chain[0][0] == reverse("loyalty:person", args=[other])
    assert (page.context["balance"], [line.points for line in page.context["lines"]]) == (40, [40])
    assert coupon.code in text(page)
    assert "积分与券" in card
    assert "新人券" in card


def test_a_coupon_is_granted_used_and_revoked_by_hand(owner):
    one, other, kind = make_customer(), make_customer(), make_kind()
    for who in (one, other):
        grant = {"kind": kind.pk, "cause": f"console:00000000-0000-4000-8000-{who:012}"}
        assert owner.post(reverse("loyalty:grant", args=[who]), grant).status_code == 302
    mine, others = Coupon.objects.order_by("customer_id")
    again = {"kind": kind.pk, "cause": CAUSE}
    assert [*owner.post(reverse("loyalty:grant", args=[one]), again).context["form"].errors] == []

    used = owner.post(reverse("loyalty:use"), {"code": mine.code.lower(), "order_no": "o-1", "amount": "120"})
    small = owner.post(reverse("loyalty:use"), {"code": others.code, "order_no": "o-2", "amount": "99"})
    owner.post(reverse("loyalty:revoke", args=[others.pk]), {"why": "发错了"})
    owner.post(reverse("loyalty:revoke", args=[mine.pk]), {"why": "发错了"})

    assert (used.status_code, small.status_code, [*small.context["use"].errors]) == (302, 422, ["code"])
    assert set(Coupon.objects.values_list("state", "off_minor")) == {("used", 2000), ("revoked", None)}


def test_archiving_and_restoring(owner):
    kind = make_kind()

    owner.post(reverse("loyalty:archive_kind", args=[kind.pk]))
    assert "还没有优惠券" in text(owner.get(reverse("loyalty:coupons")))
    assert "已归档，不再发放" in text(owner.get(reverse("loyalty:coupons") + "?stand=archived"))
    owner.post(reverse("loyalty:restore_kind", args=[kind.pk]))

    assert CouponKind.objects.get().archived_at is None


def test_no_page_is_open_to_a_stranger_or_a_salesperson(client):
    assert set(answers(client, "loyalty").values()) == {(302, 302)}
    client.force_login(salesperson())

    assert set(answers(client, "loyalty").values()) == {(403, 403)}


def test_who_may_only_look_changes_nothing(client):
    client.force_login(onlooker())

    assert {name for name, (_got, post) in answers(client, "loyalty").items() if post not in (403, 405)} == set()


def test_service_uses_coupons_but_adjusts_no_points(client):
    install_roles()
    user = User.objects.create_user("desk")
    user.groups.add(Group.objects.get(name="service"))
    client.force_login(user)
    coupon = grant_coupon(make_kind().pk, one := make_customer(), "a")

    use = client.post(reverse("loyalty:use"), {"code": coupon.code, "order_no": "o-1", "amount": "120"})
    adjust = client.post(reverse("loyalty:adjust", args=[one]), {"points": "1", "reason": "x", "cause": CAUSE})

    assert (use.status_code, adjust.status_code) == (302, 403)
    use_coupon(coupon.code, "o-1", 12_000, time.now() + timedelta(days=1))
