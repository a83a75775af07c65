"""The platform is kept in step with doors: made once, changed where it differs, found again when a call was lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from django.db import connection

from homeground.growth.models import Door
from homeground.growth.services import acquisition, doors, placing
from homeground.wecom.models import Corp
from homeground.wecom.services.callbacks import Told
from tests.growth import world
from tests.growth.world import NOON, make_door, make_group, make_staff, shift

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ann(db):
    return make_staff("Ann")


def test_a_live_code_is_made_with_verification_and_its_state(platform, ann):
    door = placing.place_door(make_door(staff_ids=(ann.pk,)).pk, NOON)

    [asked] = platform.asked("add_contact_way")
    assert (asked["type"], asked["scene"], asked["skip_verify"], asked["user"]) == (2, 2, False, ["ann"])
    assert asked["state"] == door.token
    assert len(door.token) <= 30
    assert (door.sync, door.config_id, door.url) == ("placed", "cfg1", "weixin://qr/cfg1")


def test_placing_again_asks_nothing(platform, ann):
    door = make_door(staff_ids=(ann.pk,))
    placing.place_door(door.pk, NOON)
    before = len(platform.calls)

    placing.place_door(door.pk, NOON)
    placing.mind_doors(NOON + MINUTE)

    assert len(platform.calls) == before


def test_a_shift_that_ends_changes_the_code_and_nothing_else(platform, ann):
    bob = make_staff("Bob")
    day, night = shift(ann), shift(bob, start=18 * 60, end=9 * 60)
    door = make_door(shifts=(day, night), backup_ids=(ann.pk,))
    make_door(name="不变", staff_ids=(ann.pk,))
    placing.mind_doors(NOON)

    assert placing.mind_doors(NOON + timedelta(hours=6)) == 1

    [asked] = platform.asked("update_contact_way")
    assert (asked["config_id"], asked["user"]) == (Door.objects.get(pk=door.pk).config_id, ["bob"])


def test_back_ups_stand_in_when_nobody_is_on_shift(platform, ann):
    bob = make_staff("Bob")
    door = make_door(shifts=(shift(ann),), backup_ids=(bob.pk,))

    placing.place_door(door.pk, NOON + timedelta(hours=8))

    assert platform.asked("add_contact_way")[0]["user"] == ["bob"]


def test_who_left_is_taken_off(platform, ann):
    bob = make_staff("Bob")
    door = make_door(staff_ids=(ann.pk, bob.pk))
    placing.place_door(door.pk, NOON)
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)

    placing.mind_doors(NOON)

    assert platform.asked("update_contact_way")[0]["user"] == ["ann"]


def test_with_nobody_there_the_code_keeps_its_last_members_and_the_door_says_so(platform, ann):
    door = make_door(staff_ids=(ann.pk,))
    placing.place_door(door.pk, NOON)
    type(ann).objects.update(is_active=False)

    door = placing.place_door(door.pk, NOON)

    assert not platform.asked("update_contact_way")
    assert "没有在职的接待员工" in door.error
    assert door.sync == "failed"


def test_a_refusal_stands_on_the_door_and_is_not_repeated_until_something_changes(platform, ann):
    platform.refuse("add_contact_way", 84074)
    door = placing.place_door(make_door(staff_ids=(ann.pk,)).pk, NOON)
    assert (door.sync, door.config_id) == ("failed", "")
    assert "84074" in door.error

    assert placing.mind_doors(NOON + timedelta(days=1)) == 0

    bob = make_staff("Bob")
    doors.save_door(world.given(staff_ids=(bob.pk,)), by="店长", door_id=door.pk, at=NOON)
    assert placing.mind_doors(NOON + timedelta(days=1)) == 1
    assert Door.objects.get(pk=door.pk).sync == "placed"


def test_a_lost_answer_is_looked_up_before_anything_is_made_again(platform, ann):
    platform.vanish("add_contact_way")
    door = placing.place_door(make_door(staff_ids=(ann.pk,)).pk, NOON)
    assert (door.sync, door.config_id) == ("unknown", "")

    assert placing.mind_doors(NOON + MINUTE) == 1

    door.refresh_from_db()
    assert (door.sync, door.config_id, door.error) == ("placed", "cfg1", "")
    assert len(platform.asked("add_contact_way")) == 1


def test_a_call_that_never_arrived_is_made_again_after_looking(platform, ann):
    platform.failing["add_contact_way"] = lambda: httpx.Response(502)
    door = placing.place_door(make_door(staff_ids=(ann.pk,)).pk, NOON)
    assert door.sync == "unknown"

    placing.mind_doors(NOON + MINUTE)

    assert platform.asked("list_contact_way")
    assert Door.objects.get(pk=door.pk).config_id == "cfg1"


def test_a_crash_in_the_middle_of_a_call_counts_as_an_unknown_fate(platform, ann):
    door = make_door(staff_ids=(ann.pk,))

    def die():
        raise KeyboardInterrupt

    platform.doing = die
    with pytest.raises(KeyboardInterrupt):
        placing.place_door(door.pk, NOON)
    platform.doing = lambda: None
    assert Door.objects.get(pk=door.pk).sync == "asking"
    assert placing.mind_doors(NOON + MINUTE) == 0

    placing.mind_doors(NOON + 11 * MINUTE)

    assert platform.asked("list_contact_way")
    assert Door.objects.get(pk=door.pk).sync == "placed"


def test_a_code_that_somebody_deleted_on_the_platform_is_made_anew(platform, ann):
    door = placing.place_door(make_door(staff_ids=(ann.pk,)).pk, NOON)
    doors.save_door(world.given(name="新名字", staff_ids=(ann.pk,)), by="店长", door_id=door.pk, at=NOON)
    platform.refuse("update_contact_way", 41044)
    platform.things["old"] = platform.things.pop("cfg1")

    door = placing.place_door(door.pk, NOON)

    assert (door.sync, door.config_id) == ("placed", "cfg2")


def test_without_a_corp_the_door_says_what_is_missing(ann):
    door = placing.place_door(make_door(staff_ids=(ann.pk,)).pk, NOON)

    assert door.sync == "waiting"
    assert "还没有接入企业微信" in door.error
    assert not Corp.objects.exists()


def test_a_retired_door_is_taken_away_and_comes_back_behind_the_same_code(platform, ann):
    door = placing.place_door(make_door(staff_ids=(ann.pk,)).pk, NOON)
    doors.retire_door(door.pk, by="店长", at=NOON)
    door = placing.place_door(door.pk, NOON)
    assert not platform.things
    assert (door.config_id, door.sync) == ("", "placed")
    assert placing.mind_doors(NOON + MINUTE) == 0

    token = door.token
    doors.restore_door(door.pk, by="店长", at=NOON)
    door = placing.place_door(door.pk, NOON)

    assert (door.token, door.sync) == (token, "placed")
    assert platform.things


def test_a_group_code_moves_on_when_a_group_is_full_by_our_own_limit(platform):
    chats = [make_group(f"{n}群") for n in range(7)]
    door = make_door(kind="group_code", groups=tuple(world.group(chat, 30) for chat in chats))
    placing.place_door(door.pk, NOON)
    assert platform.asked("add_join_way")[0]["chat_id_list"] == [chat.chat_id for chat in chats[:5]]

    world.join(chats[0], 30)
    placing.mind_doors(NOON)

    assert platform.asked("update_join_way")[0]["chat_id_list"] == [chat.chat_id for chat in chats[1:6]]


def test_when_every_group_is_full_the_last_stays_so_that_the_platform_can_open_another(platform):
    chats = [make_group("1群", 5), make_group("2群", 5)]
    door = make_door(kind="group_code", opens_groups=True, groups=tuple(world.group(chat, 5) for chat in chats))

    placing.place_door(door.pk, NOON)

    [asked] = platform.asked("add_join_way")
    assert (asked["chat_id_list"], asked["auto_create_room"], asked["room_base_id"]) == ([chats[1].chat_id], 1, 3)


def test_a_group_code_whose_picture_could_not_be_read_asks_for_it_again(platform):
    platform.refuse("get_join_way", 60020)
    door = placing.place_door(make_door(kind="group_code", groups=(world.group(make_group("1群")),)).pk, NOON)
    assert (door.config_id, door.url) == ("cfg1", "")

    placing.mind_doors(NOON + MINUTE)

    assert Door.objects.get(pk=door.pk).url == "weixin://qr/cfg1"
    assert len(platform.asked("add_join_way")) == 1


def test_an_acquisition_link_is_made_for_those_on_duty(platform, ann):
    door = placing.place_door(make_door(kind="link", staff_ids=(ann.pk,)).pk, NOON)

    [asked] = platform.asked("create_link")
    assert asked["range"]["user_list"] == ["ann"]
    assert asked["skip_verify"] is False
    assert len(asked["link_name"]) <= 30
    assert door.url == "https://work.weixin.qq.com/ca/ca1"


def test_a_link_deleted_on_the_platform_is_made_anew_once(platform, ann):
    door = placing.place_door(make_door(kind="link", staff_ids=(ann.pk,)).pk, NOON)
    platform.things["old"] = platform.things.pop("ca1")
    told = Told("customer_acquisition.delete_link", {"LinkId": "ca1"}, NOON)

    acquisition.note_links([told])
    door = placing.place_door(door.pk, NOON + MINUTE)
    acquisition.note_links([told])

    assert (door.sync, door.config_id) == ("placed", "ca2")
    assert Door.objects.get().config_id == "ca2"


def test_a_link_that_was_stopped_on_the_platform_is_told_on_its_door(platform, ann):
    door = placing.place_door(make_door(kind="link", staff_ids=(ann.pk,)).pk, NOON)

    acquisition.note_links([Told("customer_acquisition.link_unavailable", {"LinkId": door.config_id}, NOON)])

    assert "停用" in Door.objects.get().error


def test_an_unknown_fate_stays_unknown_until_the_platform_could_be_asked(platform, ann):
    platform.vanish("add_contact_way")
    door = placing.place_door(make_door(staff_ids=(ann.pk,)).pk, NOON)
    platform.refuse("list_contact_way", 60020)

    placing.mind_doors(NOON + MINUTE)
    assert Door.objects.get().sync == "unknown"
    placing.mind_doors(NOON + 60 * MINUTE)

    assert Door.objects.get(pk=door.pk).config_id == "cfg1"
    assert len(platform.asked("add_contact_way")) == 1


def test_a_door_retired_while_its_fate_was_unknown_leaves_nothing_on_the_platform(platform, ann):
    platform.vanish("add_contact_way")
    door = placing.place_door(make_door(staff_ids=(ann.pk,)).pk, NOON)
    doors.retire_door(door.pk, by="店长", at=NOON)

    placing.mind_doors(NOON + MINUTE)

    assert not platform.things
    assert placing.mind_doors(NOON + 2 * MINUTE) == 0


def test_a_corp_connected_anew_gets_every_door(platform, ann):
    placing.place_door(make_door(staff_ids=(ann.pk,)).pk, NOON)
    platform.things.clear()
    platform.refuse("update_contact_way", 41044)

    placing.place_all_again()
    placing.mind_doors(NOON + MINUTE)

    assert list(platform.things) == [Door.objects.get().config_id]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_code(platform):
    door = make_door(staff_ids=(make_staff("Ann").pk,))
    start = threading.Barrier(2)

    def place(_worker):
        try:
            start.wait()
            return placing.place_door(door.pk, NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(place, range(2)))

    assert len(platform.asked("add_contact_way")) == 1
    assert Door.objects.get().sync == "placed"
