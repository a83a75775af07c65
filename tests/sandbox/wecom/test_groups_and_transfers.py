"""Group chats, customers and groups that pass to others, and what is counted."""

from datetime import UTC, datetime, timedelta

import pytest

from homeground.sandbox.models import ChatMessage, CorpCallback, FriendRequest, Friendship, GroupChat, Transfer
from homeground.sandbox.services.wecom import clock, transfers
from homeground.sandbox.services.wecom.ids import new
from tests.sandbox.wecom.corp import Caller, befriend, make_contact, make_group, make_member

LIST = "externalcontact/groupchat/list"
DAY = 86_400


def test_groups_are_listed_by_owner_and_state(caller, zhang, li):
    first, second = make_group(zhang), make_group(li, status=GroupChat.Status.RESIGNED)
    make_group(li, dismissed_at=clock.now())
    page = caller.post(LIST, limit=1)
    rest = caller.post(LIST, limit=1, cursor=page["next_cursor"])
    assert [one["chat_id"] for one in page["group_chat_list"] + rest["group_chat_list"]] == [
        first.chat_id,
        second.chat_id,
    ]
    assert "next_cursor" not in rest
    own = caller.post(LIST, limit=10, owner_filter={"userid_list": ["LISI"]})["group_chat_list"]
    assert own == [{"chat_id": second.chat_id, "status": 1}]
    assert caller.post(LIST, limit=10, status_filter=1)["group_chat_list"] == own
    assert caller.post(LIST)["errcode"] == 40058


def test_a_group_shows_who_is_in_it_now(caller, zhang):
    contact = make_contact(name="小美")
    chat = make_group(zhang, contact, make_contact())
    chat.members.order_by("pk").last().delete()
    found = caller.post("externalcontact/groupchat/get", chat_id=chat.chat_id, need_name=1)["group_chat"]
    assert (found["owner"], len(found["member_version"])) == ("ZhangSan", 32)
    assert [(one["type"], one["name"]) for one in found["member_list"]] == [(1, "ZhangSan"), (2, "小美")]
    assert found["member_list"][1]["state"] == "店A"
    plain = caller.post("externalcontact/groupchat/get", chat_id=chat.chat_id)["group_chat"]
    assert "name" not in plain["member_list"][1]
    assert caller.post("externalcontact/opengid_to_chatid", opengid=chat.opengid)["chat_id"] == chat.chat_id
    GroupChat.objects.update(dismissed_at=clock.now())
    assert caller.post("externalcontact/groupchat/get", chat_id=chat.chat_id)["errcode"] == 49008
    assert caller.post("externalcontact/groupchat/get", chat_id="wrNone")["errcode"] == 86003


@pytest.fixture
def tie(zhang):
    return befriend(zhang, remark="王姐", state="店A")


def hand_over(caller, tie, takeover="lisi", path="externalcontact/transfer_customer", handover="ZhangSan"):
    ids = [tie.contact.external_userid]
    return caller.post(path, handover_userid=handover, takeover_userid=takeover, external_userid=ids)


def status(caller, path="externalcontact/transfer_result", handover="ZhangSan"):
    rows = caller.post(path, handover_userid=handover, takeover_userid="lisi")["customer"]
    return [row["status"] for row in rows]


def test_a_transfer_is_done_after_24_hours_and_told(caller, tie, li):
    assert hand_over(caller, tie)["customer"][0]["errcode"] == 0
    assert hand_over(caller, tie)["customer"][0]["errcode"] == 40129
    assert status(caller) == [2]
    clock.shift(DAY)
    caller = Caller()
    assert status(caller) == [1]
    assert status(caller) == [1]
    now = Friendship.objects.get(ended_at=None)
    assert (now.member, now.remark, now.state, now.add_way) == (li, "王姐", "店A", 202)
    assert sorted(CorpCallback.objects.values_list("name", flat=True)) == [
        "change_external_contact.add_external_contact",
        "change_external_contact.del_external_contact",
    ]
    assert "DELETE_BY_TRANSFER" in CorpCallback.objects.get(name__contains="del_").xml


