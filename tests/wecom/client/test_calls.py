"""Every call's request as documented, and what is read from a documented answer."""

from datetime import UTC, datetime

import pytest

from homeground.wecom.client import (
    Api,
    Page,
    connect,
    contacts,
    groups,
    join_ways,
    jssdk,
    kf,
    links,
    mass,
    media,
    messages,
    moments,
    oauth,
    staff,
    statistics,
    tags,
    transfer,
    ways,
    welcome,
)
from tests.wecom.client.played import error

START, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC)
S, E = int(START.timestamp()), int(END.timestamp())
EXT = "externalcontact/"
LINK = {"msgtype": "link", "link": {"title": "看看", "url": "https://a.cn"}}
WAY = ways.WaySpec(["zhangsan"], "d1", "门店")
WAY_BODY = {"remark": "门店", "skip_verify": False, "state": "d1", "user": ["zhangsan"], "party": []}
JOIN = join_ways.JoinSpec(["wr1"], "d2", room_base_name="福利群", room_base_id=3)
JOIN_BODY = {
    "scene": 2, "remark": "", "auto_create_room": 1, "chat_id_list": ["wr1"], "state": "d2",
    "room_base_name": "福利群", "room_base_id": 3,
}  # fmt: skip
LINK_SPEC = links.LinkSpec("双十一", ["zhangsan"])
LINK_BODY = {
    "link_name": "双十一", "range": {"user_list": ["zhangsan"], "department_list": []}, "skip_verify": False,
}  # fmt: skip

GETS = [
    (lambda api: staff.follow_users(api), EXT + "get_follow_user_list", {}),
    (lambda api: staff.member(api, "zhangsan"), "user/get", {"userid": "zhangsan"}),
    (lambda api: contacts.ids(api, "zhangsan"), EXT + "list", {"userid": "zhangsan"}),
    (lambda api: contacts.get(api, "wm1"), EXT + "get", {"external_userid": "wm1"}),
    (lambda api: links.quota(api), EXT + "customer_acquisition_quota", {}),
    (lambda api: moments.result(api, "job1"), EXT + "get_moment_task_result", {"jobid": "job1"}),
    (lambda api: oauth.identity(api, "code1"), "auth/getuserinfo", {"code": "code1"}),
    (lambda api: jssdk.corp_signature(api, "https://a.cn/x"), "get_jsapi_ticket", {}),
    (lambda api: jssdk.agent_signature(api, "https://a.cn/x"), "ticket/get", {"type": "agent_config"}),
]

