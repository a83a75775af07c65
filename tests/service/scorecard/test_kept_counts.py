"""What is kept is what the full count gave at its moment; whatever changes is in the next count."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from time import sleep

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as some

from homeground.core import kept
from homeground.core.kept import Question
from homeground.people.models import Customer, CustomerTag, Tag
from homeground.segments.services import create_list
from homeground.service.models import PlatformDay, ScoreCount, Wait
from homeground.service.queries.scorecard import Span, audiences, scorecard, span_of
from homeground.service.services.scorecard import ask_audiences, ask_cards
from homeground.wecom.models import Follow, Staff
from tests.service.scorecard.test_counting import MONDAY, NOW, SPAN, befriend, buy, make_staff, wait

LATER = NOW + timedelta(hours=1)
moments = some.integers(-30 * 24, 24).map(lambda hours: NOW + timedelta(hours=hours))
departments = some.sampled_from(["", "一店", "二店"])
ties = some.lists(some.tuples(some.integers(0, 3), some.integers(0, 5), moments, some.booleans()), max_size=8)
orders = some.lists(some.tuples(some.integers(0, 5), moments), max_size=8)
kinds = some.sampled_from(["chat", "request", "comment"])
waits = some.lists(some.tuples(some.integers(0, 3), kinds, moments, some.none() | some.integers(1, 30)), max_size=8)
merges = some.lists(some.tuples(some.integers(0, 2), some.integers(3, 5)), max_size=2, unique_by=lambda pair: pair[1])


worlds = some.tuples(ties, orders, waits, merges)


def live(staff: list[Staff], people: list[Customer], world) -> None:
    """Add what happened."""
    given_ties, given_orders, given_waits, given_merges = world
    for member, person, began, has_ended in given_ties:
        if not Follow.objects.filter(staff=staff[member], contact__customer=people[person]).exists():
            ended = {"ended_at": began + timedelta(days=9), "ending": "by_customer"} if has_ended else {}
            befriend(staff[member], people[person], began, **ended)
    for person, paid_at in given_orders:
        buy(people[person], paid_at)
    for member, kind, began, minutes in given_waits:
        wait(staff[member], kind, began, minutes)
    for into, absorbed in given_merges:
        Customer.objects.filter(pk=people[absorbed].pk).update(merged_into=people[into])


def asked(span: Span):
    """Every question with what the full count says at this moment."""
    ours = list(Staff.objects.filter(department="一店").values_list("pk", flat=True))
    questions = [(ask_cards(span), scorecard(span))]
    for by in ("bought", "tag"):
        for staff_ids in (None, ours):
            questions.append((ask_audiences(span, by, staff_ids=staff_ids), audiences(span, by, staff_ids=staff_ids)))
    return questions


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(some.lists(departments, min_size=4, max_size=4), worlds, worlds)
def test_a_kept_count_is_the_full_count_of_its_moment_and_the_next_has_all_that_changed(departments, before, after):
    with rolled_back():
        staff = [make_staff(f"{number}", department) for number, department in enumerate(departments)]
        people = [Customer.objects.create() for _person in range(6)]
        tag = Tag.objects.create(name="会员")
        CustomerTag.objects.bulk_create(
            CustomerTag(customer=person, tag=tag, origin="manual", source="t") for person in people[::2]
        )
        PlatformDay.objects.create(staff=staff[0], day=MONDAY.date(), chats=3, reply_bp=3333, read_at=NOW)
        live(staff, people, before)
        first = asked(SPAN)
        for question, full in first:
            assert question.counted().value == full

        live(staff, people, after)
        Wait.objects.filter(answered_at=None).update(answered_at=NOW, closing="click")
        Staff.objects.filter(pk=staff[0].pk).update(department="三店")

        for question, full in first:
            assert question.kept().value == full
        for question, full in asked(replace(SPAN, now=LATER)):
            assert question.counted().value == full
            assert question.kept().counted_at == LATER


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def slow(monkeypatch, seconds: float) -> None:
    clock = iter([0.0, seconds] * 9)
    monkeypatch.setattr(kept, "perf_counter", lambda: next(clock))


@pytest.mark.django_db
def test_a_count_is_fresh_for_three_hundred_times_as_long_as_it_took(monkeypatch):
    slow(monkeypatch, 2)
    ask_cards(SPAN).counted()
    wait(make_staff("甲"))

    in_time = ask_cards(replace(SPAN, now=NOW + timedelta(minutes=9))).counted()
    late = replace(SPAN, now=NOW + timedelta(minutes=10))

    assert in_time.is_fresh
    assert (in_time.counted_at, in_time.value.staff) == (NOW, [])
    assert not ask_cards(late).kept().is_fresh
    assert len(ask_cards(late).counted().value.staff) == 1
    assert ScoreCount.objects.count() == 1


@pytest.mark.django_db
def test_another_question_is_counted_for_itself_and_old_counts_are_forgotten():
    segment = create_list(slug="vip", name="高价值", lines=["phone", "13800138000"]).segment
    questions = [
        ask_cards(SPAN), ask_cards(span_of(4, SPAN.zone, NOW)), ask_cards(replace(SPAN, zone="Asia/Tokyo")),
        ask_audiences(SPAN, "bought"), ask_audiences(SPAN, "bought", staff_ids=[]), ask_audiences(SPAN, "tag"),
        ask_audiences(SPAN, "segment"), ask_audiences(SPAN, "segment", segments=[segment]),
    ]  # fmt: skip
    for question in questions:
        assert question.kept() is None
        question.counted()
    assert ScoreCount.objects.count() == len(questions)

    ask_cards(replace(SPAN, now=NOW + timedelta(days=9))).counted()

    assert ScoreCount.objects.get().counted_at == NOW + timedelta(days=9)


@pytest.mark.django_db(transaction=True)
def test_who_asks_while_it_is_counted_gets_the_same_count():
    counts, answers = [], []

    def count() -> list[int]:
        counts.append(1)
        sleep(0.2)
        return [len(counts)]

    def ask() -> None:
        try:
            answers.append(Question(ScoreCount, ("q",), NOW, count, lambda rows, _at: rows).counted().value)
        finally:
            connection.close()

    threads = [Thread(target=ask) for _asker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [[1]] * 3
