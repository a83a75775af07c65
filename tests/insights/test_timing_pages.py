"""购买时机 in the console: who is due, what the back-test says, what is taken from there."""

import pytest
from django.urls import reverse

from homeground.core import time
from homeground.insights.models import Prediction, PredictionRun
from homeground.insights.services import predict
from homeground.insights.tasks import predict_now
from homeground.people.models import Customer
from homeground.segments.models import Segment
from tests.insights.test_pages import sign_in
from tests.insights.test_predicting import NOW, shop, story

pytestmark = pytest.mark.django_db
PAGE = "timing:overview"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(time, "now", lambda: NOW)


def test_a_stranger_may_not(client):
    for name, method in ((PAGE, "get"), ("timing:again", "post"), ("timing:segment", "post")):
        assert getattr(client, method)(reverse(name)).status_code == 302
    sign_in(client)
    for name, method in ((PAGE, "get"), ("timing:again", "post"), ("timing:segment", "post")):
        assert getattr(client, method)(reverse(name)).status_code == 403


def test_who_may_only_look_changes_nothing(client):
    sign_in(client, "insights.view_review")

    assert client.get(reverse(PAGE)).status_code == 200
    assert client.post(reverse("timing:again")).status_code == 403
    assert client.post(reverse("timing:segment"), {"due": "7"}).status_code == 403
    assert not Segment.objects.exists()


def test_without_orders_the_page_says_how_many_are_needed(client):
    sign_in(client, "insights.view_review")

    before = client.get(reverse(PAGE)).content.decode()
    predict(NOW)
    after = client.get(reverse(PAGE)).content.decode()

    for page in (before, after):
        assert "还没有可以推算的订单" in page
        assert "100 位复购客户" in page


def test_with_few_orders_there_are_dates_and_what_is_missing_for_the_test(client):
    shop(*(("anna", 25 + 30 * n) for n in range(8)))
    predict(NOW)
    sign_in(client, "insights.view_review")

    page = client.get(reverse(PAGE)).content.decode()

    assert "2026-07-15" in page
    assert "自己的购买节奏" in page
    assert "现在是 33 周、1 位复购客户" in page


def test_the_list_is_that_of_the_span_and_names_are_masked(client):
    people = shop(*(("anna", 25 + 30 * n) for n in range(8)), *(("beth", 10 + 30 * n) for n in range(8)))
    Customer.objects.filter(pk=people["anna"]).update(name="王小明")
    predict(NOW)
    sign_in(client, "insights.view_review", "people.view_customer")

    week = client.get(reverse(PAGE)).content.decode()
    month = client.get(reverse(PAGE), {"due": "30"}).content.decode()
    past = client.get(reverse(PAGE), {"due": "overdue"}).content.decode()
    odd = client.get(reverse(PAGE), {"due": "²", "after": "x"})

    assert "王小明" not in week
    links = [reverse("console:customer", args=[pk]) for pk in (people["anna"], people["beth"])]
    assert [link in week for link in links] == [True, False]
    assert [link in month for link in links] == [True, True]
    assert [link in past for link in links] == [False, False]
    assert odd.status_code == 200


def test_the_back_test_says_plainly_who_came_nearer(client):
    story(1500)
    run = predict(NOW)
    sign_in(client, "insights.view_review")

    better = client.get(reverse(PAGE)).content.decode()
    PredictionRun.objects.filter(pk=run.pk).update(back_test=run.back_test | {"naive_wins": True})
    worse = client.get(reverse(PAGE)).content.decode()

    assert not run.back_test["naive_wins"]
    assert "模型更准" in better
    assert "朴素规则更准" not in better
    assert "朴素规则更准" in worse
    assert "BG/NBD" in better


def test_the_people_due_become_a_segment(client):
    shop(*(("anna", 25 + 30 * n) for n in range(8)))
    predict(NOW)
    sign_in(client, "insights.view_review", "segments.add_segment", "segments.view_segment")

    for due in ("14", "renewal", "nonsense"):
        answer = client.post(reverse("timing:segment"), {"due": due})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/segments/")

    rules = list(Segment.objects.order_by("pk").values_list("rule", flat=True))
    assert rules[0] == {"attribute": "next_order_on", "is": {"next_days": 14}}
    assert rules[1] == {"orders": "days_since_last", "is": {"between": [335, 365]}}
    assert rules[2]["is"] == {"next_days": 7}


def test_a_segment_of_predictions_can_be_made_before_the_first_prediction(client):
    sign_in(client, "insights.view_review", "segments.add_segment")

    assert client.post(reverse("timing:segment"), {"due": "7"}).status_code == 302
    assert Segment.objects.count() == 1


def test_asked_for_on_the_page_a_worker_computes(client):
    shop(("anna", 20))
    sign_in(client, "insights.view_review", "insights.make_review")

    assert client.post(reverse("timing:again")).status_code == 302
    assert client.post(reverse("timing:again")).status_code == 302  # A repeat is harmless.
    assert not Prediction.objects.exists()
    predict_now()

    assert Prediction.objects.count() == 1
    assert PredictionRun.objects.get().made_by == "console"


def test_the_customer_page_shows_the_day_with_its_basis_and_interval(client):
    people = shop(*(("anna", 25 + 30 * n) for n in range(8)), ("beth", 400))
    sign_in(client, "people.view_customer")
    address = reverse("console:customer", args=[people["anna"]])
    assert "今晚重新计算" in client.get(address).content.decode()

    predict(NOW)

    row = Prediction.objects.get(customer=people["anna"])
    page = client.get(address).content.decode()
    for words in ("2026-07-15", str(row.low_on), str(row.high_on), "自己的购买节奏", "截至 2026-07-10"):
        assert words in page
    assert "去年同期" in client.get(reverse("console:customer", args=[people["beth"]])).content.decode()
