from datetime import date, timedelta
from datetime import time as clock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.content import queries, services
from homeground.content.errors import BadPersona, NameTaken
from homeground.content.models import Persona, PersonaSlot
from homeground.wecom.models import Moment, Staff
from tests.content.world import NOW, days, member, own_post

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 18)


def slot(weekday=0, at=clock(8), kind="life", topic="茶园日记"):
    return services.SlotGiven(weekday, at, kind, topic)


def persona(staff=None, slots=(), **more):
    given = {"name": "山茶的小林", "identity": "顾问", "begins_on": TODAY - timedelta(days=99), "staff": staff} | more
    return services.save_persona(Persona(**given), list(slots))


def regularity(one):
    return queries.regularities([Persona.objects.get(pk=one.pk)], NOW)[0]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.tuples(st.integers(0, 6), st.integers(8, 10)), max_size=6),
    st.lists(st.tuples(st.integers(-32, 0), st.sampled_from(["", "life", "soup"])), max_size=12),
    st.integers(0, 40),
)
def test_regularity_is_what_a_plain_reading_counts(slots, posts, age):
    Moment.objects.all().delete()
    Persona.objects.all().delete()
    lin = Staff.objects.get_or_create(userid="lin")[0]
    one = persona(lin, [slot(day, clock(hour)) for day, hour in slots], begins_on=TODAY - timedelta(days=age))
    for day, kind in posts:
        own_post(lin, days(day), kind)

    found = regularity(one)

    first = max(TODAY - timedelta(days=28), TODAY - timedelta(days=age))
    counted = [first + timedelta(days=count) for count in range((TODAY - first).days)]
    if any(day == 0 for day, _kind in posts):
        counted.append(TODAY)
    posted = {on: sum(TODAY + timedelta(days=day) == on for day, _kind in posts) for on in counted}
    wanted = {on: sum(on.weekday() == day for day, _hour in slots) for on in counted}
    gap = longest = 0
    for on in counted:
        gap = 0 if posted[on] else gap + 1
        longest = max(longest, gap)
    streak = 0
    for on in reversed([on for on in counted if wanted[on]]):
        if posted[on] < wanted[on]:
            break
        streak += 1
    seen = [kind for day, kind in posts if TODAY + timedelta(days=day) in posted]
    assert (found.due, found.kept) == (sum(wanted.values()), sum(min(posted[on], wanted[on]) for on in counted))
    assert (found.longest_gap, found.streak) == (longest, streak)
    assert (found.posts, found.soup, found.unclassified) == (len(seen), seen.count("soup"), seen.count(""))


def test_without_a_member_nothing_is_measured():
    found = regularity(persona())

    assert (found.is_measured, found.is_irregular, found.score) == (False, False, None)


def test_a_week_of_silence_is_irregular_and_soup_is_said():
    lin = member()
    one = persona(lin, [slot(2)])
    own_post(lin, days(-1), "soup")

    found = regularity(one)

    assert found.is_irregular
    assert found.is_soupy


def test_slots_are_replaced_with_the_persona():
    one = persona(slots=[slot(0), slot(1)])
    services.save_persona(one, [slot(4)])

    assert list(PersonaSlot.objects.values_list("weekday", flat=True)) == [4]


@pytest.mark.parametrize(
    "slots",
    [[slot(), slot()], [slot(7)], [slot(kind="soup")], [slot(topic="")], [slot(at=clock(1, m)) for m in range(22)]],
)
def test_slots_that_cannot_be_are_refused(slots):
    one = persona(slots=[slot(3)])

    with pytest.raises(BadPersona):
        services.save_persona(one, slots)

    assert list(PersonaSlot.objects.values_list("weekday", flat=True)) == [3]


def test_a_member_has_one_persona():
    lin = member()
    persona(lin)

    with pytest.raises(NameTaken):
        persona(lin, name="另一个")

    assert Persona.objects.count() == 1


def test_somebody_looked_at_the_phone():
    one = persona()

    services.confirm_open_feed(one.pk, at=NOW)

    assert Persona.objects.get().open_feed_checked_on == TODAY
