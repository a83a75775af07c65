"""Staff confirm and publish, customers like and comment; and what the administrator and a transfer do."""

import pytest

from homeground.core import time
from homeground.sandbox.errors import (
    CannotBeSeen,
    NobodyChosen,
    NothingWritten,
    TagNameTaken,
    TransferIsDecided,
    UseridTaken,
)
from homeground.sandbox.models import ChatMessage, Corp, GroupChat, MomentTask, Tag, TagGroup, Transfer
from homeground.sandbox.services.playing_corp import console, friends, groups, people, sends
from tests.sandbox.playing.world import befriend, make_contact, make_member


def test_a_members_own_mass_send_reaches_every_friend_under_the_rule(product):
    member = make_member()
    first, second = befriend(make_contact(), member), befriend(make_contact(), member)
    Corp.objects.update(mass_rule=Corp.MassRule.ONE_A_DAY)
    sends.send_own(member, "早安", [first.contact])
    sent = sends.send_own(member, "今晚直播")
    assert dict(sent.recipients.values_list("contact", "status")) == {first.contact_id: 3, second.contact_id: 1}
    assert ChatMessage.objects.filter(friendship=second).get().text == "今晚直播"
    assert not ChatMessage.objects.filter(archived_at=None).exists()


def test_a_send_to_nobody_or_of_nothing_is_refused(product):
    member = make_member()
    with pytest.raises(NobodyChosen):
        sends.send_own(member, "早安")
    befriend(make_contact(), member)
    with pytest.raises(NothingWritten):
        sends.send_own(member, " ")


def test_who_sees_a_post_likes_it_takes_it_back_and_comments(product):
    member = make_member()
    friend = befriend(make_contact(), member).contact
    post = MomentTask.objects.get(moment=sends.post_own(member, "换季护肤三步"))
    assert sends.like(post, friend)
    assert sends.comment(post, friend, "求链接" * 300).text == ("求链接" * 300)[:500]
    assert not sends.like(post, friend)
    assert sends.like(post, None)
    with pytest.raises(CannotBeSeen):
        sends.like(post, make_contact())
    with pytest.raises(NothingWritten):
        sends.comment(post, friend, " ")
    assert post.moment.reactions.count() == 2


def test_tags_of_the_console_are_told_and_a_group_goes_with_its_last(product):
    made = befriend(make_contact(), make_member())
    tag = console.add_tag("肤质", "敏感肌")
    friends.edit(made, tag_ids=[tag.tag_id])
    console.rename_tag(tag, "敏感")
    with pytest.raises(TagNameTaken):
        console.add_tag("肤质", "敏感")
    other = console.add_tag("肤质", "干皮")
    with pytest.raises(TagNameTaken):
        console.rename_tag(other, "敏感")
    product.changes()
    console.delete_tag(tag)
    console.delete_tag(tag)
    console.delete_tag(other)
    product.changes()
    about_tags = [one for one in product.opened if one.findtext("TagType")]
    told = [(one.findtext("ChangeType"), one.findtext("TagType")) for one in about_tags]
    assert told == [
        ("create", "tag_group"),
        ("create", "tag"),
        ("update", "tag"),
        ("create", "tag"),
        ("delete", "tag"),
        ("delete", "tag"),
        ("delete", "tag_group"),
    ]
    made.refresh_from_db()
    assert made.tag_ids == []
    assert not Tag.objects.filter(is_deleted=False).exists()
    assert not TagGroup.objects.filter(is_deleted=False).exists()


def test_a_customer_refuses_a_transfer_once(product):
    old, new, contact = make_member(), make_member("li"), make_contact()
    given = Transfer.objects.create(handover=old, takeover=new, contact=contact, started_at=time.now())
    console.refuse_transfer(given)
    assert product.changes() == ["transfer_fail"]
    assert (product.last("FailReason"), product.last("UserID")) == ("customer_refused", "li")
    with pytest.raises(TransferIsDecided):
        console.refuse_transfer(given)


def test_who_leaves_the_corp_leaves_groups_waiting(product):
    member = make_member()
    groups.create(member, "群")
    people.resign(member)
    people.resign(member)
    member.refresh_from_db()
    assert member.resigned_at
    assert GroupChat.objects.get().status == GroupChat.Status.RESIGNED
    with pytest.raises(UseridTaken):
        people.hire("ZHANG", "张二")
