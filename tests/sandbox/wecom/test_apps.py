"""Identity, tickets, files, messages to members and customer service."""

import hashlib
import io

import pytest

from homeground.sandbox.models import AppMessage, KfAccount, KfMessage, KfToken, Media
from homeground.sandbox.services.wecom import clock, corp, login
from homeground.sandbox.services.wecom.ids import new
from tests.sandbox.wecom.corp import PNG, Caller, befriend, make_contact, make_department, make_media, make_member


def visitor(caller, code: str) -> dict:
    return caller.get("auth/getuserinfo", code=code)


def test_a_member_is_known_by_a_code_used_once_within_five_minutes(caller, zhang):
    zhang.mobile = "13800000000"
    zhang.save()
    code = login.code_for(member=zhang, is_private=True)
    found = visitor(caller, code)
    assert found["userid"] == "ZhangSan"
    assert visitor(caller, code)["errcode"] == 42022
    assert caller.post("auth/getuserdetail", user_ticket=found["user_ticket"])["mobile"] == "13800000000"
    assert caller.post("auth/getuserdetail", user_ticket="x")["errcode"] == 84015
    late = login.code_for(member=zhang)
    clock.shift(300)
    assert visitor(caller, late)["errcode"] == 42003
    assert visitor(caller, "x")["errcode"] == 40029
    clock.shift(1500)
    assert caller.post("auth/getuserdetail", user_ticket=found["user_ticket"])["errcode"] == 84014


def test_without_the_private_scope_there_is_no_ticket(caller, zhang):
    assert "user_ticket" not in visitor(caller, login.code_for(member=zhang))
    assert caller.get("user/getuserinfo", code=login.code_for(member=zhang))["UserId"] == "ZhangSan"


def test_a_customer_is_known_only_to_those_who_follow(caller, zhang):
    friend, stranger = befriend(zhang).contact, make_contact()
    assert visitor(caller, login.code_for(contact=friend))["external_userid"] == friend.external_userid
    assert "external_userid" not in visitor(caller, login.code_for(contact=stranger))
    assert visitor(caller, login.code_for())["openid"]


def test_tickets_last_two_hours_and_differ_by_use(caller):
    first = caller.get("get_jsapi_ticket")
    assert caller.get("get_jsapi_ticket")["ticket"] == first["ticket"]
    assert caller.get("ticket/get", type="agent_config")["ticket"] != first["ticket"]
    assert caller.get("ticket/get", type="other")["errcode"] == 91040
    clock.shift(7200)
    assert Caller().get("get_jsapi_ticket")["ticket"] != first["ticket"]


def file(body: bytes = PNG, name: str = "a.png", kind: str = "image/png") -> io.BytesIO:
    made = io.BytesIO(body)
    made.name = name
    return made


@pytest.mark.parametrize(
    ("query", "body", "code"),
    [
        ({"type": "image"}, PNG, 0),
        ({"type": "image"}, b"GIF89a....", 40123),
        ({"type": "image"}, b"12345", 44001),
        ({"type": "voice"}, b"#!AMR" + b"0" * 2_097_152, 45001),
        ({"type": "song"}, PNG, 40058),
        ({}, PNG, 40058),
    ],
)
def test_files_are_checked(caller, query, body, code):
    assert caller.upload("media/upload", file(body), **query)["errcode"] == code
    assert Media.objects.count() == (1 if code == 0 else 0)


def test_a_file_is_read_back_until_it_is_three_days_old(caller):
    kept = caller.upload("media/upload", file(), type="image")
    assert isinstance(kept["created_at"], str)
    address = f"/sandbox/wecom/cgi-bin/media/get?access_token={caller.token}&media_id={kept['media_id']}"
    assert caller.client.get(address).content == PNG
    assert caller.get("media/get", media_id="x")["errcode"] == 40007
    clock.shift(3 * 86_400)
    assert Caller().get("media/get", media_id=kept["media_id"])["errcode"] == 40145


