"""Handing over: batches of 100, refusals kept apart, nothing asked twice, fates found out."""

from collections import Counter
from datetime import timedelta

import httpx
import pytest

from homeground.core import time
from homeground.events.models import StreamEvent
from homeground.service.models import Handover, HandoverItem
from homeground.service.services import handover as services
from homeground.wecom.models import Follow
from tests.service.handover.world import make_friend, make_friends, make_group, make_staff, rest
from tests.wecom.client.played import error

TRANSFER, RESULT = "externalcontact/transfer_customer", "externalcontact/transfer_result"
GROUPS = "externalcontact/groupchat/onjob_transfer"


@pytest.fixture
def pair(wecom):
    return make_staff("giver"), make_staff("taker")


def begin(giver, taker, **more) -> Handover:
    handover = services.plan_handover(giver, [rest(taker)], **more)
    return services.start_handover(handover.pk)


def taken(asked):
    return {"customer": [{"external_userid": external, "errcode": 0} for external in asked.body["external_userid"]]}


def states(handover: Handover) -> Counter[str]:
    return Counter(handover.items.values_list("state", flat=True))


def results(handover: Handover, status: int, at=None) -> dict:
    seconds = int((at or time.now()).timestamp()) if status == 1 else 0
    found = handover.items.values_list("contact__external_userid", flat=True)
    return {"customer": [{"external_userid": one, "status": status, "takeover_time": seconds} for one in found]}


def test_customers_go_in_batches_of_a_hundred_with_the_words(pair, platform):
    giver, taker = pair
    make_friends(giver, 205)
    platform.answers[TRANSFER] = taken
    handover = begin(giver, taker, message="换小李服务您")

    services.run_handover(handover.pk)

    calls = platform.calls(TRANSFER)
    assert [len(asked.body["external_userid"]) for asked in calls] == [100, 100, 5]
    assert {asked.body["transfer_success_msg"] for asked in calls} == {"换小李服务您"}
    assert states(handover) == {"waiting": 205}
    handover.refresh_from_db()
    assert (handover.state, handover.error) == ("waiting", "")


def test_a_second_run_asks_nothing(pair, platform):
    giver, taker = pair
    make_friend(giver)
    platform.answers[TRANSFER] = taken
    handover = begin(giver, taker)
    services.run_handover(handover.pk)
    services.run_handover(handover.pk)

    assert len(platform.calls(TRANSFER)) == 1


def test_each_refused_customer_keeps_its_code_and_the_rest_waits(pair, platform):
    giver, taker = pair
    often, fine = make_friend(giver), make_friend(giver)
    platform.answers[TRANSFER] = {
        "customer": [
            {"external_userid": often.external_userid, "errcode": 40128},
            {"external_userid": fine.external_userid, "errcode": 0},
        ]
    }
    handover = begin(giver, taker)

    services.run_handover(handover.pk)

    refused = handover.items.get(contact=often)
    assert (refused.state, refused.code) == ("failed", 40128)
    assert handover.items.get(contact=fine).state == "waiting"


def test_a_handed_over_customer_ends_the_old_friendship_and_tells_it_once(pair, platform):
    giver, taker = pair
    contact = make_friend(giver)
    platform.answers[TRANSFER] = taken
    handover = begin(giver, taker)
    services.run_handover(handover.pk)
    platform.answers[RESULT] = results(handover, 1)

    services.poll_handover(handover.pk)
    services.poll_handover(handover.pk)

    handover.refresh_from_db()
    assert (handover.state, states(handover)) == ("done", {"done": 1})
    assert Follow.objects.get(contact=contact, staff=giver).ending == "transferred"
    assert StreamEvent.objects.filter(name="wecom.friend_transferred").count() == 1


def test_a_refusal_is_kept_and_told_once(pair, platform):
    giver, taker = pair
    contact = make_friend(giver)
    platform.answers[TRANSFER] = taken
    handover = begin(giver, taker)
    services.run_handover(handover.pk)
    platform.answers[RESULT] = results(handover, 3)
    services.poll_handover(handover.pk)
    services.poll_handover(handover.pk)

    assert states(handover) == {"refused": 1}
    assert Follow.objects.get(contact=contact).ended_at is None
    told = StreamEvent.objects.get(name="wecom.transfer_refused")
    assert (told.customer_id, told.properties["userid"]) == (contact.customer_id, "taker")


def test_a_refusal_that_the_platform_told_first_is_not_told_again(pair, platform):
    giver, taker = pair
    contact = make_friend(giver)
    platform.answers[TRANSFER] = taken
    handover = begin(giver, taker)
    services.run_handover(handover.pk)

    assert services.note_refusals([("taker", contact.customer_id, "customer_limit_exceed", time.now())]) == 1
    platform.answers[RESULT] = results(handover, 4)
    services.poll_handover(handover.pk)

    assert states(handover) == {"full": 1}
    assert not StreamEvent.objects.filter(name="wecom.transfer_refused").exists()


def test_an_unknown_fate_is_looked_up_and_never_asked_twice_when_it_had_arrived(pair, platform):
    giver, taker = pair
    make_friend(giver)
    platform.answers[TRANSFER] = httpx.ReadTimeout("slow")
    handover = begin(giver, taker)
    services.run_handover(handover.pk)
    assert states(handover) == {"unknown": 1}

    platform.answers[RESULT] = results(handover, 2)
    services.poll_handover(handover.pk, time.now() + timedelta(minutes=2))

    assert states(handover) == {"waiting": 1}
    assert len(platform.calls(TRANSFER)) == 1


