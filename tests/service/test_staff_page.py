from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import transaction
from django.template.loader import render_to_string

from homeground.channels.models import Channel
from homeground.core import time
from homeground.events.catalog.channels import MessageDelivered, MessageSent
from homeground.events.catalog.service import CustomerTouchedByStaff
from homeground.events.services import record
from homeground.service.models import CareItem, Cover, Task, Wait
from homeground.service.services import care, rules, tasks, tickets
from homeground.service.services.tasks import Assignment
from homeground.wecom.models import MassSend, MassSendTask, Moment, MomentPost
from tests.service.world_day import NOON, make_friend, make_staff, minutes, said, tell
from tests.support import drain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(monkeypatch, db):
    monkeypatch.setattr(time, "now", lambda: minutes(5))
    rules.install_defaults()


@pytest.fixture
def li(client):
    staff = _with_login(make_staff("li", name="李静"))
    client.force_login(staff.user)
    return staff


def test_a_stranger_is_sent_to_the_way_in_and_a_colleague_without_friends_is_told_why(client):
    assert client.get("/staff/").status_code == 302
    client.force_login(get_user_model().objects.create_user("clerk"))

    assert client.get("/staff/").status_code == 403


def test_the_whole_day_is_on_one_page(client, li):
    friend = make_friend(li, "wm1", "王小明")
    tell(said("wm1", 0, text="有货吗"))
    tasks.assign([_task(li, "a", friend)])
    send = MassSend.objects.create(key="s", msgid="m", content={"text": "上新啦"}, state="placed", **_ends())
    MassSendTask.objects.create(mass_send=send, staff=li)
    post = Moment.objects.create(key="p", content={"text": "早安"}, state="placed", **_ends())
    MomentPost.objects.create(moment=post, staff=li)
    care.plan_care(tasks.today())

    page = client.get("/staff/").content.decode()

    for words in ("王小明", "有货吗", "剩 5 分", "上新啦", "早安", "定期跟进", "朋友圈发表"):
        assert words in page
    assert client.get("/staff/now").status_code == 200


def test_a_member_sees_nobody_elses_work_and_may_not_touch_it(client, li):
    wang = make_staff("wang")
    make_friend(wang, "wm9", "别人的客户")
    tell(said("wm9", 0, userid="wang"))
    tasks.assign([_task(wang, "a")])
    wait, task = Wait.objects.get(), Task.objects.get()

    assert "别人的客户" not in client.get("/staff/").content.decode()
    assert client.post(f"/staff/waits/{wait.pk}/handled").status_code == 404
    assert client.post(f"/staff/tasks/{task.pk}/done").status_code == 404
    assert client.get(f"/staff/?as={wang.pk}").context["desk"].staff == li
    assert (Wait.objects.get().answered_at, Task.objects.get().state) == (None, "open")


def test_a_lead_looks_over_a_members_shoulder(client, li):
    _lead(client)

    assert client.get("/staff/").status_code == 302
    assert client.get(f"/staff/?as={li.pk}").context["desk"].staff == li
    assert client.get("/staff/?as=999999").status_code == 404


def test_what_a_lead_clicks_there_counts_for_the_member(client, li):
    make_friend(li)
    tell(said("wm1", 0))
    _lead(client)
    url = f"/staff/waits/{Wait.objects.get().pk}/handled"

    assert f"hx-vals='{{\"as\": {li.pk}}}'" in client.get(f"/staff/?as={li.pk}").content.decode()
    assert client.post(url).status_code == 404
    assert client.post(url, {"as": li.pk}).status_code == 200
    assert Wait.objects.get().answered_by == li
    asked = {"label": "小红", "at": "2026-03-10T12:00", "as": li.pk}
    assert client.post("/staff/requests", asked).url == f"/staff/?as={li.pk}"


def test_an_expert_solves_a_ticket_from_the_phone(client, li):
    stranger = make_friend(None, "wm1", "王小明")
    ticket = tickets.open_ticket(customer_id=stranger.customer_id, queue="expert", text="孕妇能用吗", by="boss")
    url = f"/staff/tickets/{ticket.pk}/"
    assert client.get(f"/staff/customers/{stranger.customer_id}").status_code == 404
    tickets.take(ticket.pk, staff_id=li.pk, by="boss")

    page = client.get("/staff/").content.decode()

    assert "孕妇能用吗" in page
    assert client.get(f"/staff/customers/{stranger.customer_id}").status_code == 200
    assert "写下怎么解决的" in client.post(url + "close", {"resolution": " "}).content.decode()
    assert "已结单" in client.post(url + "close", {"resolution": "成分表已发"}).content.decode()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.resolution, ticket.closed_by) == ("closed", "成分表已发", "wecom-li")
    assert client.get("/staff/").context["load"].part("ticket").done == 1
    assert "孕妇能用吗" in client.post(url + "undo").content.decode()
    assert client.get("/staff/").context["load"].part("ticket").open == 1


