import pytest

from homeground.ingest.services.tokens import create_token
from homeground.loyalty.models import Coupon, PointsPosting
from homeground.loyalty.queries.points import balance_of
from tests.loyalty.world import make_customer, make_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client):
    tokens = {scope: create_token(scope, [scope]) for scope in ("read", "manage")}

    def send(path, body=None, scope="manage"):
        headers = {"authorization": f"Bearer {tokens[scope]}"}
        if body is None:
            return client.get(f"/api/v1/{path}", headers=headers)
        return client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    return send


def test_points_are_earned_redeemed_taken_back_and_read(call):
    one = make_customer()
    earnings = [
        {"customer_id": one, "points": 50, "cause": "order:1", "reason": "购物", "expires_at": "2099-01-01T00:00:00Z"}
    ]

    assert call("points/earn", {"earnings": earnings}).json() == {"accepted": 1, "new": 1}
    assert call("points/earn", {"earnings": earnings}).json() == {"accepted": 1, "new": 0}
    spent = call(f"customers/{one}/points/redeem", {"points": 20, "cause": "gift:1"})
    back = call("points/reverse", {"of_kind": "earn", "of_cause": "order:1", "cause": "refund:1", "points": 10})
    read = call(f"customers/{one}/points", scope="read").json()

    assert (spent.json(), back.json()) == ({"new": True, "balance": 30}, {"change": -10})
    assert (read["balance"], [entry["points"] for entry in read["entries"]]) == (20, [-10, -20, 50])


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("customers/{one}/points/redeem", {"points": 1, "cause": "gift:1"}, 400, "not_enough_points"),
        ("customers/{one}/points/redeem", {"points": 0, "cause": "gift:1"}, 422, "invalid"),
        ("customers/{one}/points/redeem", {"points": 1, "cause": "x\u0000"}, 422, "invalid"),
        ("customers/999999/points/redeem", {"points": 1, "cause": "gift:1"}, 400, "no_such_customer"),
        ("points/earn", {"earnings": []}, 422, "invalid"),
        ("points/earn", {"earnings": [{"customer_id": 999999, "points": 1, "cause": "x"}]}, 400, "no_such_customer"),
        ("points/reverse", {"of_kind": "earn", "of_cause": "x", "cause": "y"}, 400, "no_such_posting"),
        ("coupon-kinds/999999/grant", {"customers": [{"customer_id": 1, "cause": "x"}]}, 404, "not_found"),
        ("coupons/NOPE/use", {"order_no": "o-1", "amount_minor": 1}, 400, "no_such_coupon"),
    ],
)
def test_what_cannot_be_is_refused_in_words(call, path, body, status, code):
    answer = call(path.format(one=make_customer()), body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not PointsPosting.objects.exists()


def test_coupons_are_granted_and_used_once(call):
    one, other, kind = make_customer(), make_customer(), make_kind(stock=1)
    customers = [{"customer_id": one, "cause": "a"}, {"customer_id": other, "cause": "b"}]

    granted = call(f"coupon-kinds/{kind.pk}/grant", {"customers": customers}).json()
    code = granted["codes"]["a"]
    used = [call(f"coupons/{code}/use", {"order_no": "o-1", "amount_minor": 12_000}).json() for _time in range(2)]
    other_order = call(f"coupons/{code}/use", {"order_no": "o-2", "amount_minor": 12_000})

    assert granted["said"] == {"a": "granted", "b": "no_stock"}
    assert used[0] == used[1]
    assert (used[0]["state"], used[0]["off_minor"], other_order.status_code) == ("used", 2000, 400)
    assert call(f"customers/{one}/coupons", scope="read").json()["coupons"][0]["code"] == code
    assert call("coupon-kinds", scope="read").json()["coupon_kinds"][0]["used"] == 1


def test_a_token_that_only_reads_changes_nothing(call):
    one = make_customer()
    body = {"earnings": [{"customer_id": one, "points": 1, "cause": "x"}]}

    assert call("points/earn", body, scope="read").status_code in (401, 403)
    assert (balance_of(one), Coupon.objects.count()) == (0, 0)
