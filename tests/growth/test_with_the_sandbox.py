"""Doors against the sandbox corp over HTTP: nothing between the form and the count is played by the test."""

from datetime import timedelta

import pytest

from homeground.core.env import env
from homeground.growth.models import Arrival, Door
from homeground.growth.queries import funnel
from homeground.growth.queries.documents import span
from homeground.growth.services import doors, pictures, placing, welcomes
from homeground.people.models import Consent, Customer
from homeground.sandbox import models as sandbox
from homeground.sandbox.services import callbacks as outgoing
from homeground.sandbox.services.playing_corp import doors as playing
from homeground.sandbox.services.playing_corp import friends
from homeground.sandbox.services.wecom import corp
from homeground.wecom.client import budget, tokens
from homeground.wecom.models import GroupChat, Staff
from homeground.wecom.services import callbacks, connecting, sync
from homeground.wecom.services.welcome import claim, send
from tests.growth import world
from tests.growth.world import given, make_source, welcome
from tests.sandbox.wecom.corp import PNG, make_contact, make_department, make_group, make_member
from tests.support import drain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def connected(live_server, monkeypatch, transactional_db):
    """The sandbox corp with two members and two groups, connected and synced."""
    monkeypatch.setitem(env.__dict__, "base_url", live_server.url)
    monkeypatch.setattr(tokens, "_held", {})
    budget.forget()
    make_department()
    zhang, li = make_member("zhangsan", name="张三"), make_member("lisi", name="李四")
    for _group in range(2):
        make_group(zhang)
    corp.change(callback_url=f"{live_server.url}{corp.CALLBACK_PATH}", dispatch_seconds=0)
    said = corp.credentials()
    connecting.connect_corp(
        corpid=said["corpid"], contact_secret=said["contact_secret"], secret=said["secret"],
        agentid=str(said["agentid"]), token=said["token"], aes_key=said["aes_key"],
        base_url=f"{live_server.url}/sandbox/wecom/",
    )  # fmt: skip
    sync.run(full=True)
    return zhang, li


def told() -> None:
    """The platform's callbacks are sent, taken, welcomed and handled; the stream is carried."""
    outgoing.send_due()
    for mine in claim(10):
        send(mine)
    callbacks.handle_waiting()
    drain()


def ids(*userids: str) -> tuple[int, ...]:
    return tuple(Staff.objects.filter(userid__in=userids).values_list("pk", flat=True))


def test_a_customer_scans_is_accepted_welcomed_counted_and_leaves(connected, client):
    picture = welcomes.keep_picture("门店.png", "image/png", PNG)
    door = doors.save_door(
        given(
            staff_ids=ids("zhangsan"), backup_ids=ids("lisi"), daily_limit=1, source_id=make_source().pk,
            tags=("门店",), consent_notice="添加即同意", welcomes=(
                welcome("{{称呼|朋友}}，我是{{员工}}", attachment="image", picture_id=picture.pk),
            ),
        ), by="店长",
    )  # fmt: skip
    door = placing.place_door(door.pk)
    pictures.upload_pictures()
    assert (door.sync, door.error) == ("placed", "")
    assert client.get(f"/g/{door.token}/code").content.startswith(b"\x89PNG")

    way = sandbox.ContactWay.objects.get(state=door.token)
    assert (way.users, way.skip_verify) == (["zhangsan"], False)
    customer = make_contact(name="小美")
    met = playing.scan_way(customer, way)
    assert met.request is not None
    friends.accept(met.request)
    told()

    arrival = Arrival.objects.get()
    assert (arrival.kind, arrival.userid, arrival.door_id) == ("added", "zhangsan", door.pk)
    assert Customer.objects.get(pk=arrival.customer_id).source == "小红书"
    assert Consent.objects.get().proof["notice"] == "添加即同意"
    [welcomed] = sandbox.ChatMessage.objects.filter(contact=customer).exclude(text="")[:1]
    assert "我是张三" in welcomed.text
    assert "添加即同意" in welcomed.text

    # The limit of one is reached: the code leads to the back-up from now on.
    placing.mind_doors()
    way.refresh_from_db()
    assert way.users == ["lisi"]
    second = playing.scan_way(make_contact(), way)
    assert second.member.userid == "lisi"

    friends.part(sandbox.Friendship.objects.get(contact=customer), by_customer=True)
    told()
    total = funnel.passages([door], *span(1))[door.pk].total
    assert (total.came, total.gone, total.gone_by_customer) == (1, 1, 1)


def test_a_group_code_fills_one_group_and_goes_on_to_the_next(connected):
    first, second = GroupChat.objects.order_by("pk")
    door = doors.save_door(
        given(kind="group_code", groups=(world.group(first, 2), world.group(second, 200))), by="店长"
    )
    placing.place_door(door.pk)
    way = sandbox.JoinWay.objects.get(state=door.token)

    playing.scan_join_way(make_contact(), way)
    told()
    placing.mind_doors()
    way.refresh_from_db()
    assert way.chat_ids == [second.chat_id]

    playing.scan_join_way(make_contact(), way)
    told()
    assert sorted(Arrival.objects.values_list("chat_id", flat=True)) == sorted([first.chat_id, second.chat_id])


def test_an_acquisition_link_brings_a_customer_with_the_doors_mark(connected):
    door = placing.place_door(doors.save_door(given(kind="link", staff_ids=ids("lisi")), by="店长").pk)
    link = sandbox.AcquisitionLink.objects.get(link_id=door.config_id)

    met = playing.open_link(make_contact(), link, channel=door.token)
    assert met.request is not None
    friends.accept(met.request)
    told()

    assert Arrival.objects.get().door_id == door.pk


def test_a_retired_door_is_gone_from_the_platform_and_comes_back(connected):
    door = placing.place_door(doors.save_door(given(staff_ids=ids("lisi")), by="店长").pk)
    doors.retire_door(door.pk, by="店长")
    placing.place_door(door.pk)
    assert not sandbox.ContactWay.objects.exists()

    doors.restore_door(door.pk, by="店长")
    assert placing.mind_doors() == 1
    assert sandbox.ContactWay.objects.get().state == door.token


def test_a_lost_answer_leaves_one_code_on_the_platform(connected, monkeypatch):
    door = doors.save_door(given(staff_ids=ids("lisi")), by="店长")
    placing.place_door(door.pk)
    # As after a crash between the platform's answer and our note of it.
    Door.objects.update(config_id="", url="", sync="asking", placed={})

    placing.mind_doors(door.created_at + timedelta(hours=1))

    assert sandbox.ContactWay.objects.count() == 1
    assert Door.objects.get().config_id == sandbox.ContactWay.objects.get().config_id
