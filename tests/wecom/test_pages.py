"""The console's pages of the corp: who may, what they show, what their buttons do."""

import pytest
from django.contrib.auth.models import Permission, User
from django.template import Context, Template

from homeground.core import time
from homeground.people.models import Consent
from homeground.people.services import ConsentDecision, decide_consent
from homeground.wecom.models import App, Callback, Corp, DriftReport, Follow, Staff
from homeground.wecom.services import drift, sync
from tests.wecom.sealing import AES_KEY, CORPID, TOKEN, post, told

T0 = 1760000000


@pytest.fixture
def operator(transactional_db, client):
    """Signs in a user with these permissions."""

    def sign_in(*codenames: str):
        user = User.objects.create_user(f"operator-{User.objects.count()}")
        user.user_permissions.set(Permission.objects.filter(content_type__app_label="wecom", codename__in=codenames))
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def boss(transactional_db, client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/wecom/"), ("get", "/wecom/connect"), ("post", "/wecom/connect"), ("post", "/wecom/sync"),
        ("get", "/wecom/sync-card"), ("get", "/wecom/consent"), ("post", "/wecom/consent"),
        ("get", "/wecom/callbacks/"),
        ("post", "/wecom/callbacks/replay"), ("get", "/wecom/callbacks/1"), ("post", "/wecom/callbacks/1/replay"),
        ("get", "/wecom/staff/"), ("get", "/wecom/staff/1/user"), ("post", "/wecom/staff/1/sync"),
        ("get", "/wecom/drift"),
        ("post", "/wecom/drift/compare"),
    ],
)  # fmt: skip
def test_a_stranger_may_not(client, operator, method, path):
    assert getattr(client, method)(path).status_code == 302
    assert getattr(operator(), method)(path).status_code == 403


def test_before_a_corp_is_connected_the_page_shows_the_way(boss):
    page = boss.get("/wecom/").content.decode()

    assert "homeground sandbox credentials --json | homeground wecom connect" in page
    assert boss.get("/wecom/connect?sandbox=1").status_code == 200


def test_the_owner_connects_a_corp_and_secrets_are_never_shown(boss, small, monkeypatch):
    Corp.objects.all().delete()
    App.objects.all().delete()
    given = {"corpid": CORPID, "contact_secret": "s3cret-contact", "token": TOKEN, "aes_key": AES_KEY,
             "base_url": "http://127.0.0.1:9/sandbox/wecom/"}  # fmt: skip

    answer = boss.post("/wecom/connect", given)

    assert answer.status_code == 302
    assert Corp.objects.get().corpid == CORPID
    page = boss.get("/wecom/connect").content.decode()
    assert "s3cret-contact" not in page
    assert AES_KEY not in page

    again = boss.post("/wecom/connect", {"corpid": CORPID, "base_url": given["base_url"], "name": "小店"})
    assert again.status_code == 302
    assert Corp.objects.get().name == "小店"


def test_a_refused_secret_is_said_in_the_form(boss, small):
    Corp.objects.all().delete()
    App.objects.all().delete()
    small.failures["gettoken"] = [40001]

    answer = boss.post("/wecom/connect", {"corpid": "ww1", "contact_secret": "x", "base_url": "http://127.0.0.1:9/"})

    assert answer.status_code == 422
    assert "40001" in answer.content.decode()
    assert not Corp.objects.exists()


def test_the_overview_shows_how_things_stand(boss, small):
    small.befriend("a", "wm1", T0)
    sync.run(full=True)
    drift.compare()

    page = boss.get("/wecom/").content.decode()

    assert "与平台一致" in page
    assert "externalcontact/batch/get_by_user" in page
    assert "callbacks/wecom/contact" in page
    assert boss.get("/wecom/sync-card").status_code == 200


def test_the_buttons_have_a_worker_sync_and_compare(boss, small):
    from procrastinate.contrib.django.models import ProcrastinateJob

    small.befriend("a", "wm1", T0)
    sync.run(full=True)
    boss.post("/wecom/sync", {"full": "1"})
    boss.post("/wecom/sync", {"full": "0"})
    boss.post("/wecom/drift/compare")
    boss.post(f"/wecom/staff/{Staff.objects.get().pk}/sync", {"next": "drift"})

    jobs = set(ProcrastinateJob.objects.filter(status="todo").values_list("task_name", flat=True))
    assert {"wecom.sync", "wecom.compare", "wecom.sync_member"} <= jobs
    assert ProcrastinateJob.objects.filter(task_name="wecom.sync").count() == 1


