"""Pages of the corp, as an operator's browser asks for them."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission, User

from homeground.core import time
from homeground.sandbox.models import (
    AppMessage,
    ChatMessage,
    Contact,
    Corp,
    CorpCallback,
    Fault,
    Friendship,
    GroupChat,
    KfAccount,
    Member,
    MomentReaction,
    MomentTask,
    OAuthCode,
)
from homeground.sandbox.services.callbacks import events, tell
from homeground.sandbox.services.playing_corp import chats, friends, groups, sends
from homeground.sandbox.services.wecom import clock
from homeground.sandbox.services.wecom import corp as corps
from tests.sandbox.playing.world import befriend, make_contact, make_link, make_member, make_way

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "phone-screen"}


@pytest.fixture
def operator(client):
    def sign_in(*codenames: str):
        user = User.objects.create_user("operator")
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def browser(operator):
    return operator("view_phone", "play_phone")


@pytest.fixture
def world(db):
    corps.corp()
    member, contact = make_member(), make_contact()
    tie = befriend(contact, member)
    chats.say(tie, "在吗 https://shop.example/a", is_from_customer=True)
    room = groups.create(member, "福利群", [contact])
    groups.announce(room, "今晚八点")
    sends.post_own(member, "换季护肤三步")
    KfAccount.objects.create(open_kfid="wk1", name="客服小助手")
    card = {
        "title": "今天 3 件事",
        "description": "先回复 2 位客户",
        "url": "https://x.example/staff/",
        "btntxt": "去看看",
    }
    AppMessage.objects.create(msgid="1", member=member, msgtype="textcard", content=card, sent_at=time.now())
    return member, contact, tie, room


def staff(member: Member, rest: str = "") -> str:
    return f"/sandbox/wecom/staff/{member.pk}{rest}"


def customer(contact: Contact, rest: str = "") -> str:
    return f"/sandbox/wecom/customers/{contact.pk}{rest}"


def test_a_stranger_may_not(client, operator, world):
    member, contact, *_rest = world
    way = make_way(member)
    pages = ["/sandbox/wecom/", "/sandbox/wecom/size", "/sandbox/wecom/outbox", "/sandbox/wecom/staff/"]
    pages += ["/sandbox/wecom/customers/", staff(member), customer(contact), f"/sandbox/wecom/scan/{way.config_id}"]
    pages += ["/sandbox/wecom/connect/oauth2/authorize", "/sandbox/wecom/picture/x"]
    settings = ("callback", "clock", "rules", "callback-fault", "api-fault", "tokens", "archive", "simulate", "live")
    actions = [f"/sandbox/wecom/{name}" for name in settings]
    actions += ["/sandbox/wecom/staff/hire", "/sandbox/wecom/customers/new", staff(member, "/resign")]
    actions += [customer(contact, "/part"), "/sandbox/wecom/outbox/1/again"]
    assert {client.get(path).status_code for path in pages} == {302}
    assert {client.post(path).status_code for path in actions} == {302}
    nobody = operator()
    assert {nobody.get(path).status_code for path in pages} == {403}
    assert {nobody.post(path).status_code for path in actions} == {403}
    assert Member.objects.get().resigned_at is None


def test_who_may_only_look_sees_neither_secrets_nor_buttons(operator, world):
    member, _contact, tie, _room = world
    looker = operator("view_phone")
    assert Corp.objects.get().contact_secret not in looker.get("/sandbox/wecom/").content.decode()
    page = looker.get(staff(member, f"?screen=chat&id={tie.pk}")).content.decode()
    assert "在吗" in page
    assert "composer" not in page
    way = make_way(member)
    assert looker.post(f"/sandbox/wecom/scan/{way.config_id}", {"contact": 1}).status_code == 403


STAFF_SCREENS = ["chats", "new_group", "customers", "tasks", "own_send", "moments", "app"]
CUSTOMER_SCREENS = ["chats", "contacts", "moments", "scan"]


def test_every_screen_stands_whole_and_in_parts(browser, world):
    member, contact, tie, room = world
    account = KfAccount.objects.get()
    addresses = [staff(member, f"?screen={name}") for name in STAFF_SCREENS]
    addresses += [staff(member, f"?screen=chat&id={tie.pk}"), staff(member, f"?screen=customer&id={tie.pk}")]
    addresses += [staff(member, f"?screen={name}&id={room.pk}") for name in ("group", "group_info")]
    addresses += [customer(contact, f"?screen={name}") for name in CUSTOMER_SCREENS]
    addresses += [customer(contact, f"?screen={name}&id={tie.pk}") for name in ("chat", "member")]
    addresses += [customer(contact, f"?screen=group&id={room.pk}"), customer(contact, f"?screen=kf&id={account.pk}")]
    for address in addresses:
        assert "handset" in browser.get(address).content.decode()
        screen = browser.get(address, headers=HTMX).content.decode()
        assert screen.lstrip().startswith('<div class="screen"')
        body = browser.get(address, headers=HTMX | {"HX-Target": "phone-body"}).content.decode()
        assert body.lstrip().startswith('<div class="screen-body')


def test_what_is_not_there_is_not_found(browser, world):
    member, contact, tie, room = world
    other, stranger = make_member("li"), make_contact()
    for address in (
        staff(member, "?screen=nowhere"),
        staff(member, "?screen=chat&id=x"),
        staff(member, "?screen=chat"),
        staff(other, f"?screen=chat&id={tie.pk}"),
        staff(other, f"?screen=group&id={room.pk}"),
        customer(stranger, f"?screen=chat&id={tie.pk}"),
        customer(contact, f"?screen=chat&id={10**30}"),
        "/sandbox/wecom/staff/999999",
        "/sandbox/wecom/scan/nothing",
    ):
        assert browser.get(address).status_code == 404, address
    assert browser.post(staff(member, "/fly")).status_code == 404
    assert browser.post(staff(other, "/say"), {"id": tie.pk, "text": "x"}).status_code == 404


def test_a_customer_scans_and_a_member_accepts_and_both_write(browser, world):
    member, *_rest = world
    contact, way = make_contact("阿树"), make_way(member)
    screen = browser.post(
        customer(contact, "/scan_code"), {"code": f"https://x/sandbox/wecom/qr/{way.config_id}"}, headers=HTMX
    )
    assert screen.status_code == 200
    page = browser.get(staff(member, "?screen=customers"), headers=HTMX).content.decode()
    assert "阿树" in page
    request = contact.friend_requests.get()
    chat = browser.post(staff(member, "/accept"), {"request": request.pk}, headers=HTMX).content.decode()
    assert "打个招呼" in chat
    tie = Friendship.objects.get(contact=contact)
    browser.post(staff(member, "/say"), {"screen": "chat", "id": tie.pk, "text": "您好"}, headers=HTMX)
    answer = browser.post(
        customer(contact, "/say"), {"screen": "chat", "id": tie.pk, "text": "<b>好</b>"}, headers=HTMX
    )
    assert "&lt;b&gt;好" in answer.content.decode()
    assert ChatMessage.objects.filter(friendship=tie).count() == 2


def test_a_refusal_is_said_and_the_phone_stays(browser, world):
    member, contact, tie, _room = world
    friends.part(tie, by_customer=True)
    given = {"screen": "chat", "id": tie.pk, "text": "在吗"}
    answer = browser.post(staff(member, "/say"), given, headers=HTMX)
    assert answer.status_code == 200
    assert "消息无法送达" in answer.content.decode()
    page = browser.post(customer(contact, "/scan_code"), {"screen": "scan", "code": "nothing"}, follow=True)
    assert "这个码已失效" in page.content.decode()


def test_staff_edit_send_publish_and_keep_groups(browser, world):
    member, contact, tie, room = world
    browser.post(
        staff(member, "/edit"), {"id": tie.pk, "remark": "小鹿-静安", "mobiles": "13800000001，139", "tags": ["no"]}
    )
    tie.refresh_from_db()
    assert (tie.remark, tie.remark_mobiles, tie.tag_ids) == ("小鹿-静安", ["13800000001", "139"], [])
    browser.post(staff(member, "/send_own"), {"text": "早安"})
    assert ChatMessage.objects.filter(friendship=tie, is_broadcast=True).exists()
    browser.post(staff(member, "/post_own"), {"text": "新品"})
    post = MomentTask.objects.latest("pk")
    browser.post(customer(contact, "/like"), {"task": post.pk})
    browser.post(customer(contact, "/comment"), {"task": post.pk, "text": "求链接"})
    browser.post(staff(member, "/comment"), {"task": post.pk, "text": "私信您了"})
    assert MomentReaction.objects.filter(moment=post.moment).count() == 3
    browser.post(staff(member, "/make_group"), {"name": "老友群", "customers": [tie.pk]})
    made = GroupChat.objects.latest("pk")
    assert made.members.count() == 2
    browser.post(staff(member, "/change_group"), {"id": made.pk, "name": "新友群", "notice": "欢迎"})
    browser.post(customer(contact, "/say_in_group"), {"id": made.pk, "text": "在吗", "mention": member.pk})
    assert ChatMessage.objects.get(chat=made).mentions == ["zhang"]
    browser.post(staff(member, "/remove"), {"id": made.pk, "contact": contact.pk})
    browser.post(staff(member, "/dismiss"), {"id": made.pk})
    made.refresh_from_db()
    assert (made.name, made.notice, made.dismissed_at is None) == ("新友群", "欢迎", False)
    browser.post(customer(contact, "/leave"), {"id": room.pk})
    assert not room.members.filter(contact=contact, left_at=None).exists()
    browser.post(staff(member, "/resign"))
    member.refresh_from_db()
    assert member.resigned_at


def test_a_member_and_a_passer_by_are_added(browser, world):
    page = browser.post("/sandbox/wecom/staff/hire", {"userid": "wang.w", "name": "王五"}, follow=True)
    assert "王五" in page.content.decode()
    assert (
        "已被使用"
        in browser.post("/sandbox/wecom/staff/hire", {"userid": "WANG.W", "name": "x"}, follow=True).content.decode()
    )
    browser.post("/sandbox/wecom/staff/hire", {"userid": "有空 格", "name": "x"})
    assert Member.objects.count() == 2
    browser.post("/sandbox/wecom/customers/new", {"name": "路人", "mobile": "13800000009"})
    assert Contact.objects.latest("pk").mobile == "13800000009"
    browser.post("/sandbox/wecom/customers/new", {"name": ""})
    assert Contact.objects.count() == 2
    assert "路人" in browser.get("/sandbox/wecom/customers/", {"q": "路"}).content.decode()
    assert "没有这样的员工" in browser.get("/sandbox/wecom/staff/", {"q": "zzz"}).content.decode()


def test_the_corp_page_shows_secrets_and_changes_the_corp(browser, world):
    page = browser.get("/sandbox/wecom/").content.decode()
    assert Corp.objects.get().contact_secret in page
    browser.post("/sandbox/wecom/clock", {"seconds": "3600"})
    browser.post("/sandbox/wecom/clock", {"seconds": "-99999999"})
    assert timedelta(minutes=59) < clock.now() - time.now() < timedelta(minutes=61)
    fault = {"callback_fault": "duplicate", "callback_faults_left": 2, "callback_delay_seconds": 5}
    browser.post("/sandbox/wecom/callback-fault", fault)
    browser.post("/sandbox/wecom/callback-fault", fault | {"callback_faults_left": -1})
    assert Corp.objects.get().callback_faults_left == 2
    api = {"api": "externalcontact/get", "kind": "broken", "errcode": -1, "seconds": 1, "times_left": 3}
    browser.post("/sandbox/wecom/api-fault", api)
    assert "还有 3 次" in browser.get("/sandbox/wecom/").content.decode()
    browser.post("/sandbox/wecom/api-fault", {"remove": "1"})
    assert not Fault.objects.exists()
    browser.post("/sandbox/wecom/archive", {"is_on": "on", "token": "hg_x"})
    assert Corp.objects.get().is_archiving
    assert "hg_x" not in Corp.objects.get().sealed_archive_token
    rules = {"mass_rule": "1_per_day", "dispatch_seconds": 0, "calls_per_minute": 5, "calls_per_hour": 50}
    browser.post("/sandbox/wecom/rules", rules)
    assert Corp.objects.get().mass_rule == "1_per_day"
    page = browser.post("/sandbox/wecom/callback", {"url": "http://127.0.0.1:9/x"})
    assert "回调地址没有通过验证" in page.content.decode()
    browser.post("/sandbox/wecom/callback", {"url": ""})
    assert Corp.objects.get().callback_url == ""
    assert "1" in browser.get("/sandbox/wecom/size").content.decode()


def test_a_dropped_callback_is_sent_again_from_the_list(browser, world):
    Corp.objects.update(callback_fault="fail", callback_faults_left=1)
    tell(events.contact("del_follow_user", "zhang", "wm1"))
    row = CorpCallback.objects.latest("pk")
    assert "已丢弃" in browser.get("/sandbox/wecom/outbox").content.decode()
    browser.post(f"/sandbox/wecom/outbox/{row.pk}/again", headers={"HX-Request": "true"})
    row.refresh_from_db()
    assert row.state == CorpCallback.State.WAITING


def test_a_real_scan_asks_whose_phone_it_is(browser, world):
    member, *_rest = world
    contact, link = make_contact("阿树"), make_link(member)
    address = f"/sandbox/wecom/ca/{link.link_id}?customer_channel=weibo"
    assert "阿树" in browser.get(address).content.decode()
    browser.post(address, {"contact": contact.pk})
    assert Friendship.objects.get(contact=contact).state == "weibo"


AUTHORIZE = "/sandbox/wecom/connect/oauth2/authorize"


def test_signing_in_gives_a_code_for_whom_one_chose(browser, world):
    member, contact, *_rest = world
    Corp.objects.update(callback_url="http://testserver/callbacks/wecom/contact")
    back = "http://testserver/staff/return?next=%2Fstaff%2F"
    query = {"appid": Corp.objects.get().corpid, "redirect_uri": back, "state": "abc", "response_type": "code"}
    browser.get(staff(member))
    assert "刚才用的手机" in browser.get(AUTHORIZE, query).content.decode()
    for who in (f"member:{member.pk}", f"contact:{contact.pk}", "nobody"):
        answer = browser.post(f"{AUTHORIZE}?{_encoded(query)}", {"who": who})
        code = OAuthCode.objects.latest("pk")
        assert answer["Location"] == f"http://testserver/staff/return?next=%2Fstaff%2F&code={code.code}&state=abc"
    assert list(OAuthCode.objects.order_by("pk").values_list("member", "contact")) == [
        (member.pk, None),
        (None, contact.pk),
        (None, None),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"appid": "ww0"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": ""},
        {"state": "a b"},
        {"state": "a" * 129},
    ],
)
def test_signing_in_for_somebody_else_is_refused(browser, world, wrong):
    Corp.objects.update(callback_url="http://testserver/callbacks/wecom/contact")
    query = {"appid": Corp.objects.get().corpid, "redirect_uri": "http://testserver/x", "state": "abc"} | wrong
    assert browser.get(AUTHORIZE, query).status_code == 400
    assert browser.post(f"{AUTHORIZE}?{_encoded(query)}", {"who": "nobody"}).status_code == 400
    assert not OAuthCode.objects.exists()


def _encoded(query: dict[str, str]) -> str:
    return urlencode(query)