def test_a_refused_transfer_leaves_the_customer_where_they_were(caller, tie, li):
    hand_over(caller, tie)
    assert transfers.refuse(Transfer.objects.get()) is True
    assert transfers.refuse(Transfer.objects.get()) is False
    clock.shift(DAY)
    assert status(Caller()) == [3]
    assert Friendship.objects.get().ended_at is None
    assert "customer_refused" in CorpCallback.objects.get().xml


def test_who_is_friends_with_both_is_not_added_twice(caller, tie, li):
    befriend(li, tie.contact)
    hand_over(caller, tie)
    clock.shift(DAY)
    assert transfers.settle() == 1
    assert transfers.settle() == 0
    assert list(Friendship.objects.filter(ended_at=None).values_list("member", flat=True)) == [li.pk]


def test_twice_in_ninety_days_is_enough(caller, tie, zhang, li):
    for giver, taker in (("ZhangSan", "lisi"), ("lisi", "ZhangSan"), ("ZhangSan", "lisi")):
        last = hand_over(caller, tie, takeover=taker, handover=giver)["customer"][0]["errcode"]
        clock.shift(DAY)
        caller = Caller()
        transfers.settle()
    assert last == 40128
    clock.shift(90 * DAY)
    assert hand_over(Caller(), tie)["customer"][0]["errcode"] == 0


def test_a_transfer_that_cannot_begin_says_why(caller, tie, zhang, li):
    full = make_member("full", customer_cap=0)
    stranger = befriend(li)
    assert hand_over(caller, tie, takeover="ZhangSan")["errcode"] == 40130
    assert hand_over(caller, tie, takeover="nobody")["errcode"] == 60111
    assert hand_over(caller, tie, takeover=full.userid)["customer"][0]["errcode"] == 40099
    assert hand_over(caller, stranger)["customer"][0]["errcode"] == 40131
    stranger.contact.external_userid = "wmNone"
    assert hand_over(caller, stranger)["customer"][0]["errcode"] == 40096
    assert hand_over(caller, tie, path="externalcontact/resigned/transfer_customer")["errcode"] == 40097
    assert not Transfer.objects.exists()


def test_customers_of_who_left_wait_to_be_taken_over(caller, li):
    gone = make_member("gone", resigned_at=clock.now())
    ties = [befriend(gone) for _ in range(3)]
    first = caller.post("externalcontact/get_unassigned_list", page_size=2)
    rest = caller.post("externalcontact/get_unassigned_list", page_size=2, cursor=first["next_cursor"])
    assert (first["is_last"], len(first["info"]), rest["is_last"], len(rest["info"])) == (False, 2, True, 1)
    path = "externalcontact/resigned/transfer_customer"
    assert hand_over(caller, ties[0], path=path, handover="gone")["customer"][0]["errcode"] == 0
    assert len(caller.post("externalcontact/get_unassigned_list")["info"]) == 2
    clock.shift(DAY)
    assert status(Caller(), "externalcontact/resigned/transfer_result", "gone") == [1]
    assert list(CorpCallback.objects.values_list("name", flat=True)) == ["change_external_contact.add_external_contact"]


def test_groups_pass_from_serving_and_from_resigned_owners(caller, zhang, li):
    gone = make_member("gone", resigned_at=clock.now())
    left, serving = make_group(gone), make_group(zhang)
    ids = [left.chat_id, serving.chat_id, "wrNone"]
    ask = {"chat_id_list": ids, "new_owner": "lisi"}
    resigned = caller.post("externalcontact/groupchat/transfer", **ask)["failed_chat_list"]
    assert {one["chat_id"]: one["errcode"] for one in resigned} == {serving.chat_id: 90500, "wrNone": 90501}
    onjob = caller.post("externalcontact/groupchat/onjob_transfer", **ask)["failed_chat_list"]
    assert {one["chat_id"]: one["errcode"] for one in onjob} == {left.chat_id: 90504, "wrNone": 90501}
    assert set(GroupChat.objects.values_list("owner__userid", flat=True)) == {"lisi"}
    move = lambda owner: caller.post(  # noqa: E731
        "externalcontact/groupchat/onjob_transfer", chat_id_list=[serving.chat_id], new_owner=owner
    )["failed_chat_list"]
    assert move("ZhangSan") == []
    assert move("lisi")[0]["errcode"] == 40128


