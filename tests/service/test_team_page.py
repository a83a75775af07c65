from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from homeground.service.models import Capacity, Cover, FollowUpRule, ReplyClock, Task, WorkMinutes
from homeground.service.services import rules, tasks
from homeground.service.services.tasks import Assignment
from tests.service.world_day import make_friend, make_staff, said, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules(db):
    rules.install_defaults()


@pytest.fixture
def lead(client):
    user = get_user_model().objects.create_user("lead")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="service"))
    client.force_login(user)
    return user


def test_who_needs_help_comes_first(client, lead):
    make_staff("calm", name="安")
    make_staff("busy", name="忙")
    tell(said("wm1", 0, userid="busy"))

    team = client.get("/service/team/").context["team"]

    assert [member.staff.userid for member in team.members] == ["busy", "calm"]
    assert (team.waiting, team.late) == (1, 1)
    assert [member.staff.userid for member in client.get("/service/team/?q=安").context["team"].members] == ["calm"]


@pytest.mark.parametrize("url", ["/service/team/", "/service/team/1", "/service/team/task", "/service/rules"])
def test_a_member_may_not_lead(client, url):
    user = get_user_model().objects.create_user("member")
    make_staff("li", user=user)
    client.force_login(user)

    assert client.get(url).status_code == 403
    client.logout()
    assert client.get(url).status_code == 302


def test_a_task_is_given_to_several_members_at_once(client, lead):
    staff = [make_staff("li"), make_staff("wang")]
    given = {"staff": [one.pk for one in staff], "title": "补拍门店照", "due_on": tasks.today(), "instructions": ""}

    assert client.post("/service/team/task", given).status_code == 302
    assert set(Task.objects.values_list("staff", "title")) == {(one.pk, "补拍门店照") for one in staff}


@pytest.mark.parametrize("wrong", [{"due_on": "2020-01-01"}, {"title": " "}, {"staff": []}, {"due_on": "soon"}])
def test_a_task_that_cannot_be_is_refused(client, lead, wrong):
    given = {"staff": [make_staff("li").pk], "title": "x", "due_on": tasks.today()} | wrong

    assert client.post("/service/team/task", given).status_code == 422
    assert not Task.objects.exists()


def test_what_will_not_fit_is_moved_postponed_or_shared(client, lead):
    li, wang = make_staff("li"), make_staff("wang")
    tasks.assign([_follow_up(li, number) for number in range(5)])
    url, tomorrow = f"/service/team/{li.pk}", tasks.today() + timedelta(days=1)

    client.post(url, {"how": "move", "count": 2, "to": wang.pk})
    client.post(url, {"how": "postpone", "count": 1, "until": tomorrow})
    client.post(url, {"how": "cover", "to": wang.pk, "until": tomorrow})

    assert Task.objects.filter(staff=wang, assigned_by="lead").count() == 2
    assert Task.objects.filter(staff=li, due_on=tomorrow).count() == 1
    assert Cover.objects.get().by == wang


@pytest.mark.parametrize(
    "wrong", [{}, {"how": "move", "count": 1}, {"how": "postpone", "count": 1}, {"how": "cover"}, {"how": "dance"}]
)
def test_an_arrangement_that_says_too_little_is_refused(client, lead, wrong):
    li = make_staff("li")
    tasks.assign([_follow_up(li, 1)])

    assert client.post(f"/service/team/{li.pk}", wrong).status_code == 422
    assert (Task.objects.get().staff, Task.objects.get().due_on) == (li, tasks.today())


def test_nobody_covers_themselves(client, lead):
    li = make_staff("li")

    assert (
        client.post(f"/service/team/{li.pk}", {"how": "cover", "to": li.pk, "until": tasks.today()}).status_code == 422
    )
    assert not Cover.objects.exists()


def test_a_lead_sets_clocks_minutes_capacity_and_intervals(client, lead):
    li = make_staff("li")
    page = client.get("/service/rules")
    assert page.status_code == 200

    clock = {"kind": "chat", "minutes": 5, "is_in_hours": "on", "starts": "09:00", "ends": "18:00", "weekdays": [1, 2]}
    assert _post(client, "clock", clock | {"valid_from": "2099-01-01T00:00", "source": "例会"}) == 302
    assert _post(client, "follow-up", {"basis": "tag", "value": "VIP", "days": 7, "rank": 5}) == 302
    assert _post(client, "capacity", {"staff": [li.pk], "minutes": 120, "weekdays": [1]}) == 302
    assert _post(client, "minutes", dict.fromkeys(WorkMinutes.objects.values_list("kind", flat=True), 2)) == 302
    assert _post(client, "retention", {"days": 30, "valid_from": "2099-01-01T00:00", "source": "例会"}) == 302

    assert ReplyClock.objects.filter(kind="chat", minutes=5, set_by="lead").exists()
    assert (FollowUpRule.objects.get(value="VIP").days, Capacity.objects.get().minutes) == (7, 120)
    assert set(WorkMinutes.objects.values_list("minutes", flat=True)) == {2}
    client.post(f"/service/rules/follow-up/{FollowUpRule.objects.get(value='VIP').pk}/remove")
    assert not FollowUpRule.objects.filter(value="VIP").exists()


@pytest.mark.parametrize(
    ("what", "wrong"),
    [
        ("clock", {"kind": "chat", "minutes": 5}), ("follow-up", {"basis": "tag", "value": "", "days": 7, "rank": 5}),
        ("follow-up", {"basis": "relation", "value": "two_way", "days": 7, "rank": 5}),
        ("capacity", {"staff": [], "minutes": 120, "weekdays": [1]}), ("minutes", {"wait": 0}),
        ("retention", {"days": 30, "valid_from": "2001-01-01T00:00", "source": "x"}),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_shown_with_its_reason(client, lead, what, wrong):
    assert _post(client, what, wrong) == 422


def _post(client, what, given):
    return client.post(f"/service/rules/{what}", given).status_code


def _follow_up(staff, number):
    friend = make_friend(staff, f"wm{number}")
    return Assignment(
        key=f"f{number}", staff_id=staff.pk, customer_id=friend.customer_id, title="", due_on=tasks.today(),
        kind="follow_up",
    )  # fmt: skip
