"""Welcomes, mass messages and Moments."""

from datetime import UTC, datetime, timedelta

import pytest

from homeground.sandbox.models import (
    AppMessage,
    ChatMessage,
    Friendship,
    MassRecipient,
    MassTask,
    Moment,
    MomentReaction,
    MomentTask,
    WelcomeCode,
)
from homeground.sandbox.services.wecom import clock, corp, mass, moments, welcome
from tests.sandbox.wecom.corp import Caller, ago, befriend, make_contact, make_group, make_media, make_member, make_tags

TEXT = {"content": "上新"}
ADD = "externalcontact/add_msg_template"
RESULT = "externalcontact/get_groupmsg_send_result"
TASKS = "externalcontact/get_groupmsg_task"


def send_welcome(caller, code: str, **more):
    return caller.post("externalcontact/send_welcome_msg", welcome_code=code, **{"text": TEXT, **more})["errcode"]


def test_a_welcome_is_sent_once_within_20_seconds(caller, zhang):
    tie = befriend(zhang)
    code = welcome.issue(tie)
    link = {"msgtype": "link", "link": {"title": "会员", "url": "https://example.com"}}
    clock.shift(19)
    assert send_welcome(caller, code, attachments=[link]) == 0
    assert [message.msgtype for message in ChatMessage.objects.order_by("pk")] == ["text", "link"]
    assert send_welcome(caller, code) == 41050
    assert WelcomeCode.objects.get().content["attachments"] == [link]


def test_a_late_welcome_is_refused(caller, zhang):
    code = welcome.issue(befriend(zhang))
    clock.shift(21)
    assert send_welcome(caller, code) == 41050
    assert send_welcome(caller, "") == 41049
    assert not ChatMessage.objects.exists()


def test_no_welcome_after_a_chat_began_or_by_a_second_code(caller, zhang):
    chatting = befriend(zhang, chat_started_at=clock.now())
    assert send_welcome(caller, welcome.issue(chatting)) == 41051
    tie = befriend(zhang)
    half, full = welcome.issue(tie), welcome.issue(tie)
    assert [send_welcome(caller, half), send_welcome(caller, full)] == [0, 41051]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": {"content": "字" * 1334}}, 45002),
        ({"text": {}}, 41089),
        ({"attachments": [{"msgtype": "link", "link": {"title": "x", "url": "u"}}] * 10}, 41064),
        ({"attachments": [{"msgtype": "music", "music": {}}]}, 41065),
        ({"attachments": [{"msgtype": "link", "image": {}}]}, 41065),
        ({"attachments": [{"msgtype": "link", "link": {"title": "字" * 43, "url": "u"}}]}, 40058),
        ({"attachments": [{"msgtype": "link", "link": {"url": "u"}}]}, 41016),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "none"}}]}, 40007),
        ({"attachments": [{"msgtype": "image", "image": {"pic_url": "https://elsewhere/x.png"}}]}, 40094),
    ],
)
def test_content_has_limits_in_bytes_and_kinds(caller, zhang, given, code):
    ticket = welcome.issue(befriend(zhang))
    assert send_welcome(caller, ticket, **given) == code
    assert WelcomeCode.objects.get().used_at is None


def test_a_file_serves_for_three_days(caller, zhang):
    part = {"msgtype": "image", "image": {"media_id": make_media().media_id}}
    assert send_welcome(caller, welcome.issue(befriend(zhang)), attachments=[part]) == 0
    clock.shift(3 * 86_400)
    assert send_welcome(Caller(), welcome.issue(befriend(zhang)), attachments=[part]) == 40145


def test_group_welcomes_are_each_apps_own(caller, zhang):
    root = "externalcontact/group_welcome_template/"
    make_group(zhang)
    image = {"media_id": make_media().media_id}
    made = caller.post(f"{root}add", text=TEXT, image=image, link={"title": "t", "url": "u"})
    one = {"template_id": made["template_id"]}
    read = caller.post(f"{root}get", **one)
    assert (read["text"], read["image"], "link" in read) == (TEXT, image, False)
    assert AppMessage.objects.get().member == zhang
    assert Caller("secret").post(f"{root}get", **one)["errcode"] == 41058
    assert caller.post(f"{root}add", text={"content": "字" * 1001})["errcode"] == 40058
    caller.post(f"{root}edit", **one, text={"content": "新"})
    assert caller.post(f"{root}get", **one)["text"]["content"] == "新"
    assert caller.post(f"{root}del", **one)["errcode"] == 0
    assert caller.post(f"{root}get", **one)["errcode"] == 40058


def place(caller, **given):
    return caller.post(ADD, **{"text": TEXT, **given})