POSTS = [
    (lambda api: contacts.by_staff(api, ["a", "b"], "c1"), EXT + "batch/get_by_user",
     {"userid_list": ["a", "b"], "cursor": "c1", "limit": 100}),
    (lambda api: contacts.remark(api, "a", "wm1", remark="王先生"), EXT + "remark",
     {"userid": "a", "external_userid": "wm1", "remark": "王先生"}),
    (lambda api: tags.tags(api), EXT + "get_corp_tag_list", {}),
    (lambda api: tags.add(api, "消费", ["已消费"], "1000002"), EXT + "add_corp_tag",
     {"group_name": "消费", "tag": [{"name": "已消费"}], "agentid": 1000002}),
    (lambda api: tags.rename(api, "et1", "新名"), EXT + "edit_corp_tag", {"id": "et1", "name": "新名"}),
    (lambda api: tags.delete(api, ["et1"]), EXT + "del_corp_tag", {"tag_id": ["et1"], "group_id": []}),
    (lambda api: tags.mark(api, "a", "wm1", ["et1"]), EXT + "mark_tag",
     {"userid": "a", "external_userid": "wm1", "add_tag": ["et1"], "remove_tag": []}),
    (lambda api: ways.add(api, WAY), EXT + "add_contact_way", {"type": 2, "scene": 2, **WAY_BODY}),
    (lambda api: ways.get(api, "c1"), EXT + "get_contact_way", {"config_id": "c1"}),
    (lambda api: ways.list_page(api, START, END, "p"), EXT + "list_contact_way",
     {"start_time": S, "end_time": E, "cursor": "p", "limit": 1000}),
    (lambda api: ways.update(api, "c1", WAY), EXT + "update_contact_way", {"config_id": "c1", **WAY_BODY}),
    (lambda api: ways.delete(api, "c1"), EXT + "del_contact_way", {"config_id": "c1"}),
    (lambda api: join_ways.add(api, JOIN), EXT + "groupchat/add_join_way", JOIN_BODY),
    (lambda api: join_ways.get(api, "c1"), EXT + "groupchat/get_join_way", {"config_id": "c1"}),
    (lambda api: join_ways.update(api, "c1", JOIN), EXT + "groupchat/update_join_way",
     {"config_id": "c1", **JOIN_BODY}),
    (lambda api: join_ways.delete(api, "c1"), EXT + "groupchat/del_join_way", {"config_id": "c1"}),
    (lambda api: links.create(api, LINK_SPEC), EXT + "customer_acquisition/create_link", LINK_BODY),
    (lambda api: links.get(api, "ca1"), EXT + "customer_acquisition/get", {"link_id": "ca1"}),
    (lambda api: links.update(api, "ca1", LINK_SPEC), EXT + "customer_acquisition/update_link",
     {"link_id": "ca1", **LINK_BODY}),
    (lambda api: links.delete(api, "ca1"), EXT + "customer_acquisition/delete_link", {"link_id": "ca1"}),
    (lambda api: links.list_page(api), EXT + "customer_acquisition/list_link", {"limit": 100, "cursor": ""}),
    (lambda api: links.customers_page(api, "ca1"), EXT + "customer_acquisition/customer",
     {"link_id": "ca1", "limit": 1000, "cursor": ""}),
    (lambda api: links.statistic(api, "ca1", START, END), EXT + "customer_acquisition/statistic",
     {"link_id": "ca1", "start_time": S, "end_time": E}),
    (lambda api: links.chat_info(api, "k1"), EXT + "customer_acquisition/get_chat_info", {"chat_key": "k1"}),
    (lambda api: welcome.send(api, "w1", "你好", [LINK]), EXT + "send_welcome_msg",
     {"welcome_code": "w1", "text": {"content": "你好"}, "attachments": [LINK]}),
    (lambda api: welcome.add(api, "欢迎 %NICKNAME%", LINK, agentid="7"), EXT + "group_welcome_template/add",
     {"text": {"content": "欢迎 %NICKNAME%"}, "link": LINK["link"], "agentid": 7, "notify": 1}),
    (lambda api: welcome.edit(api, "t1", "欢迎"), EXT + "group_welcome_template/edit",
     {"template_id": "t1", "text": {"content": "欢迎"}}),
    (lambda api: welcome.get(api, "t1"), EXT + "group_welcome_template/get", {"template_id": "t1"}),
    (lambda api: welcome.delete(api, "t1"), EXT + "group_welcome_template/del", {"template_id": "t1"}),
    (lambda api: mass.create(api, mass.MassSpec("你好", [LINK], ["wm1"], sender="a")), EXT + "add_msg_template",
     {"chat_type": "single", "external_userid": ["wm1"], "sender": "a", "allow_select": False,
      "text": {"content": "你好"}, "attachments": [LINK]}),
    (lambda api: mass.create(api, mass.MassSpec("你好", chat_ids=["wr1"], sender="a", is_group=True)),
     EXT + "add_msg_template",
     {"chat_type": "group", "chat_id_list": ["wr1"], "sender": "a", "text": {"content": "你好"}}),
    (lambda api: mass.create(api, mass.MassSpec("你好", tag_filter=[["et1", "et2"], ["et3"]])),
     EXT + "add_msg_template",
     {"chat_type": "single", "allow_select": False, "text": {"content": "你好"},
      "tag_filter": {"group_list": [{"tag_list": ["et1", "et2"]}, {"tag_list": ["et3"]}]}}),
    (lambda api: mass.list_page(api, START, END), EXT + "get_groupmsg_list_v2",
     {"chat_type": "single", "start_time": S, "end_time": E, "filter_type": 2, "limit": 100, "cursor": ""}),
    (lambda api: mass.tasks_page(api, "msg1"), EXT + "get_groupmsg_task",
     {"msgid": "msg1", "limit": 1000, "cursor": ""}),
    (lambda api: mass.results_page(api, "msg1", "a"), EXT + "get_groupmsg_send_result",
     {"msgid": "msg1", "userid": "a", "limit": 1000, "cursor": ""}),
    (lambda api: mass.remind(api, "msg1"), EXT + "remind_groupmsg_send", {"msgid": "msg1"}),
    (lambda api: mass.cancel(api, "msg1"), EXT + "cancel_groupmsg_send", {"msgid": "msg1"}),
    (lambda api: moments.create(api, moments.MomentSpec("今天", users=["a"], tags=["et1"])),
     EXT + "add_moment_task",
     {"text": {"content": "今天"}, "visible_range": {
         "sender_list": {"user_list": ["a"]}, "external_contact_list": {"tag_list": ["et1"]}}}),
    (lambda api: moments.create(api, moments.MomentSpec("今天")), EXT + "add_moment_task",
     {"text": {"content": "今天"}}),
    (lambda api: moments.list_page(api, START, END), EXT + "get_moment_list",
     {"start_time": S, "end_time": E, "filter_type": 2, "cursor": "", "limit": 20}),
    (lambda api: moments.tasks_page(api, "mom1"), EXT + "get_moment_task",
     {"moment_id": "mom1", "cursor": "", "limit": 1000}),
    (lambda api: moments.range_page(api, "mom1", "a"), EXT + "get_moment_customer_list",
     {"moment_id": "mom1", "userid": "a", "cursor": "", "limit": 1000}),
    (lambda api: moments.viewers_page(api, "mom1", "a"), EXT + "get_moment_send_result",
     {"moment_id": "mom1", "userid": "a", "cursor": "", "limit": 5000}),
    (lambda api: moments.reactions(api, "mom1", "a"), EXT + "get_moment_comments",
     {"moment_id": "mom1", "userid": "a"}),
    (lambda api: moments.cancel(api, "mom1"), EXT + "cancel_moment_task", {"moment_id": "mom1"}),
    (lambda api: groups.list_page(api, "p", ["a"]), EXT + "groupchat/list",
     {"status_filter": 0, "cursor": "p", "limit": 1000, "owner_filter": {"userid_list": ["a"]}}),
    (lambda api: groups.get(api, "wr1"), EXT + "groupchat/get", {"chat_id": "wr1", "need_name": 1}),
    (lambda api: groups.chat_id_of(api, "og1"), EXT + "opengid_to_chatid", {"opengid": "og1"}),
    (lambda api: transfer.start(api, "a", "b", ["wm1"], "换我服务您"), EXT + "transfer_customer",
     {"handover_userid": "a", "takeover_userid": "b", "external_userid": ["wm1"],
      "transfer_success_msg": "换我服务您"}),
    (lambda api: transfer.results_page(api, "a", "b"), EXT + "transfer_result",
     {"handover_userid": "a", "takeover_userid": "b", "cursor": ""}),
    (lambda api: transfer.start_resigned(api, "a", "b", ["wm1"]), EXT + "resigned/transfer_customer",
     {"handover_userid": "a", "takeover_userid": "b", "external_userid": ["wm1"]}),
    (lambda api: transfer.resigned_results_page(api, "a", "b"), EXT + "resigned/transfer_result",
     {"handover_userid": "a", "takeover_userid": "b", "cursor": ""}),
    (lambda api: transfer.unassigned_page(api), EXT + "get_unassigned_list",
     {"page_size": 1000, "cursor": ""}),
    (lambda api: transfer.groups(api, ["wr1"], "b"), EXT + "groupchat/transfer",
     {"chat_id_list": ["wr1"], "new_owner": "b"}),
    (lambda api: transfer.groups_onjob(api, ["wr1"], "b"), EXT + "groupchat/onjob_transfer",
     {"chat_id_list": ["wr1"], "new_owner": "b"}),
    (lambda api: statistics.behaviour(api, ["a"], START, END), EXT + "get_user_behavior_data",
     {"userid": ["a"], "start_time": S, "end_time": E}),
    (lambda api: statistics.groups(api, ["a"], START, END), EXT + "groupchat/statistic_group_by_day",
     {"day_begin_time": S, "day_end_time": E, "owner_filter": {"userid_list": ["a"]}}),
    (lambda api: messages.send_text(api, "1000002", ["a", "b"], "请确认群发"), "message/send",
     {"touser": "a|b", "msgtype": "text", "agentid": 1000002, "text": {"content": "请确认群发"},
      "enable_duplicate_check": 1}),
    (lambda api: messages.send_card(api, "1", ["a"], title="待办", description="3 项", url="https://a.cn"),
     "message/send",
     {"touser": "a", "msgtype": "textcard", "agentid": 1, "enable_duplicate_check": 1,
      "textcard": {"title": "待办", "description": "3 项", "url": "https://a.cn"}}),
    (lambda api: kf.sync_page(api, "wk1", "p", "t"), "kf/sync_msg",
     {"cursor": "p", "limit": 1000, "open_kfid": "wk1", "token": "t"}),
    (lambda api: kf.send(api, "wk1", "wm1", "您好", "m1"), "kf/send_msg",
     {"touser": "wm1", "open_kfid": "wk1", "msgtype": "text", "text": {"content": "您好"}, "msgid": "m1"}),
]  # fmt: skip


