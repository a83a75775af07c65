"""What each kind of callback changes, once, whatever the platform does meanwhile."""

import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.db import connection

from homeground.core import time
from homeground.people.models import Customer, CustomerTag, Identity
from homeground.wecom.models import Callback, CorpTag, ExternalContact, Follow, GroupChat, GroupMember
from homeground.wecom.services import callbacks
from homeground.wecom.services.callbacks import listening
from tests.wecom.sealing import post, told
from tests.wecom.stream import facts

pytestmark = pytest.mark.django_db(transaction=True)  # What is read is read by threads.
T0 = 1760000000


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def contact(change: str, at: int = T0, userid: str = "ZhangSan", external: str = "wm1", **fields: str) -> bytes:
    return told("change_external_contact", change, at, UserID=userid, ExternalUserID=external, **fields)


def handle(client, *messages: bytes) -> None:
    for message in messages:
        assert post(client, message).status_code == 200
    callbacks.handle_waiting()


def test_an_addition_makes_contact_customer_friend_and_tells_it_once(client, small):
    small.befriend(
        "zhangsan", "wm1", T0 + 1, name="小明", state="door-1", remark="明哥", remark_mobiles=["13800000001"]
    )
    small.contacts["wm1"][0]["unionid"] = "union-1"

    handle(client, contact("add_external_contact", State="door-1"))
    handle(client, contact("add_external_contact", State="door-1"))

    friend = Follow.objects.get()
    assert (friend.staff.userid, friend.contact.external_userid, friend.remark) == ("zhangsan", "wm1", "明哥")
    assert (friend.began_at, friend.state, friend.is_pending, friend.ended_at) == (
        moment(T0 + 1),
        "door-1",
        False,
        None,
    )
    customer = Customer.objects.get()
    assert (customer.name, customer.source, friend.contact.customer_id) == ("小明", "wecom", customer.pk)
    identities = set(Identity.objects.values_list("kind", "value"))
    assert identities == {("wecom_external", "wm1"), ("unionid", "union-1")}
    assert facts("wecom.friend_added") == [(customer.pk, {"userid": "zhangsan", "state": "door-1", "add_way": 1})]
    assert Callback.objects.get().state == "handled"


def test_a_half_addition_and_its_addition_are_one_friendship(client, small):
    small.befriend("zhangsan", "wm1", T0)
    handle(client, contact("add_half_external_contact", T0, State="d"))

    pending = Follow.objects.get()
    assert (pending.is_pending, pending.requested_at) == (True, moment(T0))
    assert not facts("wecom.friend_added")

    small.befriend("zhangsan", "wm1", T0 + 600)
    handle(client, contact("add_external_contact", T0 + 600, State="d"))

    friend = Follow.objects.get()
    assert (friend.pk, friend.is_pending, friend.requested_at) == (pending.pk, False, moment(T0))
    assert len(facts("wecom.friend_requested")) == len(facts("wecom.friend_added")) == 1


def test_a_half_addition_told_after_the_addition_changes_nothing(client, small):
    small.befriend("zhangsan", "wm1", T0)

    handle(client, contact("add_external_contact", T0 + 1))
    handle(client, contact("add_half_external_contact", T0))

    assert not Follow.objects.get().is_pending
    assert len(facts("wecom.friend_added")) == 1


@pytest.mark.parametrize(
    ("change", "more", "ending", "fact"),
    [
        ("del_external_contact", {}, "by_staff", "wecom.friend_removed_by_staff"),
        ("del_follow_user", {}, "by_customer", "wecom.friend_removed_by_customer"),
        ("del_external_contact", {"Source": "DELETE_BY_TRANSFER"}, "transferred", "wecom.friend_transferred"),
    ],
)
def test_a_friendship_that_ends_stays_as_history_and_a_new_one_opens_another_row(
    client, small, change, more, ending, fact
):
    small.befriend("zhangsan", "wm1", T0)
    handle(client, contact("add_external_contact", T0))
    small.part("zhangsan", "wm1")
    handle(client, contact(change, T0 + 100, **more))
    handle(client, contact(change, T0 + 100, **more))
    small.befriend("zhangsan", "wm1", T0 + 200)
    handle(client, contact("add_external_contact", T0 + 200))

    rows = Follow.objects.order_by("pk").values_list("began_at", "ended_at", "ending")
    assert list(rows) == [(moment(T0), moment(T0 + 100), ending), (moment(T0 + 200), None, "")]
    assert len(facts(fact)) == 1
    assert len(facts("wecom.friend_added")) == 2


