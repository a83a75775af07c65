"""The scorecard's pages: shares with their denominators, goals with their source, CSV that cannot run."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from homeground.core import time
from homeground.service.models import ScoreCount, ScoreGoal
from homeground.service.services.rules import install_defaults
from homeground.service.services.scorecard import install_goals
from tests.service.scorecard.test_counting import befriend, buy, make_staff, wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.force_login(get_user_model().objects.create_superuser("boss"))
    return client


@pytest.fixture
def shop(db):
    install_goals()
    install_defaults()
    staff, other = make_staff("小林"), make_staff("=SUM(1)", "二店")
    now = time.now()
    contact = befriend(staff)
    befriend(other)
    buy(contact.customer, now)
    wait(staff, at=now - timezone.timedelta(hours=1))
    wait(staff, at=now - timezone.timedelta(hours=1), minutes=None)
    return staff


def test_without_staff_the_page_teaches(boss):
    assert "还没有员工" in boss.get("/service/scorecard").content.decode()


def test_shares_stand_with_their_denominators_goals_and_limits(boss, shop):
    page = boss.get("/service/scorecard").content.decode()
    card = boss.get("/service/scorecard/card").content.decode()

    assert "50.0%" in card
    assert "1 / 2" in card
    assert "被客户删除" in card
    assert "哪些测不准" in page
    assert "没有任何接口能给客户的朋友圈点赞或评论" in page


@pytest.mark.parametrize(
    "query",
    [
        "weeks=13",
        "department=一店",
        "staff={pk}",
        "by=tag",
        "by=segment",
        "weeks=x&staff=y&by=z&department=%00&segments=9",
    ],
)
def test_every_choice_is_a_page(boss, shop, query):
    for page in ("scorecard", "scorecard/card", "scorecard/audiences", "scorecard"):
        assert boss.get(f"/service/{page}?{query.format(pk=shop.pk)}").status_code == 200


def test_the_page_counts_nothing_itself_and_shows_what_its_parts_counted_with_the_moment(boss, shop):
    first = boss.get("/service/scorecard?by=tag").content.decode()
    assert first.count("skeleton") == 4
    assert 'hx-get="/service/scorecard/card?by=tag" hx-trigger="load"' in first
    assert 'hx-get="/service/scorecard/audiences?by=tag" hx-trigger="load"' in first

    parts = [boss.get(f"/service/scorecard/{part}?by=tag").content.decode() for part in ("card", "audiences")]
    ScoreCount.objects.update(fresh_until=time.now() + timedelta(hours=1))
    page = boss.get("/service/scorecard?by=tag").content.decode()

    assert all("统计于" in part and "hx-get" not in part for part in parts)
    assert "50.0%" in page
    assert page.count("统计于") == 2
    assert not any(sign in page for sign in ("skeleton", "正在更新", 'hx-trigger="load"'))

    ScoreCount.objects.update(fresh_until=time.now())
    old = boss.get("/service/scorecard?by=tag").content.decode()
    assert old.count("正在更新") == old.count('hx-trigger="load"') == 2
    assert "50.0%" in old


def test_one_member_shows_that_members_card(boss, shop):
    answer = boss.get(f"/service/scorecard/card?staff={shop.pk}")

    assert answer.context["card"].title == "小林"
    assert [line.title for line in answer.context["lines"]] == ["小林"]


def test_the_csv_has_counts_beside_shares_and_runs_nothing(boss, shop):
    answer = boss.get("/service/scorecard.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode().lstrip("\ufeff"))))

    assert answer["Content-Type"].startswith("text/csv")
    assert len({len(row) for row in rows}) == 1
    brand = dict(zip(rows[0], rows[1], strict=True))
    assert (brand["回复及时率"], brand["回复及时率：符合"], brand["回复及时率：分母"]) == ("0.5000", "1", "2")
    assert "'=SUM(1)" in [row[1] for row in rows]


def test_a_goal_is_added_from_today_on(boss, shop):
    today = time.day_of(time.now(), "Asia/Shanghai").isoformat()
    boss.post(
        "/service/scorecard/goals", {"metric": "answered", "percent": "92.5", "valid_on": today, "source": "店长会"}
    )

    assert ScoreGoal.objects.filter(metric="answered", share_bp=9250, set_by="boss").exists()


@pytest.mark.parametrize(
    "fields", [{"percent": "0"}, {"percent": "101"}, {"valid_on": "2020-01-01"}, {"source": ""}, {"metric": "x"}]
)
def test_a_goal_that_does_not_fit_is_said_in_the_form(boss, shop, fields):
    before = ScoreGoal.objects.count()
    given = {"metric": "answered", "percent": "90", "valid_on": "2099-01-01", "source": "x"} | fields

    assert boss.post("/service/scorecard/goals", given).status_code == 422
    assert ScoreGoal.objects.count() == before


def test_who_may_look_may_not_set_goals(client, shop):
    user = get_user_model().objects.create(username="looks")
    user.user_permissions.add(*_permissions("view_scorecard"))
    client.force_login(user)

    assert client.get("/service/scorecard").status_code == 200
    assert client.post("/service/scorecard/goals", {}).status_code == 403


@pytest.mark.parametrize("path", ["", "/card", "/audiences", ".csv", "/goals"])
def test_a_stranger_may_not_look(client, path):
    path = f"/service/scorecard{path}"
    assert client.get(path).status_code == 302
    client.force_login(get_user_model().objects.create(username="nobody"))
    assert client.get(path).status_code == 403


def _permissions(*names):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=names, content_type__app_label="service")