@pytest.mark.parametrize(("call", "path", "params"), GETS, ids=[path for _call, path, _params in GETS])
def test_a_get_asks_as_documented(wecom: Api, platform, call, path, params):
    call(wecom)

    asked = platform.last
    assert (asked.method, asked.path, asked.raw) == ("GET", path, b"")
    assert {name: value for name, value in asked.params.items() if name != "access_token"} == params


@pytest.mark.parametrize(("call", "path", "body"), POSTS, ids=[path for _call, path, _body in POSTS])
def test_a_post_asks_as_documented(wecom: Api, platform, call, path, body):
    call(wecom)

    asked = platform.last
    assert (asked.method, asked.path, asked.body) == ("POST", path, body)
    assert set(asked.params) == {"access_token"}
    assert rb"\u" not in asked.raw  # 40033: characters go as they are.


def test_a_contact_is_read_with_every_page_of_follows(wecom, platform):
    platform.answers[EXT + "get"] = [
        {
            "external_contact": {
                "external_userid": "wm1",
                "name": "小明",
                "type": 1,
                "gender": 2,
                "avatar": "http://a",
                "unionid": "u",
            },
            "follow_user": [
                {
                    "userid": "ZhangSan",
                    "remark": "王",
                    "description": "d",
                    "createtime": S,
                    "state": "d1",
                    "tags": [{"type": 1, "tag_id": "et1"}, {"type": 2, "tag_name": "自己的"}],
                    "add_way": 1,
                    "remark_mobiles": ["13800138000"],
                    "oper_userid": "wm1",
                    "remark_corp_name": "公司",
                },
            ],
            "next_cursor": "p2",
        },
        {"external_contact": {"external_userid": "wm1"}, "follow_user": [{"userid": "lisi"}]},
    ]

    found = contacts.get(wecom, "wm1")

    assert (found.name, found.kind, found.gender, found.unionid) == ("小明", 1, 2, "u")
    first, second = found.follows
    assert (first.userid, first.began_at, first.tag_ids, first.mobiles) == (
        "zhangsan",
        START,
        ("et1",),
        ("13800138000",),
    )
    assert (first.state, first.add_way, first.initiator, first.corp_remark) == ("d1", 1, "wm1", "公司")
    assert (second.userid, second.began_at) == ("lisi", None)
    assert platform.last.params["cursor"] == "p2"