def test_callbacks_are_listed_narrowed_shown_and_replayed(boss, small):
    post(boss, told("change_external_contact", "del_follow_user", T0, UserID="a", ExternalUserID="wm1"))
    post(boss, told("something_new", "odd", T0))
    Callback.objects.filter(subject="wm1").update(state="failed", error="why")
    found = Callback.objects.get(subject="wm1")

    assert "something_new.odd" in boss.get("/wecom/callbacks/?state=unknown").content.decode()
    page = boss.get("/wecom/callbacks/?state=failed&q=wm1").content.decode()
    assert "客户删除员工" in page
    assert "something_new" not in page
    shown = boss.get(f"/wecom/callbacks/{found.pk}").content.decode()
    assert "&lt;ExternalUserID&gt;" in shown

    boss.post(f"/wecom/callbacks/{found.pk}/replay")
    found.refresh_from_db()
    assert (found.state, found.attempts) == ("waiting", 0)
    Callback.objects.filter(pk=found.pk).update(state="failed")
    boss.post("/wecom/callbacks/replay")
    found.refresh_from_db()
    assert found.state == "waiting"
    assert boss.post("/wecom/callbacks/999999/replay").status_code == 302


@pytest.mark.parametrize("query", ["?after=made-up", "?state=x&event=y", "?q=%00", "?before=AAAA"])
@pytest.mark.parametrize("path", ["/wecom/callbacks/", "/wecom/staff/", "/wecom/drift"])
def test_made_up_addresses_are_no_failure(boss, corp, path, query):
    assert boss.get(path + query).status_code == 200


def test_a_member_is_linked_to_one_user_and_a_user_to_one_member(boss, corp):
    first, second = Staff.objects.create(userid="a", name="小安"), Staff.objects.create(userid="b")
    user = User.objects.create_user("anan")

    assert boss.post(f"/wecom/staff/{first.pk}/user", {"user": user.pk}).status_code == 302
    refused = boss.post(f"/wecom/staff/{second.pk}/user", {"user": user.pk})

    assert refused.status_code == 422
    assert list(Staff.objects.order_by("pk").values_list("user__username", flat=True)) == ["anan", None]
    assert "anan" in boss.get("/wecom/staff/?q=小安").content.decode()
    boss.post(f"/wecom/staff/{first.pk}/user", {"user": ""})
    assert Staff.objects.get(pk=first.pk).user is None


def test_the_report_names_what_differs_and_offers_to_mend_it(boss, small):
    small.befriend("a", "wm1", T0)
    sync.run(full=True)
    small.befriend("a", "wm2", T0 + 5)
    drift.compare()

    page = boss.get("/wecom/drift").content.decode()

    assert "wm2" in page
    assert "没有收到回调" in page
    assert "重新同步这位员工" in page
    assert DriftReport.objects.get().differences == 1


def test_existing_friends_are_recorded_once_with_the_reason_and_whoever_refused_stays_out(boss, small):
    for number in range(3):
        small.befriend("a", f"wm{number}", T0)
    sync.run(full=True)
    refuser = Follow.objects.get(contact__external_userid="wm0").contact.customer_id
    decide_consent([ConsentDecision(refuser, "promotion", "*", False, {}, "test", time.now())])

    assert boss.post("/wecom/consent", {"reason": "短"}).status_code == 422
    assert not Consent.objects.filter(is_granted=True).exists()
    for _repeat in range(2):
        assert boss.post("/wecom/consent", {"reason": "海报写明添加即同意接收优惠，编号 HB-0312"}).status_code == 302

    granted = Consent.objects.filter(is_granted=True)
    assert granted.count() == 2
    assert {(row.channel, row.purpose, row.proof["by"]) for row in granted} == {("wecom", "promotion", "boss")}
    assert not granted.filter(customer=refuser).exists()


def test_the_customer_page_gets_a_card_of_friends_now_and_before(small):
    small.tag_groups = [{"group_id": "g", "group_name": "意向", "tag": [{"id": "et1", "name": "高"}]}]
    small.befriend("a", "wm1", T0, tags=[{"tag_id": "et1", "type": 1}], remark="常客")
    small.befriend("b", "wm1", T0)
    sync.run(full=True)
    small.part("b", "wm1")
    sync.run(full=True)
    customer = Follow.objects.first().contact.customer_id

    card = Template("{% load wecom %}{% on_wecom_card customer %}").render(Context({"customer": customer}))

    assert "员工a" in card
    assert "常客" in card
    assert "同步时平台上已没有" in card


pytestmark = pytest.mark.django_db(transaction=True)