def test_who_covers_a_colleague_has_their_work_too(client, li):
    wang = make_staff("wang", name="王芳")
    make_friend(wang, "wm9", "王芳的客户")
    tell(said("wm9", 0, userid="wang"))
    Cover.objects.create(staff=wang, by=li, starts_on=tasks.today(), ends_on=tasks.today(), set_by="boss")

    page = client.get("/staff/").content.decode()

    assert "王芳的客户" in page
    assert "替 王芳" in page


def test_a_wait_is_handled_and_the_click_taken_back(client, li):
    make_friend(li)
    tell(said("wm1", 0))
    wait = Wait.objects.get()

    assert "撤销" in client.post(f"/staff/waits/{wait.pk}/handled").content.decode()
    assert Wait.objects.get().answered_by == li
    assert "已经处理过了" in client.post(f"/staff/waits/{wait.pk}/handled").content.decode()
    client.post(f"/staff/waits/{wait.pk}/undo")
    assert Wait.objects.get().answered_at is None


def test_a_task_is_done_skipped_for_a_reason_and_opened_again(client, li):
    tasks.assign([_task(li, "a", make_friend(li))])
    url = f"/staff/tasks/{Task.objects.get().pk}/"

    assert "请写明跳过的原因" in client.post(url + "skip", {"reason": " "}).content.decode()
    client.post(url + "skip", {"reason": "出差"})
    assert (Task.objects.get().state, Task.objects.get().reason) == ("skipped", "出差")
    client.post(url + "undo")
    client.post(url + "done")
    assert Task.objects.get().state == "done"


def test_care_is_ticked_and_unticked(client, li):
    make_friend(li)
    care.plan_care(tasks.today())
    url = f"/staff/care/{CareItem.objects.get().pk}/"

    client.post(url + "like")
    client.post(url + "back")
    assert (CareItem.objects.get().liked_at, CareItem.objects.get().responded_at) == (minutes(5), minutes(5))
    client.post(url + "like")
    assert CareItem.objects.get().liked_at is None
    assert client.post(url + "dance").status_code == 404
    assert "请写明" in client.post(url + "leave").content.decode()


def test_a_request_is_logged_and_counts_down(client, li):
    assert client.post("/staff/requests", {"label": "小红", "at": "2026-03-10T12:00"}).status_code == 302
    assert Wait.objects.get().due_at == minutes(30)
    assert client.post("/staff/requests", {"label": "", "at": "x"}).status_code == 422
    assert client.post("/staff/requests", {"label": "小红", "at": "2026-03-11T12:00"}).status_code == 422
    assert Wait.objects.count() == 1


def test_what_will_not_fit_is_said_softly(client, li):
    rules.set_capacity(li, 10, [1, 2, 3, 4, 5, 6])
    tasks.assign([_task(li, str(n), make_friend(li, f"wm{n}")) for n in range(5)])

    load = client.get("/staff/").context["load"]

    assert (load.planned_minutes, load.part("follow_up").fit, load.part("follow_up").beyond) == (20, 2, 3)
    assert "排不下" in client.get("/staff/").content.decode()


@pytest.mark.parametrize("bad", ["?skip=-1", "?skip=x", "?skip=99999999"])
def test_further_rows_of_nonsense_are_not_found(client, li, bad):
    assert client.get(f"/staff/more/wait{bad}").status_code == 404
    assert client.get("/staff/more/dance").status_code == 404


def test_further_rows_follow(client, li):
    tasks.assign([_task(li, str(n), make_friend(li, f"wm{n}")) for n in range(12)])

    assert client.get("/staff/").content.decode().count('id="follow_up-') == 10
    assert client.get("/staff/more/follow_up?skip=10").content.decode().count('id="follow_up-') == 2


def test_only_own_customers_have_a_card(client, li):
    own, other = make_friend(li, "wm1"), make_friend(make_staff("wang"), "wm2")

    assert client.get(f"/staff/customers/{own.customer_id}").status_code == 200
    assert client.get("/staff/sidebar?external_userid=wm1").status_code == 200
    assert client.get(f"/staff/customers/{other.customer_id}").status_code == 404
    assert client.get("/staff/sidebar?external_userid=wm2").status_code == 404
    assert client.get("/staff/sidebar?external_userid=nobody").status_code == 404
    assert client.post(f"/staff/customers/{other.customer_id}/note", {"text": "x"}).status_code == 404
    assert client.get(f"/staff/customers/{other.customer_id}/scripts").status_code == 404
    assert client.get("/staff/sidebar").status_code == 200