def test_a_batch_has_one_follow_each_and_tag_ids(wecom, platform):
    row = {"external_contact": {"external_userid": "wm1"}, "follow_info": {"userid": "a", "tag_id": ["et1"]}}
    platform.answers[EXT + "batch/get_by_user"] = {"external_contact_list": [row], "next_cursor": "p2"}

    page = contacts.by_staff(wecom, ["a"])

    assert page.next_cursor == "p2"
    assert page.items[0].contact.external_userid == "wm1"
    assert page.items[0].follow.tag_ids == ("et1",)


def test_a_member_without_customers_has_an_empty_list(wecom, platform):
    platform.answers[EXT + "list"] = error(84061)

    assert contacts.ids(wecom, "a") == []


def test_tags_come_flat_and_deleted_ones_not_at_all(wecom, platform):
    tag = {"id": "et1", "name": "已消费", "order": 2}
    platform.answers[EXT + "get_corp_tag_list"] = {
        "tag_group": [{"group_id": "g1", "group_name": "消费", "order": 1, "tag": [tag, tag | {"deleted": True}]}]
    }

    assert tags.tags(wecom) == [tags.TagInfo("et1", "已消费", "g1", "消费", 2, 1)]


def test_results_of_a_mass_send_are_read(wecom, platform):
    platform.answers[EXT + "add_msg_template"] = {"fail_list": ["wm9"], "msgid": "msg1"}
    platform.answers[EXT + "get_groupmsg_task"] = {
        "task_list": [{"userid": "A", "status": 2, "send_time": S}, {"userid": "b", "status": 0}], "next_cursor": "p",
    }  # fmt: skip
    platform.answers[EXT + "get_groupmsg_send_result"] = {
        "send_list": [{"external_userid": "wm1", "userid": "a", "status": 1, "send_time": S}]
    }
    platform.answers[EXT + "get_groupmsg_list_v2"] = {
        "group_msg_list": [{"msgid": "msg1", "create_time": str(S), "create_type": 0, "text": {"content": "你好"}}]
    }

    assert mass.create(wecom, mass.MassSpec("你好", external_userids=["wm1"])) == mass.Created("msg1", ("wm9",))
    assert mass.tasks_page(wecom, "msg1") == Page(
        (mass.MassTask("a", True, START), mass.MassTask("b", False, None)), "p"
    )
    assert mass.results_page(wecom, "msg1", "a").items == (mass.MassResult("wm1", "a", 1, START),)
    assert mass.list_page(wecom, START, END).items == (mass.MassInfo("msg1", "", START, False, "你好", ()),)


