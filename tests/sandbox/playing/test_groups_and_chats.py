"""Groups and talk, with what the product is told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from homeground.core import time
from homeground.core.env import env
from homeground.sandbox import models
from homeground.sandbox.errors import GroupIsFull, GroupIsGone, NotFriends, NothingWritten, NotInGroup
from homeground.sandbox.models import ChatMessage, GroupChat, GroupMember, JoinWay
from homeground.sandbox.services.playing_corp import archive, chats, doors, friends, groups
from homeground.sandbox.services.wecom import ids
from tests.sandbox.playing.world import befriend, make_contact, make_link, make_member, make_way


def make_join_way(*rooms: GroupChat, **fields: object) -> JoinWay:
    given = {"scene": 2, "state": "flyer", "room_base_name": "福利群", "room_base_id": 2, "created_at": time.now()}
    return JoinWay.objects.create(config_id=ids.new("", 32), chat_ids=[one.chat_id for one in rooms], **given | fields)


def test_a_group_lives_and_every_change_of_its_people_is_a_new_version(product):
    owner, contact = make_member(), make_contact()
    room = groups.create(owner, "福利群1", [make_contact()])
    versions = [room.member_version]
    groups.join(room, contact, invited_by=owner)
    room.refresh_from_db()
    versions.append(room.member_version)
    assert product.changes() == ["create", "update"]
    assert (product.last("UpdateDetail"), product.last("JoinScene")) == ("add_member", "0")
    assert [product.last("LastMemVer"), product.last("CurMemVer")] == versions
    groups.join(room, contact)
    groups.leave(room, contact)
    assert (product.changes()[-1], product.last("UpdateDetail"), product.last("QuitScene")) == (
        "update",
        "del_member",
        "0",
    )
    with pytest.raises(NotInGroup):
        groups.leave(room, contact)


def test_name_notice_and_owner_change_and_the_end(product):
    room = groups.create(make_member(), "福利群")
    groups.rename(room, "老友群")
    groups.announce(room, "今晚八点")
    groups.hand_over(room, make_member("li"))
    groups.dismiss(room)
    groups.dismiss(room)
    product.changes()
    details = [one.findtext("UpdateDetail") for one in product.opened]
    assert details == [None, "change_name", "change_notice", "change_owner", None]
    with pytest.raises(GroupIsGone):
        groups.rename(room, "x")
    with pytest.raises(GroupIsGone):
        groups.join(room, make_contact())


def test_a_full_group_moves_on_and_the_last_makes_a_new_one(product, monkeypatch):
    monkeypatch.setattr(groups, "GROUP_MOST", 2)
    monkeypatch.setattr(doors, "GROUP_MOST", 2)
    first, second = groups.create(make_member(), "福利群0"), groups.create(make_member("li"), "福利群1")
    way = make_join_way(first, second)
    placed = [doors.scan_join_way(make_contact(), way) for _ in range(2)]
    assert [one.chat for one in placed] == [first, second]
    third = doors.scan_join_way(make_contact(), way)
    assert third.chat.name == "福利群2"
    assert (third.state, third.join_scene) == ("flyer", 3)
    way.refresh_from_db()
    assert (way.room_base_id, way.chat_ids[-1]) == (3, third.chat.chat_id)
    again = doors.scan_join_way(third.contact, way)
    assert again == third
    with pytest.raises(GroupIsFull):
        doors.scan_join_way(make_contact(), make_join_way(first, auto_create_room=False))
    with pytest.raises(GroupIsFull):
        groups.join(first, make_contact())


def test_words_pass_between_friends_only(product):
    friendship = befriend(make_contact(), make_member())
    message = chats.say(friendship, " 在吗\x00 ", is_from_customer=True)
    assert message.text == "在吗"
    friendship.refresh_from_db()
    assert friendship.chat_started_at == friendship.customer_messaged_at == friendship.interacted_at
    with pytest.raises(NothingWritten):
        chats.say(friendship, " \x00", is_from_customer=True)
    friends.part(friendship, by_customer=True)
    with pytest.raises(NotFriends):
        chats.say(friendship, "在吗", is_from_customer=False)
    assert ChatMessage.objects.count() == 1


def test_an_answer_makes_half_a_friendship_whole(product):
    met = doors.scan_way(make_contact(), make_way(make_member(), skip_verify=True))
    chats.say(met.friendship, "您好", is_from_customer=False)
    assert product.changes()[-1] == "add_external_contact"


def test_a_mention_in_a_group_is_kept(product):
    owner, contact = make_member(), make_contact()
    room = groups.create(owner, "群", [contact])
    message = chats.say_in_group(room, "链接发一下", contact=contact, mentions=[owner])
    assert (message.text, message.mentions) == ("@张顾问 链接发一下", ["zhang"])
    with pytest.raises(NotInGroup):
        chats.say_in_group(room, "我也要", contact=make_contact())


def test_a_customer_of_a_link_is_told_at_the_first_third_and_fifth_message(product):
    met = doors.open_link(make_contact(), make_link(make_member()))
    product.changes()
    product.opened.clear()
    for _ in range(6):
        chats.say(met.friendship, "在吗", is_from_customer=True)
    assert product.changes() == ["customer_start_chat", "message_from_customer", "message_from_customer"]
    assert models.ChatKey.objects.get(key=product.last("ChatKey")).messages == 5


def test_a_service_account_gets_a_message_and_a_token_to_pull_it(product):
    account = models.KfAccount.objects.create(open_kfid="wk1", name="客服")
    chats.write_to_kf(account, make_contact(), "退货")
    assert product.changes() == ["kf_msg_or_event"]
    assert models.KfToken.objects.get().token == product.last("Token")


def test_a_member_writes_to_the_app(product):
    chats.write_to_app(make_member(), "今日任务")
    product.changes()
    assert (product.last("Content"), product.last("FromUserName"), product.last("MsgType")) == (
        "今日任务",
        "zhang",
        "text",
    )


class _Archive:
    """The product's API, as far as the archive needs it."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.taken: list[dict] = []
        self.tokens: set[str] = set()


