"""A corp from a seed, and days of its life."""

from collections import Counter

import pytest
from django.db import connection

from homeground.core import time
from homeground.sandbox.errors import SeedIsTaken
from homeground.sandbox.models import ChatMessage, Contact, CorpCallback, Friendship, Member
from homeground.sandbox.queries import truth
from homeground.sandbox.services import simulating
from tests.sandbox.playing.world import make_way

pytestmark = pytest.mark.django_db
AT = time.now()


def snapshot() -> list[tuple]:
    rows = Friendship.objects.order_by("contact__external_userid", "member__userid")
    return list(
        rows.values_list("contact__external_userid", "contact__name", "member__userid", "remark", "created_at", "state")
    )


def test_every_customer_has_somebody_and_some_were_customers_once():
    found = simulating.build(4, 500, 7, at=AT)
    assert (found["members"], found["contacts"]) == (4, 500)
    assert found["follows"] > 500
    assert Contact.objects.count() == 520
    assert found["ended_follows"] >= 20
    assert (found["tags"], found["tag_groups"], found["groups"]) == (27, 6, 3)
    assert len(list(truth.follows())) == found["follows"]
    assert len(list(truth.group_places())) == found["group_places"]


def test_the_same_seed_gives_the_same_corp_and_another_gives_another():
    simulating.build(3, 60, 7, at=AT)
    first = snapshot()
    Contact.objects.all().delete()
    Member.objects.all().delete()
    simulating.build(3, 60, 7, at=AT)
    assert snapshot() == first
    simulating.build(3, 60, 8, at=AT)
    assert len(snapshot()) > len(first)
    assert Contact.objects.values("external_userid").distinct().count() == Contact.objects.count()


def test_a_repeat_adds_nothing_and_another_size_is_refused():
    before = simulating.build(2, 30, 7, at=AT)
    assert simulating.build(2, 30, 7, at=AT) == before
    for staff, customers in ((2, 31), (2, 29), (3, 30)):
        with pytest.raises(SeedIsTaken):
            simulating.build(staff, customers, 7, at=AT)
    assert truth.counts() == before


@pytest.mark.parametrize(("staff", "customers"), [(1, 0), (1, 1), (2, 19)])
def test_small_corps_are_corps_too(staff, customers):
    assert simulating.build(staff, customers, 9)["contacts"] == customers
    assert simulating.build(staff, customers, 9)["members"] == staff


def test_new_rows_still_get_ids_of_their_own():
    simulating.build(2, 30, 7)
    simulating.live(1, 1, most=40)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT id) FROM sandbox_friendship")
        rows, ids = cursor.fetchone()
    assert rows == ids > 30


def test_a_day_brings_people_talk_and_partings_and_tells_them(product):
    simulating.build(3, 200, 7)
    make_way(*Member.objects.all()[:2], skip_verify=True)
    before = truth.counts()
    found = simulating.live(2, 5, most=200)
    assert found["messages"] > 50
    assert found["ended_follows"] > before["ended_follows"]
    assert ChatMessage.objects.filter(is_from_customer=False).exists()
    assert not ChatMessage.objects.filter(sent_at__gt=time.now()).exists()
    told = Counter(CorpCallback.objects.values_list("name", flat=True))
    for name in ("add_half_external_contact", "add_external_contact", "del_follow_user", "edit_external_contact"):
        assert told[f"change_external_contact.{name}"]
    assert told["change_external_chat.update"]


def test_a_day_can_pass_in_the_dark(product):
    simulating.build(3, 100, 7)
    simulating.live(1, 5, most=60, is_telling=False)
    assert not CorpCallback.objects.exists()