def test_each_customer_belongs_to_whom_they_last_talked_with(caller, zhang, li):
    contact = make_contact()
    befriend(zhang, contact, at=ago(days=9), interacted_at=ago(days=1))
    befriend(li, contact, at=ago(days=5))
    placed = place(caller, external_userid=[contact.external_userid, "wmNone"])
    assert placed["fail_list"] == ["wmNone"]
    assert caller.post(TASKS, msgid=placed["msgid"])["task_list"] == [{"userid": "ZhangSan", "status": 0}]
    with_sender = place(caller, external_userid=[contact.external_userid], sender="lisi")
    assert caller.post(TASKS, msgid=with_sender["msgid"])["task_list"][0]["userid"] == "lisi"


def test_a_filter_takes_one_tag_of_each_list(caller, zhang):
    high, low, mother = make_tags("高", "低", "宝妈")
    both = befriend(zhang, tag_ids=[high.tag_id, mother.tag_id])
    befriend(zhang, tag_ids=[low.tag_id])
    lists = [{"tag_list": [high.tag_id, low.tag_id]}, {"tag_list": [mother.tag_id]}]
    placed = place(caller, tag_filter={"group_list": lists})
    assert [row.contact for row in MassRecipient.objects.all()] == [both.contact]
    assert placed["errcode"] == 0
    wrong = {"group_list": [{"tag_list": ["etNone"]}]}
    assert place(caller, tag_filter=wrong)["errcode"] == 40068


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, 40063),
        ({"external_userid": ["wmNone"]}, 41048),
        ({"external_userid": [f"wm{number}" for number in range(10_001)]}, 40032),
        ({"sender": "ZhangSan", "text": {}}, 41089),
        ({"chat_type": "group"}, 41009),
        ({"chat_type": "group", "sender": "ZhangSan"}, 41048),
        ({"chat_type": "both"}, 40058),
    ],
)
def test_a_mass_message_that_cannot_be_placed_leaves_nothing(caller, zhang, given, code):
    assert place(caller, **given)["errcode"] == code
    assert not MassTask.objects.exists()


def test_a_new_message_is_being_dispatched_for_a_while(caller, zhang):
    corp.change(dispatch_seconds=2)
    befriend(zhang)
    placed = place(caller, sender="ZhangSan")
    assert caller.post(TASKS, msgid=placed["msgid"])["errcode"] == 41063
    clock.shift(3)
    assert caller.post(TASKS, msgid=placed["msgid"])["errcode"] == 0
    assert caller.post(TASKS, msgid="msgNone")["errcode"] == 41047


def test_a_confirmation_sends_to_friends_only_and_once(caller, zhang):
    stays, leaves = befriend(zhang), befriend(zhang)
    placed = place(caller, sender="ZhangSan")
    Friendship.objects.filter(pk=leaves.pk).update(ended_at=clock.now(), ending="by_customer")
    task = MassTask.objects.get()

    assert mass.confirm(task) is True
    assert mass.confirm(task) is False

    rows = caller.post(RESULT, msgid=placed["msgid"], userid="zhangsan")["send_list"]
    assert {row["external_userid"]: row["status"] for row in rows} == {
        stays.contact.external_userid: 1,
        leaves.contact.external_userid: 2,
    }
    assert ["send_time" in row for row in rows] == [row["status"] == 1 for row in rows]
    assert ChatMessage.objects.get().friendship == stays
    assert caller.post(TASKS, msgid=placed["msgid"])["task_list"][0]["status"] == 2


@pytest.mark.parametrize(("rule", "most"), [("1_per_day", 1), ("7_per_week", 7), ("per_month_days", 30)])
def test_a_customer_gets_no_more_than_the_rule_lets_through(corp, zhang, rule, most):
    from homeground.sandbox.services.wecom import corp as corps

    corps.change(mass_rule=rule)
    tie = befriend(zhang)
    at = datetime(2026, 11, 2, 4, tzinfo=UTC)  # A Monday; November has 30 days.
    for _ in range(most):
        mass.send_personally(zhang, {"text": TEXT, "attachments": []}, contacts=[tie.contact_id], at=at)
    over = mass.send_personally(zhang, {"text": TEXT, "attachments": []}, contacts=[tie.contact_id], at=at)
    assert over.recipients.get().status == MassRecipient.Status.TOO_MANY
    later = at + timedelta(days={"1_per_day": 1, "7_per_week": 7, "per_month_days": 30}[rule])
    again = mass.send_personally(zhang, {"text": TEXT, "attachments": []}, contacts=[tie.contact_id], at=later)
    assert again.recipients.get().status == MassRecipient.Status.SENT


