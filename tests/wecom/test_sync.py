"""Our copy in step with a small platform: whole, interrupted, repeated; and what differs."""

import threading
from datetime import UTC, datetime
from unittest.mock import patch

import httpx
import pytest
from django.db import connection

from homeground.people.models import Customer, CustomerTag
from homeground.people.queries import survivors
from homeground.people.services import AttributeGiven, Sighting, find_customers, set_attributes, tag, untag
from homeground.wecom.client import Failure
from homeground.wecom.errors import NotConnected, SyncRunning
from homeground.wecom.models import (
    CorpTag,
    Difference,
    Follow,
    FollowTag,
    GroupChat,
    GroupMember,
    Staff,
    SyncPart,
    SyncRun,
)
from homeground.wecom.services import drift, sync, tags
from homeground.wecom.services.turn import sync_turn
from tests.wecom.stream import facts

pytestmark = pytest.mark.django_db(transaction=True)
T0 = 1760000000


@pytest.fixture
def filled(small):
    """Three members with five friends each, of which two are shared; a tag and a group."""
    small.tag_groups = [{"group_id": "etg", "group_name": "意向", "tag": [{"id": "et1", "name": "高"}]}]
    for number, userid in enumerate(["a", "b", "c"]):
        for friend in range(5):
            external = f"wm{friend}" if friend < 2 else f"wm{userid}{friend}"
            tags_put = [{"tag_id": "et1", "type": 1}] if friend == 2 else []
            small.befriend(userid, external, T0 + number * 100 + friend, remark=f"r{friend}", tags=tags_put, state="s")
    small.groups["wr1"] = {
        "chat_id": "wr1", "name": "群", "owner": "a", "create_time": T0, "member_version": "v1",
        "member_list": [{"userid": "a", "type": 1, "join_time": T0}, {"userid": "wm0", "type": 2, "join_time": T0 + 1}],
    }  # fmt: skip
    return small


def differences() -> list[tuple[str, str, str]]:
    found = Difference.objects.filter(report=drift.compare())
    return sorted(found.values_list("subject", "key", "why"))


def test_a_full_sync_brings_everything_and_differs_in_nothing(filled):
    run = sync.run(full=True)

    run.refresh_from_db()
    assert run.finished_at
    assert {name: run.counts[name] for name in ("staff", "follows", "new", "ended", "groups", "members")} == {
        "staff": 3, "follows": 15, "new": 15, "ended": 0, "groups": 1, "members": 2,
    }  # fmt: skip
    assert set(Staff.objects.values_list("userid", "name")) == {("a", "员工a"), ("b", "员工b"), ("c", "员工c")}
    assert Follow.objects.filter(ended_at=None).count() == 15
    assert Customer.objects.count() == 11
    assert CustomerTag.objects.filter(tag__name="高").count() == 3
    assert (GroupChat.objects.count(), GroupMember.objects.count()) == (1, 2)
    assert differences() == []


def test_friends_of_long_ago_are_told_at_their_own_time(filled):
    sync.run(full=True)

    from homeground.events.models import StreamEvent

    found = StreamEvent.objects.filter(name="wecom.friend_added")
    assert found.count() == 15
    assert max(found.values_list("happened_at", flat=True)) == datetime.fromtimestamp(T0 + 204, UTC)


def test_a_repeat_changes_and_tells_nothing(filled):
    sync.run(full=True)
    before = list(Follow.objects.order_by("pk").values_list("pk", "began_at", "remark"))

    sync.run(full=True)

    assert list(Follow.objects.order_by("pk").values_list("pk", "began_at", "remark")) == before
    assert len(facts("wecom.friend_added")) == 15
    assert len(facts("wecom.group_joined")) == 1