def say(tie, at, *, by_customer):
    ChatMessage.objects.create(
        msgid=new("m"), friendship=tie, member=tie.member, contact=tie.contact, is_from_customer=by_customer,
        text="在吗", sent_at=at,
    )  # fmt: skip


def test_behaviour_is_summed_over_members_by_day(caller, zhang, li):
    day = datetime(2026, 11, 20, 2, tzinfo=UTC)
    clock.shift(int((day - clock.now()).total_seconds()) + 2 * DAY)
    answered, waiting = befriend(zhang, at=day), befriend(li, at=day)
    Friendship.objects.create(
        member=li, contact=make_contact(), created_at=day - timedelta(days=9), interacted_at=day, ended_at=day,
        ending="by_customer",
    )  # fmt: skip
    FriendRequest.objects.create(member=li, contact=make_contact(), is_from_member=True, created_at=day)
    say(answered, day, by_customer=True)
    say(answered, day + timedelta(minutes=10), by_customer=False)
    say(waiting, day, by_customer=True)
    ChatMessage.objects.create(
        msgid="b", friendship=waiting, member=li, contact=waiting.contact, is_from_customer=False, is_broadcast=True,
        sent_at=day + timedelta(minutes=1),
    )  # fmt: skip
    caller, since = Caller(), int((day - timedelta(days=1)).timestamp())
    ask = {"userid": ["ZhangSan", "lisi"], "start_time": since, "end_time": int(day.timestamp())}
    quiet, busy = caller.post("externalcontact/get_user_behavior_data", **ask)["behavior_data"]
    assert "reply_percentage" not in quiet
    assert busy == {
        "stat_time": int(datetime(2026, 11, 19, 16, tzinfo=UTC).timestamp()),
        "new_apply_cnt": 1,
        "new_contact_cnt": 2,
        "chat_cnt": 1,
        "message_cnt": 1,
        "negative_feedback_cnt": 1,
        "reply_percentage": 50.0,
        "avg_reply_time": 10,
    }
    assert caller.post("externalcontact/get_user_behavior_data", **{**ask, "userid": []})["errcode"] == 81012
    long = {**ask, "start_time": since - 40 * DAY}
    assert caller.post("externalcontact/get_user_behavior_data", **long)["errcode"] == 60267


def test_groups_are_counted_by_owner_and_by_day(caller, zhang, li):
    chat = make_group(zhang, make_contact(), make_contact())
    make_group(li)
    place = chat.members.filter(contact__isnull=False).first()
    ChatMessage.objects.create(
        msgid="g", chat=chat, contact=place.contact, is_from_customer=True, text="好", sent_at=clock.now()
    )
    now = int(clock.now().timestamp())
    ask = {"day_begin_time": now, "owner_filter": {"userid_list": ["ZhangSan", "lisi"]}, "order_by": 4}
    answer = caller.post("externalcontact/groupchat/statistic", **ask)
    assert (answer["total"], [item["owner"] for item in answer["items"]]) == (2, ["ZhangSan", "lisi"])
    assert answer["items"][0]["data"] == {
        "new_chat_cnt": 1,
        "chat_total": 1,
        "chat_has_msg": 1,
        "new_member_cnt": 3,
        "member_total": 3,
        "member_has_msg": 1,
        "msg_total": 1,
        "migrate_trainee_chat_cnt": 0,
    }
    days = caller.post("externalcontact/groupchat/statistic_group_by_day", **{**ask, "day_begin_time": now - DAY})
    assert [item["data"]["member_total"] for item in days["items"]] == [0]
    span = {**ask, "day_begin_time": now - DAY, "day_end_time": now}
    days = caller.post("externalcontact/groupchat/statistic_group_by_day", **span)
    assert [item["data"]["member_total"] for item in days["items"]] == [0, 4]