def test_groups_are_sent_to_by_their_owner_and_shown_when_sent(caller, zhang, li):
    own, others = make_group(zhang), make_group(li)
    placed = place(caller, chat_type="group", sender="ZhangSan", chat_id_list=[own.chat_id, others.chat_id])
    assert placed["fail_list"] == [others.chat_id]
    ask = {"msgid": placed["msgid"], "userid": "ZhangSan"}
    assert caller.post(RESULT, **ask)["send_list"] == []
    mass.confirm(MassTask.objects.get())
    assert [row["chat_id"] for row in caller.post(RESULT, **ask)["send_list"]] == [own.chat_id]


def test_results_come_in_pages_of_their_own(caller, zhang):
    ids = [befriend(zhang).contact.external_userid for _ in range(3)]
    placed = place(caller, sender="ZhangSan")
    ask = {"msgid": placed["msgid"], "userid": "ZhangSan", "limit": 2}
    first = caller.post(RESULT, **ask)
    rest = caller.post(RESULT, **ask, cursor=first["next_cursor"])
    assert [row["external_userid"] for row in first["send_list"] + rest["send_list"]] == ids
    other = place(caller, sender="ZhangSan")
    assert caller.post(RESULT, **{**ask, "msgid": other["msgid"]}, cursor=first["next_cursor"])["errcode"] == 60268
    assert caller.post(TASKS, msgid=placed["msgid"], cursor=first["next_cursor"])["errcode"] == 50100


def test_reminders_are_three_a_day_and_a_stopped_message_answers_so(caller, zhang):
    befriend(zhang)
    msgid = place(caller, sender="ZhangSan")["msgid"]
    remind = [caller.post("externalcontact/remind_groupmsg_send", msgid=msgid)["errcode"] for _ in range(4)]
    assert remind == [0, 0, 0, 41094]
    assert AppMessage.objects.filter(member=zhang).count() == 3
    assert caller.post("externalcontact/cancel_groupmsg_send", msgid=msgid)["errcode"] == 0
    assert caller.post(TASKS, msgid=msgid)["errcode"] == 41093
    assert mass.confirm(MassTask.objects.get()) is False
    assert not ChatMessage.objects.exists()


def test_messages_of_a_span_tell_whose_they_are(caller, zhang):
    tie = befriend(zhang)
    placed = place(caller, sender="ZhangSan")
    mass.send_personally(zhang, {"text": TEXT, "attachments": []}, contacts=[tie.contact_id])
    now = int(clock.now().timestamp())
    ask = {"chat_type": "single", "start_time": now - 60, "end_time": now + 60}
    both = caller.post("externalcontact/get_groupmsg_list_v2", **ask)["group_msg_list"]
    assert [one.get("creator") for one in both] == [None, "ZhangSan"]
    assert both[0]["msgid"] == placed["msgid"]
    corps = caller.post("externalcontact/get_groupmsg_list_v2", **ask, filter_type=0)["group_msg_list"]
    assert len(corps) == 1
    ask["end_time"] = now + 40 * 86_400
    assert caller.post("externalcontact/get_groupmsg_list_v2", **ask)["errcode"] == 60267


def post_moment(caller, **given) -> dict:
    placed = caller.post("externalcontact/add_moment_task", **{"text": TEXT, **given})
    return caller.get("externalcontact/get_moment_task_result", jobid=placed["jobid"]) if "jobid" in placed else placed


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ({"text": {"content": "字" * 1334}}, 40058, "invalid text size"),
        ({"text": {}}, 41089, "both empty"),
        ({"attachments": [{"msgtype": "video", "video": {}}]}, 40058, "invalid msg"),
        ({"attachments": [{"msgtype": "file", "file": {"media_id": "x"}}]}, 41065, "invalid attachments msgtype"),
        (
            {
                "attachments": [
                    {"msgtype": "image", "image": {"media_id": "x"}},
                    {"msgtype": "video", "video": {"media_id": "y"}},
                ]
            },
            41065,
            "invalid attachments msgtype",
        ),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "x"}}] * 10}, 41064, "invalid attachments size"),
        ({"attachments": [{"msgtype": "image", "image": {"media_id": "x"}}]}, 40007, "invalid media_id"),
    ],
)
def test_a_moment_that_cannot_be_placed_says_why(caller, zhang, given, code, words):
    answer = post_moment(caller, **given)
    assert answer["errcode"] == code
    assert words in answer["errmsg"]
    assert not Moment.objects.exists()


def test_files_of_a_moment_are_uploaded_for_moments(caller, zhang):
    plain, fit = make_media(), make_media(attachment_type=1)
    part = lambda media: [{"msgtype": "image", "image": {"media_id": media.media_id}}]  # noqa: E731
    assert post_moment(caller, attachments=part(plain))["errcode"] == 41072
    assert post_moment(caller, attachments=part(fit))["status"] == 3