def test_what_is_not_there_any_more_ends_and_stays_as_history(filled):
    sync.run(full=True)
    filled.part("a", "wm0")
    sync.run(full=True)

    ended = Follow.objects.get(ended_at__isnull=False)
    assert (ended.staff.userid, ended.contact.external_userid, ended.ending) == ("a", "wm0", "not_there")

    filled.befriend("a", "wm0", T0 + 9000)
    sync.run(full=True)
    assert Follow.objects.filter(staff__userid="a", contact__external_userid="wm0").count() == 2
    assert differences() == []


def test_one_that_was_missing_for_a_while_is_the_same_friendship(filled):
    sync.run(full=True)
    kept = filled.contacts["wm0"][1].pop("a")
    sync.run(full=True)
    filled.contacts["wm0"][1]["a"] = kept
    sync.run(full=True)

    assert Follow.objects.filter(staff__userid="a", contact__external_userid="wm0").count() == 1
    assert len(facts("wecom.friend_added")) == 15


def test_one_that_was_removed_and_added_unseen_is_two(filled):
    sync.run(full=True)
    filled.befriend("a", "wm0", T0 + 9000)
    sync.run(full=True)

    rows = Follow.objects.filter(staff__userid="a", contact__external_userid="wm0").order_by("began_at")
    assert [row.ending for row in rows] == ["not_there", ""]


def test_friends_bear_their_nicknames_until_somebody_says_otherwise(filled):
    sync.run(full=True)
    assert set(Customer.objects.values_list("name", flat=True)) == set(filled.contacts)

    filled.contacts["wm0"][0]["name"] = "小美"
    filled.contacts["wm1"][0]["name"] = "小丽"
    known = Customer.objects.get(name="wm1")
    set_attributes([AttributeGiven(known.pk, "name", "王丽", "crm", datetime.now(UTC))])
    sync.run(full=True)

    assert Customer.objects.filter(name="小美").count() == 1
    known.refresh_from_db()
    assert known.name == "王丽"


def test_who_is_known_is_not_asked_for_again_but_a_unionid_that_comes_later_is(filled):
    sync.run(full=True)
    [member] = find_customers([Sighting([("unionid", "u1"), ("member_no", "7")], datetime.now(UTC), "crm")])
    friend = Follow.objects.filter(contact__external_userid="wm0")[0].contact.customer_id

    filled.contacts["wm0"][0]["unionid"] = "u1"
    sync.run(full=True)

    assert survivors([member, friend])[member] == survivors([member, friend])[friend]
    with patch("homeground.people.services.find_customers") as asked:
        sync.run_member("a")
    asked.assert_not_called()


def test_an_incremental_sync_reads_only_whose_list_differs(filled):
    sync.run(full=True)
    filled.befriend("b", "wmnew", T0 + 9000)
    filled.asked.clear()

    run = sync.run()

    asked = {tuple(given["userid_list"]) for given in filled.calls("externalcontact/batch/get_by_user")}
    assert asked == {("b",)}
    run.refresh_from_db()
    assert run.counts["new"] == 1


@pytest.mark.parametrize("failure", [httpx.ReadTimeout("slow"), httpx.ConnectError("down"), httpx.Response(502), -1])
def test_a_sync_that_the_platform_breaks_off_goes_on_where_it_stopped(filled, failure):
    filled.failures["externalcontact/batch/get_by_user"] = [None, None, *[failure] * 16]

    with pytest.raises(Failure):
        sync.run(full=True)
    stopped = SyncRun.objects.get()
    assert stopped.error
    assert stopped.finished_at is None

    filled.failures.clear()
    run = sync.run(full=True)
    assert run.pk == stopped.pk
    assert Follow.objects.filter(ended_at=None).count() == 15
    assert differences() == []


def test_a_cursor_that_is_too_old_begins_that_member_anew(filled):
    filled.staff = ["a"]
    filled.failures["externalcontact/batch/get_by_user"] = [None] + [httpx.ConnectError("down")] * 4
    with pytest.raises(Failure):
        sync.run(full=True)
    assert SyncPart.objects.exclude(cursor="").exists()

    filled.failures["externalcontact/batch/get_by_user"] = [50100]
    sync.run(full=True)
    assert differences() == []