def test_moments_are_read(wecom, platform):
    platform.answers[EXT + "get_moment_task_result"] = {
        "status": 3, "type": "add_moment_task",
        "result": {"errcode": 0, "moment_id": "mom1", "invalid_sender_list": {"user_list": ["X"]},
                   "invalid_external_contact_list": {"tag_list": ["et9"]}},
    }  # fmt: skip
    platform.answers[EXT + "get_moment_comments"] = {
        "comment_list": [{"external_userid": "wm1", "create_time": S}],
        "like_list": [{"userid": "A", "create_time": E}],
    }  # fmt: skip

    job = moments.result(wecom, "job1")
    back = moments.reactions(wecom, "mom1", "a")

    assert (job.is_done, job.moment_id, job.invalid_users, job.invalid_tags) == (True, "mom1", ("x",), ("et9",))
    assert back.comments == (moments.Reaction("wm1", "", START),)
    assert back.likes == (moments.Reaction("", "a", END),)


def test_a_group_is_read(wecom, platform):
    platform.answers[EXT + "groupchat/get"] = {
        "group_chat": {
            "chat_id": "wr1", "name": "福利群", "owner": "A", "create_time": S, "member_version": "v1",
            "member_list": [
                {"userid": "A", "type": 1, "join_time": S, "join_scene": 1},
                {"userid": "wmX", "type": 2, "unionid": "u", "join_time": E, "join_scene": 3, "name": "小明",
                 "invitor": {"userid": "A"}, "state": "d2"},
            ],
            "admin_list": [{"userid": "A"}],
        }
    }  # fmt: skip

    found = groups.get(wecom, "wr1")

    assert (found.owner, found.member_version, found.admins) == ("a", "v1", ("a",))
    assert found.members[0].member_id == "a"
    assert found.members[1] == groups.GroupMember("wmX", True, "u", "小明", END, 3, "a", "d2")


def test_a_handover_tells_each_customer_apart(wecom, platform):
    platform.answers[EXT + "transfer_customer"] = {
        "customer": [{"external_userid": "wm1", "errcode": 0}, {"external_userid": "wm2", "errcode": 40128}]
    }
    platform.answers[EXT + "transfer_result"] = {
        "customer": [{"external_userid": "wm1", "status": 3, "takeover_time": 0}], "next_cursor": "",
    }  # fmt: skip
    platform.answers[EXT + "get_unassigned_list"] = {
        "info": [{"handover_userid": "A", "external_userid": "wm1", "dimission_time": S}],
        "is_last": True, "next_cursor": "ignored",
    }  # fmt: skip

    assert transfer.start(wecom, "a", "b", ["wm1", "wm2"]) == {"wm1": 0, "wm2": 40128}
    assert transfer.results_page(wecom, "a", "b").items == (transfer.Transferred("wm1", transfer.REFUSED, None),)
    assert transfer.unassigned_page(wecom) == Page((transfer.Unassigned("a", "wm1", START),), "")


def test_figures_that_the_platform_leaves_out_are_none(wecom, platform):
    platform.answers[EXT + "get_user_behavior_data"] = {
        "behavior_data": [
            {"stat_time": S, "chat_cnt": 10, "message_cnt": 40, "reply_percentage": 60.25, "avg_reply_time": 1,
             "negative_feedback_cnt": 2, "new_apply_cnt": 3, "new_contact_cnt": 4},
            {"stat_time": E, "chat_cnt": 0},
        ]
    }  # fmt: skip

    one, other = statistics.behaviour(wecom, ["a"], START, END)

    assert (one.at, one.reply_share, one.reply_minutes, one.removed) == (START, 0.6025, 1.0, 2)
    assert (other.reply_share, other.reply_minutes) == (None, None)