@pytest.fixture
def api(product, monkeypatch):
    found = _Archive()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = found.answers.pop(0) if found.answers else 200
            found.tokens.add(self.headers["Authorization"])
            if status == 200:
                found.taken += body["messages"]
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setitem(env.__dict__, "base_url", f"http://127.0.0.1:{server.server_port}")
    yield found
    server.shutdown()
    server.server_close()


def test_what_is_said_reaches_the_product_once_it_is_archived_and_each_message_once(api):
    friendship = befriend(make_contact(), make_member())
    chats.say(friendship, "之前说的", is_from_customer=True)
    archive.switch(is_on=True, token="hg_secret")
    asked = chats.say(friendship, "在吗", is_from_customer=True)
    api.answers = [500]
    assert archive.push_due() == 0
    assert archive.push_due() == 1
    assert archive.push_due() == 0
    assert api.tokens == {"Bearer hg_secret"}
    assert api.taken == [
        {
            "msgid": asked.msgid,
            "userid": "zhang",
            "external_userid": friendship.contact.external_userid,
            "chat_id": "",
            "is_from_customer": True,
            "text": "在吗",
            "mentions": [],
            "at": asked.sent_at.isoformat(),
            "source": "archive",
        }
    ]


def test_with_the_archive_off_nothing_is_pushed(api):
    chats.say(befriend(make_contact(), make_member()), "在吗", is_from_customer=True)
    assert archive.push_due() == 0
    assert api.taken == []


def test_who_is_in_a_group_is_there_once(product):
    contact = make_contact()
    room = groups.create(make_member(), "群", [contact])
    groups.join(room, contact)
    assert GroupMember.objects.filter(contact=contact).count() == 1