def test_an_image_for_good_has_a_url(caller):
    url = caller.upload("media/uploadimg", file())["url"]
    assert caller.client.get(url).content == PNG
    attachment = caller.upload("media/upload_attachment", file(), media_type="image", attachment_type="1")
    assert Media.objects.get(media_id=attachment["media_id"]).attachment_type == 1
    assert caller.post("media/upload")["errcode"] in (40058, 41006)


def test_a_digest_of_a_file_stays_the_same(caller):
    kept = caller.upload("media/upload", file(), type="file")
    body = bytes(Media.objects.get(media_id=kept["media_id"]).body)
    assert hashlib.sha256(body).digest() == hashlib.sha256(PNG).digest()


@pytest.fixture
def app(corp, zhang) -> Caller:
    return Caller("secret")


def write(app, **given) -> dict:
    defaults = {"touser": "ZhangSan", "agentid": corp.corp().agentid, "msgtype": "text", "text": {"content": "早"}}
    return app.post("message/send", **{**defaults, **given})


def test_some_receivers_may_be_unknown_but_not_all(app, li):
    make_department(2, parent=1)
    deep = make_member("deep", departments=[2])
    answer = write(app, touser="zhangsan|Nobody", toparty="2")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody")
    assert set(AppMessage.objects.values_list("member__userid", flat=True)) == {"ZhangSan", deep.userid}
    assert write(app, touser="Nobody")["errcode"] == 81013
    assert write(app, touser="")["errcode"] == 82001
    assert write(app, touser="@all")["errcode"] == 0
    assert AppMessage.objects.filter(member=li).count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"agentid": 7}, 40056),
        ({"msgtype": "song"}, 40008),
        ({"text": {"content": ""}}, 44004),
        ({"text": None}, 40063),
        ({"msgtype": "textcard", "textcard": {"title": "t", "description": "d"}}, 40094),
        ({"msgtype": "textcard", "textcard": {"title": "字" * 129, "description": "d", "url": "u"}}, 40058),
        ({"msgtype": "markdown", "markdown": {"content": "字" * 700}}, 45002),
        ({"msgtype": "news", "news": {"articles": [{"title": "t"}] * 9}}, 45008),
        ({"msgtype": "image", "image": {"media_id": "none"}}, 40007),
        ({"touser": "|".join(f"u{number}" for number in range(1001))}, 40032),
    ],
)
def test_a_message_that_cannot_be_sent_says_why(app, given, code):
    assert write(app, **given)["errcode"] == code
    assert not AppMessage.objects.exists()


def test_long_text_is_cut_and_only_the_app_itself_may_write(app, caller):
    write(app, text={"content": "字" * 700})
    assert AppMessage.objects.get().content["content"] == "字" * 682
    assert write(caller)["errcode"] == 301002


def test_more_than_thirty_a_minute_are_dropped_in_silence(app):
    codes = {write(app)["errcode"] for _ in range(32)}
    assert (codes, AppMessage.objects.count()) == ({0}, 30)


def test_a_double_is_dropped_on_request_and_a_message_recalled_within_a_day(app):
    first = write(app, enable_duplicate_check=1)
    write(app, enable_duplicate_check=1)
    assert AppMessage.objects.count() == 1
    assert app.post("message/recall", msgid=first["msgid"])["errcode"] == 0
    assert AppMessage.objects.get().recalled_at
    assert app.post("message/recall", msgid="none")["errcode"] == 41047
    clock.shift(86_401)
    assert Caller("secret").post("message/recall", msgid=first["msgid"])["errcode"] == 42052


