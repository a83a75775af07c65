"""Contact ways, join ways and acquisition links."""

from datetime import timedelta

import pytest

from homeground.sandbox.models import AcquisitionLink, AcquisitionQuota, ChatKey, ContactWay, LinkDay
from homeground.sandbox.services.wecom import clock
from tests.sandbox.wecom.corp import Caller, befriend, make_department, make_group, make_member

WAY = "externalcontact/add_contact_way"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"scene": 2, "user": ["ZhangSan"]}, 41037),
        ({"type": 3, "scene": 2, "user": ["ZhangSan"]}, 41039),
        ({"type": 1, "user": ["ZhangSan"]}, 41038),
        ({"type": 1, "scene": 3, "user": ["ZhangSan"]}, 41040),
        ({"type": 1, "scene": 2, "user": ["ZhangSan", "lisi"]}, 41041),
        ({"type": 1, "scene": 2, "user": []}, 41041),
        ({"type": 2, "scene": 2}, 41041),
        ({"type": 2, "scene": 2, "user": [f"u{number}" for number in range(101)]}, 41041),
        ({"type": 2, "scene": 2, "user": ["nobody"]}, 60111),
        ({"type": 2, "scene": 2, "user": ["hidden"]}, 60021),
        ({"type": 2, "scene": 2, "user": ["without"]}, 84074),
        ({"type": 2, "scene": 2, "user": ["asleep"]}, 41054),
        ({"type": 2, "scene": 2, "party": [99]}, 60123),
        ({"type": 2, "scene": 1, "style": 3, "user": ["lisi"]}, 41042),
        ({"type": 2, "scene": 2, "user": ["lisi"], "remark": "字" * 31}, 40058),
        ({"type": 2, "scene": 2, "user": ["lisi"], "state": "字" * 31}, 40058),
        ({"type": 2, "scene": 2, "user": ["lisi"], "is_temp": True}, 41039),
        ({"type": 1, "scene": 2, "user": ["lisi"], "is_temp": True, "expires_in": 1_209_601}, 40058),
        ({"type": 1, "scene": 2, "user": ["lisi"], "conclusions": {}}, 40058),
    ],
)
def test_a_code_that_cannot_be_made_says_why(caller, zhang, li, given, code):
    make_member("hidden", is_visible=False)
    make_member("without", has_contact=False)
    make_member("asleep", is_active=False)
    assert caller.post(WAY, **given)["errcode"] == code
    assert not ContactWay.objects.exists()


def test_a_code_is_read_back_changed_and_deleted(caller, zhang, li):
    made = caller.post(WAY, type=2, scene=2, user=["ZhangSan"], state="店A")
    config = {"config_id": made["config_id"]}
    assert made["qr_code"].endswith(f"/sandbox/wecom/qr/{made['config_id']}")
    assert caller.post("externalcontact/update_contact_way", **config, user=["lisi"], remark="门店")["errcode"] == 0
    read = caller.post("externalcontact/get_contact_way", **config)["contact_way"]
    assert (read["user"], read["state"], read["remark"], read["skip_verify"]) == (["lisi"], "店A", "门店", True)
    assert caller.post("externalcontact/del_contact_way", **config)["errcode"] == 0
    assert caller.post("externalcontact/get_contact_way", **config)["errcode"] == 41044
    assert caller.post("externalcontact/get_contact_way")["errcode"] == 41043


def test_a_code_is_a_picture_that_leads_to_a_phone(caller, zhang, client):
    made = caller.post(WAY, type=1, scene=2, user=["ZhangSan"])
    picture = client.get(made["qr_code"])
    assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert client.head("/sandbox/wecom/qr/none").status_code == 404


def test_codes_are_listed_by_time_without_temporary_ones(caller, zhang):
    ids = [caller.post(WAY, type=1, scene=2, user=["ZhangSan"])["config_id"] for _ in range(3)]
    caller.post(WAY, type=1, scene=2, user=["ZhangSan"], is_temp=True)
    first = caller.post("externalcontact/list_contact_way", limit=2)
    rest = caller.post("externalcontact/list_contact_way", limit=2, cursor=first["next_cursor"])
    assert [one["config_id"] for one in first["contact_way"] + rest["contact_way"]] == ids
    assert "next_cursor" not in rest
    clock.shift(91 * 86_400)
    assert Caller().post("externalcontact/list_contact_way")["contact_way"] == []


def test_departments_stand_for_all_below_them(caller, zhang):
    make_department(2, parent=1)
    make_member("deep", departments=[2])
    assert caller.post(WAY, type=2, scene=2, party=[1])["errcode"] == 0