def test_a_friend_who_left_is_nobodys_own_any_more(client, li):
    friend = make_friend(li)
    li.follows.update(ended_at=NOON, ending="by_customer")

    assert client.get(f"/staff/customers/{friend.customer_id}").status_code == 404


def test_a_lead_opens_every_card(client, li):
    friend = make_friend(li)
    _lead(client)

    assert client.get(f"/staff/customers/{friend.customer_id}").status_code == 200


def test_words_are_for_the_member_and_those_who_may_read_them(client, li):
    friend = make_friend(li)
    tell(said("wm1", 0, text="我的隐私"))
    url = f"/staff/customers/{friend.customer_id}"

    assert "我的隐私" in client.get(url).content.decode()
    _lead(client)
    assert "我的隐私" not in client.get(url).content.decode()
    _lead(client, "read_chats")
    assert "我的隐私" in client.get(url).content.decode()


def test_the_card_is_written_on(client, li):
    friend = make_friend(li)
    url = f"/staff/customers/{friend.customer_id}/"

    for what, given in {
        "tag": {"name": "干皮"}, "note": {"text": "喜欢无香型"}, "limit": {"text": "不要提前任"},
        "ticket": {"queue": "after_sales", "text": "面霜漏了一瓶"},
        "interval": {"days": "21"}, "birthday": {"calendar": "lunar", "birthday": "八月十五"},
    }.items():  # fmt: skip
        page = client.post(url + what, given).content.decode()
        assert client.get(url[:-1]).status_code == 200
        assert "staff-refusal" not in page

    for words in ("干皮", "喜欢无香型", "不要提前任", 'value="21"', "八月十五"):
        assert words in page
    assert "干皮" not in client.post(url + "untag", {"name": "干皮"}).content.decode()


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("tag", {"name": " "}), ("note", {"text": ""}),
        ("ticket", {"queue": "nobody", "text": "x"}), ("limit", {"text": "x" * 101}), ("interval", {"days": "-1"}),
        ("interval", {"days": "soon"}), ("birthday", {"calendar": "lunar", "birthday": "中秋"}),
        ("birthday", {"calendar": "solar", "birthday": "1990-02-30"}), ("birthday", {"calendar": "moon"}),
        ("lift", {"limit": "x"}),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_on_the_card(client, li, what, given):
    friend = make_friend(li)

    answer = client.post(f"/staff/customers/{friend.customer_id}/{what}", given)

    assert answer.status_code == 200
    assert "staff-refusal" in answer.content.decode()


def _with_login(staff):
    staff.user = get_user_model().objects.create_user(f"wecom-{staff.userid}")
    staff.save()
    return staff


def _lead(client, *more):
    user = get_user_model().objects.create_user(f"lead{len(more)}")
    names = ["lead_team", "view_task", "assign_task", *more]
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="service", codename__in=names))
    client.force_login(user)
    return user


def _task(staff, key, friend=None):
    return Assignment(
        key=key, staff_id=staff.pk, customer_id=friend and friend.customer_id, title="", due_on=tasks.today(),
        kind="follow_up" if friend else "hand",
    )  # fmt: skip


def _ends():
    return {"asked_at": NOON, "expires_at": NOON + timedelta(days=1)}


def test_a_script_with_blanks_is_copied_and_filled_never_sent_as_it_is() -> None:
    reply = SimpleNamespace(pk=1, title="报价")
    shown = {"customer": SimpleNamespace(pk=2), "scripts": [(reply, "这款现在是____元。", "常用")]}
    html = render_to_string("service/staff/scripts.html", shown)

    assert "data-copy" in html
    assert "data-send" not in html
    assert "有空格要填" in html


@pytest.mark.django_db(transaction=True)
def test_the_card_tells_what_a_customer_got_lately(client, li):
    friend = make_friend(li)
    Channel.objects.update_or_create(
        slug="wecom_mass", defaults={"name": "企业微信群发", "kind": "wecom_mass", "address_kinds": []}
    )
    touch = {"customer_id": friend.customer_id, "touch_id": 7, "channel": "wecom_mass"}
    with transaction.atomic():
        record(
            MessageSent(**touch, happened_at=minutes(1), cause="a"),
            MessageDelivered(**touch, happened_at=minutes(2), cause="b"),
            CustomerTouchedByStaff(
                customer_id=friend.customer_id, happened_at=minutes(3), cause="c", userid="li", kind="birthday"
            ),
            MessageSent(**touch | {"touch_id": 8}, happened_at=minutes(-200 * 24 * 60), cause="d"),
        )
    drain()

    page = client.get(f"/staff/customers/{friend.customer_id}/touches").content.decode()

    assert page.count("<li>") == 2
    assert page.index("生日祝福") < page.index("企业微信群发 · 消息已送达")
