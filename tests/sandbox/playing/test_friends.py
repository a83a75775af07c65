"""Becoming friends and parting, with what the product is told."""

from datetime import timedelta

import pytest

from homeground.core import time
from homeground.sandbox.errors import (
    AlreadyAnswered,
    AlreadyFriends,
    CodeIsOver,
    HasResigned,
    MemberIsFull,
    NobodyToAdd,
    NoQuotaLeft,
    NotFriends,
)
from homeground.sandbox.models import AcquisitionQuota, Friendship, LinkDay, WelcomeCode
from homeground.sandbox.services.playing_corp import doors, friends, people
from tests.sandbox.playing.world import befriend, make_contact, make_link, make_member, make_way


def test_scanning_a_code_asks_and_the_yes_carries_state_and_welcome_code(product):
    member, contact = make_member(), make_contact()
    met = doors.scan_way(contact, make_way(member))
    assert met.friendship is None
    assert product.changes() == []

    made = friends.accept(met.request)

    assert product.changes() == ["add_external_contact"]
    assert product.last("UserID") == "zhang"
    assert product.last("ExternalUserID") == contact.external_userid
    assert product.last("State") == "poster"
    assert product.last("WelcomeCode") == WelcomeCode.objects.get().code
    assert (made.add_way, made.state, made.oper_userid) == (1, "poster", contact.external_userid)


def test_a_repeated_scan_is_the_same_request_and_a_second_yes_is_refused(product):
    member, contact = make_member(), make_contact()
    way = make_way(member)
    first, second = doors.scan_way(contact, way), doors.scan_way(contact, way)
    assert first.request == second.request
    friends.accept(first.request)
    with pytest.raises(AlreadyAnswered):
        friends.accept(first.request)
    with pytest.raises(AlreadyAnswered):
        friends.refuse(first.request)
    assert not doors.scan_way(contact, way).is_new
    assert product.changes() == ["add_external_contact"]


def test_a_code_without_verification_makes_half_a_friend_until_the_member_opens_it(product):
    member, contact = make_member(), make_contact()
    met = doors.scan_way(contact, make_way(member, skip_verify=True))
    assert met.friendship.is_half
    assert product.changes() == ["add_half_external_contact"]
    code = product.last("WelcomeCode")
    assert code
    friends.confirm(met.friendship)
    friends.confirm(met.friendship)
    assert product.changes() == ["add_half_external_contact", "add_external_contact"]
    assert product.last("WelcomeCode") == code


def test_the_code_of_the_half_is_not_given_again_once_it_was_used(product):
    met = doors.scan_way(make_contact(), make_way(make_member(), skip_verify=True))
    WelcomeCode.objects.update(used_at=time.now())
    friends.confirm(met.friendship)
    product.changes()
    assert product.last("WelcomeCode") is None


def test_a_code_leads_to_nobody_who_left_or_is_full(product):
    gone, full = make_member("gone"), make_member("full", customer_cap=1)
    people.resign(gone)
    befriend(make_contact(), full)
    with pytest.raises(NobodyToAdd):
        doors.scan_way(make_contact(), make_way(gone, full))
    request = friends.ask(make_contact(), full)
    with pytest.raises(MemberIsFull):
        friends.accept(request)
    assert Friendship.objects.count() == 1
    request.refresh_from_db()
    assert request.accepted_at is None
    gone.refresh_from_db()
    with pytest.raises(HasResigned):
        friends.ask(make_contact(), gone)


def test_a_temporary_code_takes_one_customer(product):
    way = make_way(make_member(), is_temp=True)
    doors.scan_way(make_contact(), way)
    way.refresh_from_db()
    with pytest.raises(CodeIsOver):
        doors.scan_way(make_contact(), way, at=time.now() + timedelta(seconds=1))


def test_parting_is_told_by_who_did_it_and_once(product):
    member = make_member()
    first, second = befriend(make_contact(), member), befriend(make_contact(), member)
    friends.part(first, by_customer=True)
    friends.part(first, by_customer=True)
    friends.part(second, by_customer=False)
    assert product.changes()[2:] == ["del_follow_user", "del_external_contact"]
    with pytest.raises(NotFriends):
        friends.edit(first, remark="x")


def test_who_parted_can_come_back_and_the_old_tie_is_kept(product):
    member, contact = make_member(), make_contact()
    friends.part(befriend(contact, member), by_customer=True)
    befriend(contact, member)
    assert Friendship.objects.filter(contact=contact).count() == 2
    with pytest.raises(AlreadyFriends):
        friends.ask(contact, member)


def test_a_member_edits_remark_and_tags_in_the_client(product):
    made = befriend(make_contact(), make_member())
    friends.edit(made, remark="小鹿-敏感肌", tag_ids=["et1"])
    assert product.changes()[-1] == "edit_external_contact"
    made.refresh_from_db()
    assert (made.remark, made.tag_ids) == ("小鹿-敏感肌", ["et1"])
    with pytest.raises(TypeError):
        friends.edit(made, state="x")


def test_a_member_asks_a_customer(product):
    request = friends.ask(make_contact(), make_member(), friends.Source(2), is_from_member=True)
    assert friends.accept(request).oper_userid == "zhang"


def test_an_acquisition_link_counts_clicks_and_uses_quota_and_warns(product):
    member = make_member()
    link = make_link(member, quota=20)
    met = doors.open_link(make_contact(), link, "bilibili")
    assert (met.friendship.add_way, met.friendship.state, met.friendship.link) == (16, "bilibili", link)
    assert AcquisitionQuota.objects.get().balance == 19
    assert product.changes() == ["add_half_external_contact", "balance_low"]
    assert LinkDay.objects.get().clicks == 1


def test_without_quota_nobody_comes_through_a_link_and_nothing_is_left(product):
    link = make_link(make_member(), quota=1)
    doors.open_link(make_contact(), link)
    assert product.changes()[-1] == "balance_exhausted"
    with pytest.raises(NoQuotaLeft):
        doors.open_link(make_contact(), link)
    assert Friendship.objects.count() == 1
    link.deleted_at = time.now()
    with pytest.raises(CodeIsOver):
        doors.open_link(make_contact(), link)


def test_a_link_with_verification_tells_of_the_request(product):
    doors.open_link(make_contact(), make_link(make_member(), skip_verify=False), "weibo")
    assert product.changes() == ["friend_request"]
    assert product.last("State") == "weibo"


def test_nothing_is_told_of_what_was_rolled_back(product):
    member, contact = make_member(customer_cap=0), make_contact()
    request = friends.ask(contact, member)
    with pytest.raises(MemberIsFull):
        friends.accept(request)
    assert product.changes() == []
