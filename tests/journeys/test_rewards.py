"""Points and coupons that journeys give: in sets, once for a walk and its step; who gets none goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from homeground.journeys.errors import GraphRefused
from homeground.journeys.models import Enrolment, StepTaken
from homeground.journeys.services import publishing
from homeground.journeys.services.walking import batches
from homeground.journeys.services.walking.engine import walk
from homeground.loyalty.models import Coupon, PointsLot, PointsPosting
from homeground.loyalty.queries.points import balance_of, untruths
from homeground.loyalty.services.coupons import grant_coupon
from homeground.loyalty.services.kinds import archive_kind
from homeground.loyalty.services.points import Earning, earn_points
from tests.journeys.engine import END, let_in, make_journey, many_customers, now_at, path, wait
from tests.journeys.world import NOON, make_customer
from tests.loyalty.world import make_kind

pytestmark = pytest.mark.django_db


def points(to: str | None, **more: Any) -> dict[str, Any]:
    return {"kind": "points", "name": "送积分", "points": 50, "reason": "生日礼", "expires_days": 30, "next": to} | more


def coupon(to: str | None, kind: int) -> dict[str, Any]:
    return {"kind": "coupon", "name": "发券", "coupon": kind, "next": to}


def details(node: str) -> list[Any]:
    return list(StepTaken.objects.filter(node=node).order_by("enrolment").values_list("detail", flat=True))


def test_points_are_given_in_a_set_with_their_reason_and_the_end_of_their_last_day(django_assert_max_num_queries):
    people = many_customers(40)
    journey = make_journey({"p": points(END)})
    let_in(journey, *people)

    with django_assert_max_num_queries(30):
        walk(journey.pk, NOON)

    assert {balance_of(one.pk) for one in people} == {50}
    assert set(PointsPosting.objects.values_list("reason", "by")) == {("生日礼", f"journey:{journey.slug}")}
    assert set(PointsLot.objects.values_list("expires_at", flat=True)) == {datetime(2026, 4, 9, 16, tzinfo=UTC)}
    assert untruths() == []


def test_each_round_of_a_loop_gives_once_and_a_batch_that_died_gave_nothing(monkeypatch):
    customer = make_customer()
    journey = make_journey({"p": points("w"), "w": wait("p", days=1)})
    (one,) = let_in(journey, customer)

    with monkeypatch.context() as dying:
        dying.setattr(batches, "write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            batches.walk_batch(journey.pk, NOON)
    assert balance_of(customer.pk) == 0
    walk(journey.pk, NOON)
    walk(journey.pk, NOON)
    walk(journey.pk, NOON + timedelta(days=1))

    assert balance_of(customer.pk) == 100
    assert sorted(PointsPosting.objects.values_list("cause", flat=True)) == [f"walk:{one.pk}:1", f"walk:{one.pk}:3"]


def test_whoever_has_enough_or_comes_too_late_goes_on_with_the_reason():
    kind = make_kind("新人券", stock=3)
    first, *others = many_customers(4)
    grant_coupon(kind.pk, first.pk, "before", NOON)
    journey = make_journey({"c": coupon("p", kind.pk), "p": points(END)})

    walks = let_in(journey, first, *others)
    walk(journey.pk, NOON)

    assert details("c") == [{"skipped": "at_limit"}, None, None, {"skipped": "no_stock"}]
    assert [path(one) for one in walks] == [[("c", "next"), ("p", "next")]] * 4
    assert {now_at(one) for one in walks} == {("ended", "", "finished")}
    assert Coupon.objects.count() == 3


def test_a_kind_that_was_archived_meanwhile_stops_nobody():
    kind = make_kind()
    journey = make_journey({"c": coupon(END, kind.pk)})
    archive_kind(kind.pk)

    (one,) = let_in(journey, make_customer())
    walk(journey.pk, NOON)

    assert details("c") == [{"skipped": "archived"}]
    assert now_at(one) == ("ended", "", "finished")


def draft_of(**nodes: Any) -> dict[str, Any]:
    variants = [{"name": "全部", "share_bp": 10_000, "start": next(iter(nodes))}]
    return {"entries": [{"by": "hand"}], "variants": variants, "nodes": nodes}


@pytest.mark.parametrize(
    ("fields", "archive", "why"),
    [({}, True, "已归档"), ({"stock": 0}, False, "发完"), (None, False, "券种不存在")],
)
def test_publishing_refuses_a_coupon_that_nobody_can_get(fields, archive, why):
    kind = make_kind(**fields) if fields is not None else None
    if kind and archive:
        archive_kind(kind.pk)
    journey = publishing.create(
        name="送礼", link="convert", by="op", draft=draft_of(gift=coupon(END, kind.pk if kind else 0))
    )

    with pytest.raises(GraphRefused, match=why) as refused:
        publishing.publish(journey.pk, by="op")

    assert [(one.node, one.field, one.name) for one in refused.value.problems] == [("gift", "coupon", "发券")]


@pytest.fixture
def operator(client):
    client.force_login(User.objects.create_superuser("op", password="x"))
    return client


def test_a_test_run_tells_the_balance_and_whether_a_coupon_would_come(operator):
    kind, customer = make_kind("新人券"), make_customer()
    earn_points([Earning(customer.pk, 30, "order:1")])
    nodes = {"p": points("q"), "q": points("c"), "c": coupon("d", kind.pk), "d": coupon(END, kind.pk)}
    journey = publishing.create(name="送礼", link="convert", by="op", draft=draft_of(**nodes))

    page = operator.get(reverse("journey:rehearse", args=[journey.slug]) + f"?q={customer.pk}&steps=9")

    said = [(line["answer"]["tone"], line["answer"]["why"]) for line in page.context["steps"]]
    assert said[:2] == [("green", "积分余额 30 → 80"), ("green", "积分余额 80 → 130")]
    assert [tone for tone, _why in said[2:]] == ["green", "red"]
    assert "已领满" in said[3][1]
    assert (Coupon.objects.count(), balance_of(customer.pk)) == (0, 30)


def test_the_canvas_offers_both_and_the_walks_page_says_why_there_was_no_coupon(operator):
    kind = make_kind("新人券", stock=1)
    people = many_customers(2, name="林")
    journey = publishing.create(
        name="送礼", link="convert", by="op", draft=draft_of(c=coupon(END, kind.pk)), holdout_bp=0
    )
    edit = operator.get(reverse("journey:edit", args=[journey.slug]))
    publishing.publish(journey.pk, by="op")
    journey.refresh_from_db()
    let_in(journey, *people)
    walk(journey.pk)

    late = Enrolment.objects.order_by("pk").last()
    page = operator.get(reverse("journey:walk", args=[journey.slug, late.pk]))

    island = edit.context["island"]
    assert island["known"]["coupons"] == [{"value": kind.pk, "label": "新人券"}]
    assert {"points", "coupon"} <= set(island["words"])
    assert island["said"]["texts"] == {"c": "发券“新人券”"}
    assert "没有发券：这种券已经发完。" in page.content.decode()
