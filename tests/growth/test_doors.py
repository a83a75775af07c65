"""Doors are saved whole or not at all; each change can be taken back."""

import pytest
from django.db import IntegrityError, transaction

from homeground.core.errors import BusinessError
from homeground.growth.errors import BadDoor, CannotUndo, NeedsOwner
from homeground.growth.given import from_document
from homeground.growth.models import Door, DoorChange, Shift
from homeground.growth.queries.settings import settings_of
from homeground.growth.services import doors
from tests.growth import world
from tests.growth.world import NOON, given, make_door, make_group, make_source, make_staff, shift, welcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db):
    return make_staff("Ann")


def whole(ann, **more):
    """A door that uses everything."""
    fields = {
        "source_id": make_source().pk, "tags": ("门店",), "shifts": (shift(ann),), "backup_ids": (ann.pk,),
        "daily_limit": 30, "consent_notice": "添加即同意接收优惠", "welcomes": (welcome("{{称呼|朋友}}你好"),),
    }  # fmt: skip
    return given(**fields | more)


def test_what_was_said_is_kept_and_read_back(ann):
    said = whole(ann)

    door = doors.save_door(said, by="店长", at=NOON)

    assert settings_of(door) == said
    assert from_document(said.document()) == said
    assert DoorChange.objects.get().what == "created"


def test_saving_the_same_again_changes_nothing(ann):
    door = doors.save_door(whole(ann), by="店长", at=NOON)

    doors.save_door(settings_of(door), by="店长", door_id=door.pk, at=NOON)

    assert DoorChange.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "长" * 31},
        {"shifts": (), "staff_ids": ()},
        {"backup_ids": ()},
        {"tags": ("",)},
        {"source_id": 10**9},
        {"backup_ids": (10**9,)},
        {"daily_limit": 0},
        {"kind": "group_code"},
        {"welcomes": (welcome("{{名字}}"),)},
        {"welcomes": (welcome("{{称呼}}"),)},
        {"welcomes": (welcome(""),)},
        {"welcomes": (welcome("长" * 1400),)},
        {"welcomes": (welcome("x", attachment="link", title="t", url="javascript:alert(1)"),)},
        {"welcomes": (welcome("x", attachment="link", title="长" * 43, url="https://a.cn"),)},
        {"welcomes": (welcome("x", attachment="image"),)},
    ],
)
def test_a_door_that_cannot_be_changes_nothing(ann, wrong):
    with pytest.raises(BusinessError):
        doors.save_door(whole(ann, **wrong), by="店长", at=NOON)

    assert not Door.objects.exists()
    assert not Shift.objects.exists()


def test_a_shift_without_a_day_or_a_person_is_refused(ann):
    for wrong in (shift(ann, days=()), shift(), shift(ann, start=60, end=60)):
        with pytest.raises(BadDoor):
            doors.save_door(given(shifts=(wrong,), backup_ids=(ann.pk,)), by="店长", at=NOON)


def test_a_group_stands_in_line_once(db):
    chat = world.group(make_group("1群"))
    with pytest.raises(BadDoor):
        doors.save_door(given(kind="group_code", groups=(chat, chat)), by="店长", at=NOON)


def test_only_an_owner_skips_verification_and_says_why(ann):
    said = given(staff_ids=(ann.pk,), skip_verify=True, skip_reason="展会三天，现场人手不够")
    with pytest.raises(NeedsOwner):
        doors.save_door(said, by="运营", at=NOON)
    with pytest.raises(NeedsOwner):
        doors.save_door(given(staff_ids=(ann.pk,), skip_verify=True), by="负责人", may_skip_verify=True, at=NOON)
    assert not Door.objects.exists()

    door = doors.save_door(said, by="负责人", may_skip_verify=True, at=NOON)
    assert (door.skip_by, door.skip_reason) == ("负责人", "展会三天，现场人手不够")

    changed = given(staff_ids=(ann.pk,), skip_verify=True, skip_reason="展会三天，现场人手不够", name="展会")
    assert doors.save_door(changed, by="运营", door_id=door.pk, at=NOON).skip_by == "负责人"


def test_the_database_refuses_skipping_without_a_reason(ann):
    door = make_door(staff_ids=(ann.pk,))
    with pytest.raises(IntegrityError), transaction.atomic():
        Door.objects.filter(pk=door.pk).update(skip_verify=True)


def test_a_change_is_taken_back_newest_first(ann):
    door = make_door(staff_ids=(ann.pk,), tags=("一",))
    first = _change(door, ann, tags=("二",))
    second = _change(door, ann, tags=("三",))
    with pytest.raises(CannotUndo):
        doors.undo_change(first.pk, by="店长", at=NOON)

    assert doors.undo_change(second.pk, by="店长", at=NOON).tags == ["二"]
    assert doors.undo_change(first.pk, by="店长", at=NOON).tags == ["一"]
    with pytest.raises(CannotUndo):
        doors.undo_change(first.pk, by="店长", at=NOON)


def test_retiring_is_taken_back(ann):
    door = make_door(staff_ids=(ann.pk,))
    doors.retire_door(door.pk, by="店长", at=NOON)
    doors.retire_door(door.pk, by="店长", at=NOON)
    [change] = DoorChange.objects.filter(what="retired")

    assert doors.undo_change(change.pk, by="店长", at=NOON).retired_at is None


def _change(door, ann, **more):
    doors.save_door(given(staff_ids=(ann.pk,), **more), by="店长", door_id=door.pk, at=NOON)
    return DoorChange.objects.filter(what="changed").latest("pk")