def test_a_join_way_leads_to_at_most_five_groups(caller, zhang):
    groups = [make_group(zhang).chat_id for _ in range(6)]
    add = "externalcontact/groupchat/add_join_way"
    assert caller.post(add, scene=2, chat_id_list=groups)["errcode"] == 41091
    assert caller.post(add, scene=2, chat_id_list=["wrNone"])["errcode"] == 86003
    made = caller.post(add, scene=2, chat_id_list=groups[:2], remark="长" * 40, state="店A", room_base_name="福利")
    config = {"config_id": made["config_id"]}
    read = caller.post("externalcontact/groupchat/get_join_way", **config)["join_way"]
    assert (len(read["remark"]), read["chat_id_list"], read["auto_create_room"]) == (30, groups[:2], 1)
    caller.post("externalcontact/groupchat/update_join_way", **config, scene=2, chat_id_list=groups[2:3])
    read = caller.post("externalcontact/groupchat/get_join_way", **config)["join_way"]
    assert (read["remark"], read["chat_id_list"]) == ("", groups[2:3])
    assert caller.post("externalcontact/groupchat/del_join_way", **config)["errcode"] == 0
    assert caller.post("externalcontact/groupchat/get_join_way", **config)["errcode"] == 41044


ROOT = "externalcontact/customer_acquisition/"


@pytest.fixture
def link(caller, zhang):
    made = caller.post(f"{ROOT}create_link", link_name="抖音", range={"user_list": ["ZhangSan"]})
    return made["link"]


def test_a_link_is_made_read_changed_and_deleted(caller, link):
    one = {"link_id": link["link_id"]}
    assert link["url"].endswith(f"/sandbox/wecom/ca/{link['link_id']}")
    caller.post(f"{ROOT}update_link", **one, link_name="快手")
    read = caller.post(f"{ROOT}get", **one)
    assert (read["link"]["link_name"], read["range"]["user_list"]) == ("快手", ["ZhangSan"])
    assert caller.post(f"{ROOT}list_link")["link_id_list"] == [link["link_id"]]
    assert Caller("secret").post(f"{ROOT}list_link")["link_id_list"] == []
    caller.post(f"{ROOT}delete_link", **one)
    assert caller.post(f"{ROOT}get", **one)["errcode"] == 40058


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"link_name": "字" * 31, "range": {"user_list": ["ZhangSan"]}}, 40058),
        ({"link_name": "x"}, 40058),
        ({"link_name": "x", "range": {"user_list": []}}, 40058),
        ({"link_name": "x", "range": {"user_list": ["nobody"]}}, 60111),
        ({"link_name": "x", "range": {"user_list": [f"u{number}" for number in range(501)]}}, 40032),
        ({"link_name": "x", "range": {"user_list": ["ZhangSan"]}, "priority_option": {"priority_type": 2}}, 40058),
    ],
)
def test_a_link_that_cannot_be_made_says_why(caller, zhang, given, code):
    assert caller.post(f"{ROOT}create_link", **given)["errcode"] == code


def test_who_came_through_a_link_is_listed_and_counted(caller, zhang, link):
    row = AcquisitionLink.objects.get()
    first = befriend(zhang, link=row, add_way=16, state="v1", customer_messaged_at=clock.now())
    befriend(zhang, link=row, add_way=16)
    LinkDay.objects.create(link=row, day=clock.now().date(), clicks=9)
    page = caller.post(f"{ROOT}customer", link_id=link["link_id"], limit=1)
    assert page["customer_list"] == [
        {"external_userid": first.contact.external_userid, "userid": "ZhangSan", "chat_status": 1, "state": "v1"}
    ]
    rest = caller.post(f"{ROOT}customer", link_id=link["link_id"], cursor=page["next_cursor"])
    assert [one["chat_status"] for one in rest["customer_list"]] == [0]
    now = int(clock.now().timestamp())
    counted = caller.post(f"{ROOT}statistic", link_id=link["link_id"], start_time=now - 86_400, end_time=now + 86_400)
    assert (counted["click_link_customer_cnt"], counted["new_customer_cnt"]) == (9, 2)
    long = caller.post(f"{ROOT}statistic", link_id=link["link_id"], start_time=now - 40 * 86_400, end_time=now)
    assert long["errcode"] == 60267


def test_the_quota_counts_what_has_not_expired(caller):
    AcquisitionQuota.objects.create(total=100, balance=40, expires_at=clock.now() + timedelta(days=10))
    AcquisitionQuota.objects.create(total=100, balance=90, expires_at=clock.now() - timedelta(days=1))
    quota = caller.get("externalcontact/customer_acquisition_quota")
    assert (quota["total"], quota["balance"], len(quota["quota_list"])) == (100, 40, 1)


def test_a_chat_key_tells_for_thirty_minutes(caller, zhang, link):
    row = AcquisitionLink.objects.get()
    tie = befriend(zhang, link=row)
    ChatKey.objects.create(key="k", friendship=tie, messages=3, created_at=clock.now())
    assert caller.post(f"{ROOT}get_chat_info", chat_key="k")["chat_info"]["recv_msg_cnt"] == 3
    clock.shift(1801)
    assert caller.post(f"{ROOT}get_chat_info", chat_key="k")["errcode"] == 41201