def test_a_job_begins_runs_and_is_done(caller, zhang):
    corp.change(dispatch_seconds=10)
    jobid = caller.post("externalcontact/add_moment_task", text=TEXT)["jobid"]
    states = []
    for seconds in (0, 6, 5):
        clock.shift(seconds)
        states.append(caller.get("externalcontact/get_moment_task_result", jobid=jobid)["status"])
    assert states == [1, 2, 3]
    clock.shift(86_400)
    assert Caller().get("externalcontact/get_moment_task_result", jobid=jobid)["errcode"] == 40089
    assert Caller().get("externalcontact/get_moment_task_result", jobid="none")["errcode"] == 40088


def test_only_members_with_tagged_customers_publish_to_those(caller, zhang, li):
    tag = make_tags("宝妈")[0]
    tagged = befriend(zhang, tag_ids=[tag.tag_id])
    befriend(zhang)
    befriend(li)
    users = {"user_list": ["ZhangSan", "lisi", "nobody"]}
    audience = {"tag_list": [tag.tag_id, "etNone"]}
    done = post_moment(caller, visible_range={"sender_list": users, "external_contact_list": audience})["result"]
    assert done["invalid_sender_list"]["user_list"] == ["nobody"]
    assert done["invalid_external_contact_list"]["tag_list"] == ["etNone"]
    one = {"moment_id": done["moment_id"]}
    assert caller.post("externalcontact/get_moment_task", **one)["task_list"] == [
        {"userid": "ZhangSan", "publish_status": 0}
    ]
    ask = {**one, "userid": "ZhangSan"}
    chosen = caller.post("externalcontact/get_moment_customer_list", **ask)["customer_list"]
    assert [row["external_userid"] for row in chosen] == [tagged.contact.external_userid]
    assert caller.post("externalcontact/get_moment_send_result", **ask)["errcode"] == 41062

    assert moments.publish(MomentTask.objects.get()) is True
    assert moments.publish(MomentTask.objects.get()) is False

    seen = caller.post("externalcontact/get_moment_send_result", **ask)["customer_list"]
    assert seen == [{"external_userid": tagged.contact.external_userid}]
    assert caller.post("externalcontact/get_moment_send_result", **one, userid="lisi")["errcode"] == 41061


def test_nobody_to_publish_is_told_in_the_result(caller, zhang):
    done = post_moment(caller, visible_range={"sender_list": {"user_list": ["nobody"]}})["result"]
    assert (done["errcode"], done["moment_id"]) == (81013, "")


def test_likes_and_comments_are_shown_without_words(caller, zhang):
    tie = befriend(zhang)
    moment_id = post_moment(caller)["result"]["moment_id"]
    moments.publish(MomentTask.objects.get())
    moment = Moment.objects.get()
    MomentReaction.objects.create(moment=moment, member=zhang, contact=tie.contact, kind="like", created_at=clock.now())
    MomentReaction.objects.create(moment=moment, member=zhang, kind="comment", text="谢谢", created_at=clock.now())
    found = caller.post("externalcontact/get_moment_comments", moment_id=moment_id, userid="ZhangSan")
    assert found["like_list"][0]["external_userid"] == tie.contact.external_userid
    assert found["comment_list"][0]["userid"] == "ZhangSan"
    assert "谢谢" not in str(found)


def test_moments_of_a_span_leave_the_bounds_out_and_deleted_ones(caller, zhang):
    post_moment(caller)
    personal = moments.publish_personally(zhang, {"text": TEXT, "attachments": []})
    created = int(clock.now().timestamp())
    ask = {"start_time": created - 60, "end_time": created + 60}
    found = caller.post("externalcontact/get_moment_list", **ask)["moment_list"]
    assert [(one["create_type"], one.get("creator")) for one in found] == [(0, None), (1, "ZhangSan")]
    personal.tasks.update(deleted_at=clock.now())
    assert len(caller.post("externalcontact/get_moment_list", **ask)["moment_list"]) == 1
    ask["end_time"] = created + 31 * 86_400
    assert caller.post("externalcontact/get_moment_list", **ask)["errcode"] == 60267


def test_a_stopped_moment_is_published_by_nobody_else(caller, zhang):
    make_member("wang")
    moment_id = post_moment(caller)["result"]["moment_id"]
    first, second = MomentTask.objects.order_by("pk")
    moments.publish(first)
    assert caller.post("externalcontact/cancel_moment_task", moment_id=moment_id)["errcode"] == 0
    assert moments.publish(second) is False
    assert caller.post("externalcontact/cancel_moment_task", moment_id="momNone")["errcode"] == 41060