def test_a_member_whom_the_platform_will_not_show_is_passed_over(filled):
    filled.staff.append("d")
    filled.failures["externalcontact/batch/get_by_user"] = [84061]

    sync.run(full=True)

    assert SyncPart.objects.filter(is_done=False).count() == 0


def test_two_at_once_are_one(filled):
    held, done = threading.Event(), threading.Event()

    def hold():
        with sync_turn() as mine:
            assert mine
            held.set()
            done.wait(10)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    try:
        assert sync.is_running()
        with pytest.raises(SyncRunning):
            sync.run()
    finally:
        done.set()
        other.join()
    assert not SyncRun.objects.exists()


def test_without_a_corp_there_is_nothing_to_sync(transactional_db):
    with pytest.raises(NotConnected):
        sync.run()


def test_what_differs_is_named_with_the_reason(filled):
    sync.run(full=True)
    filled.befriend("a", "wmnew", T0 + 9000)
    filled.part("b", "wm0")
    filled.befriend("c", "wm0", T0 + 200, remark="changed", state="s")
    filled.groups["wr1"]["member_list"].append({"userid": "wm1", "type": 2, "join_time": T0 + 5})

    assert differences() == [
        ("follow", "wm0", "no_callback"),
        ("follow", "wmnew", "no_callback"),
        ("follow.remark", "wm0", "through_api"),
        ("group_member", "wr1", "no_callback"),
    ]
    for userid in ("a", "b", "c"):
        sync.run_member(userid)
    assert [subject for subject, _key, _why in differences()] == ["group_member"]


def test_before_any_sync_everything_differs_because_it_was_not_synced(filled):
    assert {why for subject, _key, why in differences() if subject == "follow"} == {"not_synced"}


def test_our_tag_goes_to_the_platform_and_comes_off_there_again(filled):
    sync.run(full=True)
    ours = CorpTag.objects.get().people_tag
    customer = Follow.objects.get(staff__userid="a", contact__external_userid="wma4").contact.customer_id

    tag([customer], "高", "manual", "me")
    assert tags.push([ours.pk]).marked == 1
    assert filled.contacts["wma4"][1]["a"]["tags"] == [{"tag_id": "et1", "type": 1}]
    assert tags.push().marked == 0
    sync.run(full=True)
    assert differences() == []

    untag([customer], "高")
    assert tags.push().marked == 1
    assert filled.contacts["wma4"][1]["a"]["tags"] == []
    sync.run(full=True)
    assert not CustomerTag.objects.filter(customer=customer).exists()
    assert tags.push().marked == 0


def test_a_tag_taken_off_on_the_platform_comes_off_here_and_is_not_put_back(filled):
    sync.run(full=True)
    filled.contacts["wma2"][1]["a"]["tags"] = []

    sync.run(full=True)

    assert CustomerTag.objects.filter(tag__name="高").count() == 2
    assert FollowTag.objects.count() == 2
    assert tags.push().marked == 0


def test_tags_that_mark_a_moments_audience_are_no_tags_of_customers(filled):
    filled.tag_groups.append(
        {"group_id": "etp", "group_name": "主场·朋友圈可见范围", "tag": [{"id": "etp1", "name": "x"}]}
    )
    filled.befriend("a", "wm0", T0, tags=[{"tag_id": "etp1", "type": 1}], remark="r0", state="s")

    sync.run(full=True)

    assert not CustomerTag.objects.filter(tag__name="x").exists()
    assert not FollowTag.objects.filter(tag__tag_id="etp1").exists()
    assert differences() == []


def test_same_names_in_two_groups_are_two_tags_of_ours(filled):
    filled.tag_groups.append({"group_id": "et2g", "group_name": "消费", "tag": [{"id": "et2", "name": "高"}]})

    sync.run(full=True)

    assert set(CorpTag.objects.values_list("people_tag__name", flat=True)) == {"高", "消费/高"}
