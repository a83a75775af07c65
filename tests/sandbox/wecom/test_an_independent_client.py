"""wechatpy, written by others against the real platform, works here with only its address changed."""

import io

import pytest
import requests
from requests.adapters import HTTPAdapter
from wechatpy.exceptions import APILimitedException, WeChatClientException
from wechatpy.work import WeChatClient

from homeground.sandbox.models import AppMessage, ChatMessage, Friendship, MassTask
from homeground.sandbox.services.wecom import clock, corp, limits, mass, tokens, welcome
from tests.sandbox.wecom.corp import PNG, befriend, make_contact, make_department, make_group, make_member

pytestmark = pytest.mark.django_db(transaction=True)


PLATFORM = "https://qyapi.weixin.qq.com/"


class Redirected(HTTPAdapter):
    """The library has the platform's address written into a few calls; those come here as well."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def send(self, request, *args, **kwargs):
        request.url = request.url.replace(PLATFORM, self.base)
        return super().send(request, *args, **kwargs)


def client_of(live_server, secret: str = "contact_secret") -> WeChatClient:
    base = f"{live_server.url}/sandbox/wecom/"
    client = WeChatClient(corp.corp().corpid, getattr(corp.corp(), secret))
    client.API_BASE_URL = f"{base}cgi-bin/"
    client._http.mount(PLATFORM, Redirected(base))
    return client


@pytest.fixture
def client(live_server):
    make_department()
    corp.change(dispatch_seconds=0)
    return client_of(live_server)


def test_contacts_are_listed_read_remarked_and_tagged(client):
    member, contact = make_member("ZhangSan"), make_contact(name="小美")
    befriend(member, contact, state="店A")
    api = client.external_contact

    assert api.get_follow_user_list()["follow_user"] == ["ZhangSan"]
    assert api.list("zhangsan")["external_userid"] == [contact.external_userid]
    group = api.add_corp_tag(
        group_id=None, group_name="意向", order=1, tags=[{"name": "高"}, {"name": "低", "order": 5}]
    )
    tag_id = group["tag_group"]["tag"][0]["id"]
    api.mark_tag("ZhangSan", contact.external_userid, add_tag=[tag_id])
    found = api.get(contact.external_userid)
    assert found["external_contact"]["name"] == "小美"
    assert found["follow_user"][0]["tags"] == [{"group_name": "意向", "tag_name": "高", "type": 1, "tag_id": tag_id}]
    page = api.batch_get_by_user("ZhangSan", "", 50)
    assert page["external_contact_list"][0]["follow_info"]["tag_id"] == [tag_id]
    assert [tag["name"] for tag in api.get_corp_tag_list()["tag_group"][0]["tag"]] == ["低", "高"]
    api.edit_corp_tag(tag_id, name="很高")
    api.del_corp_tag(tag_id=[tag_id])
    assert Friendship.objects.get().tag_ids == []


def test_a_code_is_made_and_a_new_friend_welcomed(client):
    member = make_member("ZhangSan")
    api = client.external_contact
    made = api.add_contact_way(type=1, scene=2, state="店A", user=["ZhangSan"], skip_verify=True)
    assert api.get_contact_way(made["config_id"])["contact_way"]["state"] == "店A"
    api.update_contact_way(made["config_id"], remark="门店")
    tie = befriend(member)
    code = welcome.issue(tie)

    api.send_welcome_msg({"welcome_code": code, "text": {"content": "欢迎"}})

    assert ChatMessage.objects.get(friendship=tie).text == "欢迎"
    with pytest.raises(WeChatClientException) as again:
        api.send_welcome_msg({"welcome_code": code, "text": {"content": "欢迎"}})
    assert again.value.errcode == 41050
    api.del_contact_way(made["config_id"])


def test_a_mass_message_is_placed_confirmed_and_counted(client):
    member = make_member("ZhangSan")
    tie = befriend(member)
    placed = client.external_contact.add_msg_template(
        {"external_userid": [tie.contact.external_userid, "wmNobody"], "text": {"content": "上新"}}
    )
    assert placed["fail_list"] == ["wmNobody"]

    mass.confirm(MassTask.objects.get())

    detail = client.external_contact.get_group_msg_result(placed["msgid"])["detail_list"]
    assert [(row["userid"], row["status"]) for row in detail] == [("ZhangSan", 1)]


def test_groups_statistics_and_leavers_are_read(client):
    member, contact = make_member("ZhangSan"), make_contact()
    chat = make_group(member, contact)
    befriend(make_member("gone", resigned_at=clock.now()))
    now = int(clock.now().timestamp())

    assert client.external_contact_group_chat.list()["group_chat_list"] == [{"chat_id": chat.chat_id, "status": 0}]
    people = client.external_contact_group_chat.get(chat.chat_id)["group_chat"]["member_list"]
    assert [person["type"] for person in people] == [1, 2]
    assert client.external_contact.get_user_behavior_data(["ZhangSan"], now, now)["behavior_data"][0]["chat_cnt"] == 0
    assert client.external_contact.get_unassigned_list(0, 100)["info"][0]["handover_userid"] == "gone"
    template = client.external_contact.add_group_welcome_template({"text": {"content": "%NICKNAME% 你好"}})
    assert (
        client.external_contact.get_group_welcome_template(template["template_id"])["text"]["content"]
        == "%NICKNAME% 你好"
    )


def test_staff_are_written_to_and_files_go_up_and_down(client, live_server):
    make_member("ZhangSan")
    app = client_of(live_server, "secret")
    app.message.send_text(corp.corp().agentid, "ZhangSan", "今天有 3 位客户在等")
    assert AppMessage.objects.get().content == {"content": "今天有 3 位客户在等"}
    kept = client.media.upload("image", ("a.png", io.BytesIO(PNG), "image/png"))
    address = client.media.get_url(kept["media_id"]).replace(PLATFORM, f"{live_server.url}/sandbox/wecom/")
    assert requests.get(address, timeout=10).content == PNG
    assert client.user.get("ZhangSan")["name"] == "ZhangSan"
    assert client.jsapi.get_ticket()["expires_in"] == 7200
    assert client.misc.get_wechat_ips()


def test_a_token_that_dies_early_is_replaced_and_the_call_repeated(client):
    make_member("ZhangSan")
    client.external_contact.get_follow_user_list()
    tokens.invalidate()
    assert client.external_contact.get_follow_user_list()["follow_user"] == ["ZhangSan"]
    tokens.expire()
    assert client.external_contact.get_follow_user_list()["follow_user"] == ["ZhangSan"]


def test_too_many_calls_are_told_as_such(client):
    limits.limit("externalcontact/get_follow_user_list", per_minute=1, per_hour=100)
    client.external_contact.get_follow_user_list()
    with pytest.raises(APILimitedException):
        client.external_contact.get_follow_user_list()