def test_members_are_read_by_department(caller, zhang):
    make_department(2, parent=1)
    make_member("deep", departments=[2])
    names = lambda **ask: [one["userid"] for one in caller.get("user/simplelist", **ask)["userlist"]]  # noqa: E731
    assert names(department_id=1) == ["ZhangSan"]
    assert names(department_id=1, fetch_child=1) == ["ZhangSan", "deep"]
    assert caller.get("user/get", userid="DEEP")["status"] == 1
    assert [one["id"] for one in caller.get("department/list")["department"]] == [1, 2]
    assert caller.get("user/list", department_id=9)["errcode"] == 60123
    assert caller.get("getcallbackip")["ip_list"]


@pytest.fixture
def account(corp) -> KfAccount:
    return KfAccount.objects.create(open_kfid="wk1", name="售后")


def ask_account(account, contact, **more) -> KfMessage:
    defaults = {"msgid": new("m", 20), "origin": 3, "msgtype": "text", "content": {"content": "坏了"}}
    return KfMessage.objects.create(account=account, contact=contact, **{**defaults, "sent_at": clock.now(), **more})


def test_messages_of_an_account_are_pulled_behind_a_cursor(caller, account):
    contact = make_contact()
    ids = [ask_account(account, contact).msgid for _ in range(3)]
    first = caller.post("kf/sync_msg", open_kfid="wk1", limit=2)
    rest = caller.post("kf/sync_msg", open_kfid="wk1", limit=2, cursor=first["next_cursor"])
    assert [one["msgid"] for one in first["msg_list"] + rest["msg_list"]] == ids
    assert (first["has_more"], rest["has_more"], first["msg_list"][0]["text"]) == (1, 0, {"content": "坏了"})
    empty = caller.post("kf/sync_msg", open_kfid="wk1", cursor=rest["next_cursor"])
    assert (empty["msg_list"], empty["next_cursor"]) == ([], rest["next_cursor"])
    clock.shift(3 * 86_400)
    assert Caller().post("kf/sync_msg", open_kfid="wk1")["msg_list"] == []


def test_a_callbacks_token_serves_for_ten_minutes(caller, account):
    KfToken.objects.create(token="t", created_at=clock.now())
    assert caller.post("kf/sync_msg", open_kfid="wk1", token="t")["errcode"] == 0
    clock.shift(601)
    assert caller.post("kf/sync_msg", open_kfid="wk1", token="t")["errcode"] == 95007
    assert caller.post("kf/sync_msg", open_kfid="none")["errcode"] == 95000


def test_five_answers_within_48_hours(caller, account):
    contact = make_contact()
    ask = {"touser": contact.external_userid, "open_kfid": "wk1", "msgtype": "text", "text": {"content": "抱歉"}}
    send = lambda **more: caller.post("kf/send_msg", **{**ask, **more})["errcode"]  # noqa: E731
    assert send() == 95002
    ask_account(account, contact)
    assert send(msgid="one") == 0
    assert send(msgid="one") == 95033
    assert [send() for _ in range(5)] == [0, 0, 0, 0, 95001]
    ask_account(account, contact)
    assert send() == 0
    clock.shift(48 * 3600)
    assert Caller().post("kf/send_msg", **ask)["errcode"] == 95002


def test_accounts_are_made_listed_and_deleted(caller):
    made = caller.post("kf/account/add", name="售后")["open_kfid"]
    assert caller.get("kf/account/list")["account_list"][0]["open_kfid"] == made
    assert f"/kf/{made}" in caller.post("kf/add_contact_way", open_kfid=made, scene="a")["url"]
    contact = make_contact()
    found = caller.post("kf/customer/batchget", external_userid_list=[contact.external_userid, "wmNone"])
    assert (len(found["customer_list"]), found["invalid_external_userid"]) == (1, ["wmNone"])
    assert caller.post("kf/account/del", open_kfid=made)["errcode"] == 0


def test_media_for_messages_is_checked(app):
    media = make_media()
    assert write(app, msgtype="image", image={"media_id": media.media_id})["errcode"] == 0
    clock.shift(3 * 86_400)
    assert write(Caller("secret"), msgtype="image", image={"media_id": media.media_id})["errcode"] == 40145
