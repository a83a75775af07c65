"""The XML, element by element as documented."""

from datetime import UTC, datetime
from xml.etree import ElementTree

from homeground.sandbox.services.callbacks import events
from tests.sandbox.playing.test_callback_crypto import CORP, EVENT

AT = datetime.fromtimestamp(1760000000, UTC)


def names(xml: str) -> list[str]:
    return [element.tag for element in ElementTree.fromstring(xml)]


def test_an_added_contact_is_the_documented_line():
    added = events.contact("add_external_contact", "zhangsan", "wmSbxCustomer0001", state="渠道A", code="WELCOME0001")
    assert events.xml(added, CORP, AT) == EVENT
    assert added.name == "change_external_contact.add_external_contact"


def test_what_is_empty_is_left_out():
    deleted = events.xml(events.contact("del_follow_user", "zhangsan", "wm1"), CORP, AT)
    assert names(deleted)[-2:] == ["UserID", "ExternalUserID"]


def test_the_id_of_a_group_stands_before_the_change_and_zeros_are_kept():
    came = events.group_members("wr1", ["wm1", "wm2"], ("a" * 32, "b" * 32), scene=0, left=False)
    xml = events.xml(came, CORP, AT)
    assert names(xml)[4:] == [
        "Event",
        "ChatId",
        "ChangeType",
        "UpdateDetail",
        "JoinScene",
        "MemChangeCnt",
        "MemChangeList",
        "LastMemVer",
        "CurMemVer",
    ]
    tree = ElementTree.fromstring(xml)
    assert tree.findtext("JoinScene") == "0"
    assert [item.text for item in tree.iter("Item")] == ["wm1", "wm2"]


def test_a_shuffle_has_no_kind_of_tag():
    assert "TagType" not in names(events.xml(events.tag("", "shuffle"), CORP, AT))
    assert names(events.xml(events.tag("et1", "create"), CORP, AT))[-3:] == ["Id", "TagType", "ChangeType"]


def test_a_text_that_would_end_its_own_quotes_cannot():
    odd = events.xml(events.contact("add_external_contact", "a", "b", state="]]><x/>"), CORP, AT)
    assert ElementTree.fromstring(odd).findtext("State") == "]]><x/>"


def test_a_waiting_kf_message_has_no_sender():
    assert "FromUserName" not in names(events.xml(events.kf("token", "wk1"), CORP, AT))