def test_an_addition_that_is_over_before_it_is_handled_is_kept_as_history(client, small):
    handle(client, contact("add_external_contact", T0, State="d"), contact("del_follow_user", T0 + 5))

    friend = Follow.objects.get()
    assert (friend.began_at, friend.ended_at, friend.ending) == (moment(T0), moment(T0 + 5), "by_customer")
    assert len(facts("wecom.friend_added")) == len(facts("wecom.friend_removed_by_customer")) == 1


def test_callbacks_out_of_order_end_in_the_same_history(client, small):
    small.befriend("zhangsan", "wm1", T0 + 50)

    handle(client, contact("del_follow_user", T0 + 20))
    handle(client, contact("add_external_contact", T0 + 50))
    handle(client, contact("add_external_contact", T0))

    assert Follow.objects.get(ended_at=None).began_at == moment(T0 + 50)


def test_an_end_told_late_does_not_end_the_friendship_that_began_since(client, small):
    small.befriend("zhangsan", "wm1", T0)
    handle(client, contact("add_external_contact", T0))
    small.befriend("zhangsan", "wm1", T0 + 500)
    handle(client, contact("add_external_contact", T0 + 500))

    handle(client, contact("del_follow_user", T0 + 400))

    old, new = Follow.objects.order_by("began_at")
    assert (old.ending, old.ended_at) == ("by_customer", moment(T0 + 400))
    assert new.ended_at is None


def test_an_edit_brings_remark_and_tags(client, small):
    small.tag_groups = [{"group_id": "etg", "group_name": "意向", "tag": [{"id": "et1", "name": "高"}]}]
    small.befriend("zhangsan", "wm1", T0)
    handle(client, contact("add_external_contact"))
    small.befriend(
        "zhangsan", "wm1", T0, remark="常客", tags=[{"tag_id": "et1", "type": 1}, {"tag_name": "个人", "type": 2}]
    )

    handle(client, contact("edit_external_contact", T0 + 9))

    assert Follow.objects.get().remark == "常客"
    put = CustomerTag.objects.get()
    assert (put.tag.name, put.tag.group, put.origin, put.source) == ("高", "意向", "import", "wecom")


def test_a_tag_taken_off_there_goes_here_too(client, small):
    test_an_edit_brings_remark_and_tags(client, small)
    small.befriend("zhangsan", "wm1", T0, tags=[])

    handle(client, contact("edit_external_contact", T0 + 20))

    assert not CustomerTag.objects.exists()


def test_tags_of_the_corp_are_read_anew_when_told(client, small):
    small.tag_groups = [{"group_id": "etg", "group_name": "意向", "tag": [{"id": "et1", "name": "高", "order": 2}]}]
    handle(client, told("change_external_tag", "create", Id="et1", TagType="tag"))
    small.tag_groups = []
    handle(client, told("change_external_tag", "delete", T0 + 1, Id="et1", TagType="tag"))

    assert CorpTag.objects.get().is_deleted


def test_a_refused_transfer_is_told(client, small):
    handle(client, contact("transfer_fail", FailReason="customer_refused"))

    assert facts("wecom.transfer_refused") == [(None, {"userid": "zhangsan", "reason": "customer_refused"})]


def group(version: str, *members: tuple[str, int, int], name: str = "群") -> dict:
    rows = [{"userid": who, "type": kind, "join_time": at, "join_scene": 3, "state": "g1"} for who, kind, at in members]
    return {"chat_id": "wr1", "name": name, "owner": "zhangsan", "create_time": T0, "member_version": version,
            "member_list": rows}  # fmt: skip


def chat(change: str, at: int = T0, **fields) -> bytes:
    return told("change_external_chat", change, at, ChatId="wr1", **fields)