def test_members_who_did_not_get_a_message_are_named(wecom, platform):
    platform.answers["message/send"] = {"msgid": "m1", "invaliduser": "B|C", "unlicenseduser": ""}

    assert messages.send_text(wecom, "1", ["A", "B"], "你好") == messages.Told("m1", ("b", "c"))


def test_messages_of_kf_are_read_with_their_events(wecom, platform):
    platform.answers["kf/sync_msg"] = {
        "next_cursor": "p2", "has_more": 1,
        "msg_list": [
            {"msgid": "m1", "open_kfid": "wk1", "external_userid": "wm1", "send_time": S, "origin": 3,
             "msgtype": "text", "text": {"content": "在吗"}},
            {"msgid": "m2", "send_time": S, "origin": 4, "msgtype": "event",
             "event": {"event_type": "enter_session", "open_kfid": "wk1", "external_userid": "wm1"}},
        ],
    }  # fmt: skip

    page = kf.sync_page(wecom, "wk1")

    assert (page.next_cursor, page.has_more) == ("p2", True)
    assert [(one.kind, one.text, one.external_userid) for one in page.items] == [
        ("text", "在吗", "wm1"),
        ("event", "", "wm1"),
    ]


def test_an_upload_is_multipart_with_its_name_and_kind(wecom, platform):
    platform.answers["media/upload"] = {"type": "image", "media_id": "m1", "created_at": str(S)}
    platform.answers["media/upload_attachment"] = {"media_id": "m2", "created_at": str(S)}
    platform.answers["media/uploadimg"] = {"url": "https://p/1"}

    assert media.upload(wecom, "image", "图.png", b"123456") == "m1"
    asked = platform.last
    assert asked.params["type"] == "image"
    assert asked.headers["content-type"].startswith("multipart/form-data")
    assert b'name="media"' in asked.raw
    assert b"image/png" in asked.raw
    assert b"123456" in asked.raw
    assert media.upload_attachment(wecom, "image", "a.png", b"123456") == ("m2", START)
    assert {"media_type": "image", "attachment_type": "1"}.items() <= platform.last.params.items()
    assert media.upload_image(wecom, "a.png", b"123456") == "https://p/1"


def test_the_signature_is_that_of_the_official_example():
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    found = jssdk.sign(ticket, "Wm3WZYTPz0wzccnW", 1414587457, "http://mp.weixin.qq.com?params=value#here")

    assert found == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_a_ticket_is_fetched_once_and_again_when_it_is_old(wecom, platform, waits):
    platform.answers["get_jsapi_ticket"] = {"ticket": "t1", "expires_in": 7200}
    jssdk.corp_signature(wecom, "https://a.cn/1")
    jssdk.corp_signature(wecom, "https://a.cn/2")
    assert len(platform.calls("get_jsapi_ticket")) == 1

    waits.append(7000)
    jssdk.corp_signature(wecom, "https://a.cn/3")
    assert len(platform.calls("get_jsapi_ticket")) == 2


def test_the_way_to_be_known_is_the_official_page_or_the_platforms_own():
    official = oauth.authorize_url("ww1", "https://a.cn/back?x=1", "abc", agentid="7")
    own = oauth.authorize_url("ww1", "https://a.cn/back", "abc", base_url="http://127.0.0.1:8000/sandbox/wecom/")

    assert official == (
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=ww1&redirect_uri=https%3A%2F%2Fa.cn%2Fback%3Fx%3D1"
        "&response_type=code&scope=snsapi_base&state=abc&agentid=7#wechat_redirect"
    )
    assert own.startswith("http://127.0.0.1:8000/sandbox/wecom/connect/oauth2/authorize?appid=ww1")


@pytest.mark.parametrize(
    ("answer", "who"),
    [
        ({"userid": "ZhangSan"}, ("zhangsan", "", "")),
        ({"openid": "o1", "external_userid": "wm1"}, ("", "wm1", "o1")),
        ({"openid": "o1"}, ("", "", "o1")),
    ],
)
def test_who_opened_a_page_is_a_member_a_customer_or_a_stranger(wecom, platform, answer, who):
    platform.answers["auth/getuserinfo"] = answer

    found = oauth.identity(connect("agent"), "code1")

    assert (found.userid, found.external_userid, found.openid) == who