def test_an_unknown_fate_that_never_arrived_is_planned_again_but_not_at_once(pair, platform):
    giver, taker = pair
    make_friend(giver)
    platform.answers[TRANSFER] = [httpx.ReadTimeout("slow"), taken]
    handover = begin(giver, taker)
    services.run_handover(handover.pk)

    services.poll_handover(handover.pk)
    assert states(handover) == {"unknown": 1}  # It may not be listed yet.
    services.poll_handover(handover.pk, time.now() + timedelta(minutes=2))
    assert states(handover) == {"planned": 1}
    services.run_handover(handover.pk)
    assert states(handover) == {"waiting": 1}


def test_a_result_of_an_earlier_handover_of_the_same_two_does_not_count(pair, platform):
    giver, taker = pair
    make_friend(giver)
    platform.answers[TRANSFER] = taken
    handover = begin(giver, taker)
    services.run_handover(handover.pk)
    platform.answers[RESULT] = results(handover, 1, at=time.now() - timedelta(days=30))
    services.poll_handover(handover.pk)

    assert states(handover) == {"waiting": 1}


def test_who_died_while_asking_leaves_unknowns_and_no_second_call(pair, platform):
    giver, taker = pair
    make_friend(giver)
    handover = begin(giver, taker)
    handover.items.update(state="asking", asked_at=time.now())

    services.run_handover(handover.pk)

    assert states(handover) == {"unknown": 1}
    assert not platform.calls(TRANSFER)


@pytest.mark.parametrize("trouble", [httpx.ConnectError("refused"), error(-1), error(48002)])
def test_where_nothing_goes_on_it_stops_with_the_reason_and_goes_on_later(pair, platform, trouble):
    giver, taker = pair
    make_friend(giver)
    platform.answers[TRANSFER] = trouble
    handover = begin(giver, taker)
    services.run_handover(handover.pk)
    handover.refresh_from_db()
    assert (handover.state, states(handover)) == ("running", {"planned": 1})
    assert handover.error

    platform.answers[TRANSFER] = taken
    services.run_handover(handover.pk)
    handover.refresh_from_db()
    assert (handover.state, handover.error) == ("waiting", "")


def test_a_taker_whom_the_platform_refuses_does_not_hold_up_the_others(pair, platform):
    giver, taker = pair
    other = make_staff("other")
    make_friends(giver, 4)
    platform.answers[TRANSFER] = lambda asked: (
        error(40098) if asked.body["takeover_userid"] == "taker" else taken(asked)
    )
    handover = services.start_handover(services.plan_handover(giver, [rest(taker, other)]).pk)

    services.run_handover(handover.pk)

    assert states(handover) == {"failed": 2, "waiting": 2}
    assert set(handover.items.filter(state="failed").values_list("code", flat=True)) == {40098}


def test_groups_change_owner_at_once_and_a_refused_one_says_why(pair, platform):
    giver, taker = pair
    fine, full = make_group(giver), make_group(giver)
    platform.answers[GROUPS] = {"failed_chat_list": [{"chat_id": full.chat_id, "errcode": 90503, "errmsg": "full"}]}
    handover = begin(giver, taker)

    services.run_handover(handover.pk)

    assert handover.items.get(chat=fine).state == "done"
    assert (handover.items.get(chat=full).state, handover.items.get(chat=full).code) == ("failed", 90503)
    handover.refresh_from_db()
    assert handover.state == "done"


def test_a_group_of_unknown_fate_is_settled_by_its_owner(pair, platform):
    giver, taker = pair
    make_group(giver)
    platform.answers[GROUPS] = httpx.ReadTimeout("slow")
    handover = begin(giver, taker)
    services.run_handover(handover.pk)
    platform.answers["externalcontact/groupchat/get"] = {"group_chat": {"owner": "Taker"}}
    services.poll_handover(handover.pk)

    assert states(handover) == {"done": 1}


def test_who_left_goes_by_the_calls_for_that(wecom, platform):
    giver, taker = make_staff("giver", is_active=False), make_staff("taker")
    contact = make_friend(giver)
    make_group(giver)
    platform.answers["externalcontact/get_unassigned_list"] = {
        "info": [{"handover_userid": "giver", "external_userid": contact.external_userid}], "is_last": True,
    }  # fmt: skip
    platform.answers["externalcontact/resigned/transfer_customer"] = taken
    handover = begin(giver, taker)
    services.run_handover(handover.pk)
    platform.answers["externalcontact/resigned/transfer_result"] = results(handover, 1)
    services.poll_handover(handover.pk)

    assert states(handover) == {"done": 2}
    assert len(platform.calls("externalcontact/groupchat/transfer")) == 1
    assert not platform.calls(GROUPS)


def test_a_cancel_keeps_what_was_asked_and_drops_the_rest(pair, platform):
    giver, taker = pair
    make_friends(giver, 150)
    platform.answers[TRANSFER] = [taken, httpx.ConnectError("refused")]
    handover = begin(giver, taker)
    services.run_handover(handover.pk)

    services.cancel_handover(handover.pk)
    services.run_handover(handover.pk)

    assert states(handover) == {"waiting": 100, "cancelled": 50}
    handover.refresh_from_db()
    assert handover.state == "waiting"


def test_another_process_has_it_then_nothing_is_asked(pair, platform, monkeypatch):
    giver, taker = pair
    make_friend(giver)
    handover = begin(giver, taker)
    from contextlib import contextmanager

    @contextmanager
    def taken_elsewhere(_id):
        yield False

    monkeypatch.setattr("homeground.service.services.handover.running.alone", taken_elsewhere)
    services.run_handover(handover.pk)

    assert not platform.calls(TRANSFER)
    assert HandoverItem.objects.get().state == "planned"