def test_a_group_comes_with_its_members(client, small):
    small.groups["wr1"] = group("v1", ("zhangsan", 1, T0), ("wm1", 2, T0 + 3))

    handle(client, chat("create"))

    found = GroupChat.objects.get()
    assert (found.name, found.owner.userid, found.member_version) == ("群", "zhangsan", "v1")
    assert facts("wecom.group_joined") == [
        (Customer.objects.get().pk, {"chat_id": "wr1", "state": "g1", "join_scene": 3})
    ]


def test_who_leaves_from_the_version_we_have_is_noted_without_asking(client, small):
    test_a_group_comes_with_its_members(client, small)
    small.asked.clear()

    handle(client, chat("update", T0 + 60, UpdateDetail="del_member", QuitScene=1, MemChangeList=["wm1"],
                        LastMemVer="v1", CurMemVer="v2"))  # fmt: skip

    assert not small.calls("externalcontact/groupchat/get")
    gone = GroupMember.objects.get(member_id="wm1")
    assert gone.left_at == moment(T0 + 60)
    assert GroupChat.objects.get().member_version == "v2"
    assert [fact["was_removed"] for _customer, fact in facts("wecom.group_left")] == [True]


def test_from_another_version_the_group_is_read_anew(client, small):
    test_a_group_comes_with_its_members(client, small)
    small.groups["wr1"] = group("v9", ("zhangsan", 1, T0), ("wm2", 2, T0 + 70))

    handle(client, chat("update", T0 + 80, UpdateDetail="del_member", QuitScene=0, MemChangeList=["wm1"],
                        LastMemVer="v8", CurMemVer="v9"))  # fmt: skip

    inside = GroupMember.objects.filter(left_at=None).values_list("member_id", flat=True)
    assert set(inside) == {"zhangsan", "wm2"}
    assert len(facts("wecom.group_joined")) == 2
    assert len(facts("wecom.group_left")) == 1


def test_details_that_lag_behind_what_was_told_are_read_again_later(client, small):
    test_a_group_comes_with_its_members(client, small)
    message = chat("update", T0 + 80, UpdateDetail="add_member", MemChangeList=["wm2"], LastMemVer="v1", CurMemVer="v2")

    handle(client, message)
    waiting = Callback.objects.get(state="waiting")
    assert "lag" in waiting.error

    small.groups["wr1"] = group("v2", ("zhangsan", 1, T0), ("wm1", 2, T0 + 3), ("wm2", 2, T0 + 70))
    callbacks.replay_failed()
    callbacks.handle_waiting()

    assert GroupMember.objects.filter(left_at=None).count() == 3


def test_who_comes_back_opens_another_row(client, small):
    test_who_leaves_from_the_version_we_have_is_noted_without_asking(client, small)
    small.groups["wr1"] = group("v3", ("zhangsan", 1, T0), ("wm1", 2, T0 + 100))

    handle(client, chat("update", T0 + 100, UpdateDetail="add_member", MemChangeList=["wm1"], LastMemVer="v2",
                        CurMemVer="v3"))  # fmt: skip

    assert GroupMember.objects.filter(member_id="wm1").count() == 2
    assert len(facts("wecom.group_joined")) == 2


def test_a_dismissed_group_keeps_its_history(client, small):
    test_a_group_comes_with_its_members(client, small)

    handle(client, chat("dismiss", T0 + 500))

    assert GroupChat.objects.get().dismissed_at == moment(T0 + 500)
    assert not GroupMember.objects.filter(left_at=None).exists()


def test_the_first_message_after_an_acquisition_link_is_told(client, small):
    small.befriend("zhangsan", "wm1", T0)
    handle(client, contact("add_external_contact"))

    handle(client, told("customer_acquisition", "customer_start_chat", T0 + 8, UserID="ZhangSan", ExternalUserID="wm1",
                        LinkId="ca1"))  # fmt: skip

    assert facts("wecom.chat_started") == [(None, {"userid": "zhangsan", "link_id": "ca1"})]
    assert Follow.objects.get().talked_at == moment(T0 + 8)


def test_while_the_platform_fails_a_callback_waits_with_the_reason_and_is_handled_later(client, small):
    small.befriend("zhangsan", "wm1", T0)
    small.failures["externalcontact/get"] = [httpx.ReadTimeout("slow")] * 4

    handle(client, contact("add_external_contact"))

    waiting = Callback.objects.get()
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert waiting.error
    assert waiting.try_at > time.now()
    assert not Follow.objects.exists()

    callbacks.replay(waiting.pk)
    callbacks.handle_waiting()
    assert Follow.objects.exists()
    assert Callback.objects.get().state == "handled"


def test_after_the_last_try_it_is_shown_as_failed_and_can_be_replayed(client, small):
    post(client, contact("add_external_contact"))
    Callback.objects.update(attempts=9)
    small.failures["externalcontact/get"] = [48002]

    callbacks.handle_waiting()
    assert Callback.objects.get().state == "failed"

    small.befriend("zhangsan", "wm1", T0)
    assert callbacks.replay_failed() == 1
    callbacks.handle_waiting()
    assert Callback.objects.get().state == "handled"
    assert Follow.objects.count() == 1


def test_one_that_fails_holds_up_only_its_own_contact(client, small):
    small.befriend("zhangsan", "wm1", T0)
    small.befriend("zhangsan", "wm2", T0)
    small.failures["externalcontact/get"] = [48002]  # Both are read at once: either may meet it.

    handle(client, contact("add_external_contact"), contact("edit_external_contact", T0 + 1),
           contact("add_external_contact", external="wm2"))  # fmt: skip

    kept = set(Follow.objects.values_list("contact__external_userid", flat=True))
    held = set(Callback.objects.filter(state="waiting").values_list("subject", flat=True))
    assert len(kept) == len(held) == 1
    assert kept | held == {"wm1", "wm2"}
    assert Callback.objects.filter(state="handled").count() == Callback.objects.filter(subject__in=kept).count()


def test_a_claim_whose_worker_died_runs_out(client, small, monkeypatch):
    small.befriend("zhangsan", "wm1", T0)
    post(client, contact("add_external_contact"))
    Callback.objects.update(try_at=time.now() + timedelta(minutes=3), attempts=1)
    assert callbacks.handle_waiting() == 0

    real = time.now
    monkeypatch.setattr(time, "now", lambda: real() + timedelta(minutes=4))
    assert callbacks.handle_waiting() == 1


def test_rooms_above_hear_of_what_this_room_only_keeps(client, small, monkeypatch):
    heard = []
    monkeypatch.setattr(listening, "_listeners", listening._listeners.copy())
    callbacks.on_told("kf_msg_or_event")(heard.extend)

    handle(client, told("kf_msg_or_event", Token="t", OpenKfId="wk1"))

    assert [(one.event, one.fields["OpenKfId"]) for one in heard] == [("kf_msg_or_event", "wk1")]


def test_eight_workers_handle_each_callback_once_and_in_order(client, small):
    for number in range(40):
        external = f"wm{number % 10}"
        post(
            client,
            contact("add_external_contact" if number < 10 else "del_follow_user", T0 + number, external=external),
        )
    for number in range(10):
        small.befriend("zhangsan", f"wm{number}", T0 + number)

    def work():
        callbacks.handle_waiting()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not Callback.objects.exclude(state="handled").exists()
    assert Follow.objects.count() == ExternalContact.objects.count() == 10
    assert len(facts("wecom.friend_added")) == len(facts("wecom.friend_removed_by_customer")) == 10


def test_after_ninety_days_what_was_handled_goes_and_what_was_not_stays(client, small):
    small.befriend("zhangsan", "wm1", T0)
    handle(client, *(contact("add_external_contact", at) for at in (T0, T0 + 1, T0 + 2)))
    old, failed, new = Callback.objects.order_by("pk")
    Callback.objects.exclude(pk=new.pk).update(received_at=time.now() - timedelta(days=91))
    Callback.objects.filter(pk=failed.pk).update(state="failed")

    assert callbacks.forget_old() == 1
    assert not Callback.objects.filter(pk=old.pk).exists()
    assert Callback.objects.count() == 2
    assert Follow.objects.exists()
