"""Waits against a simulation that takes one message after another, for any order of telling and any repeats."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.service.models import ChatMessage, Turn, Wait
from homeground.service.services import rules
from homeground.wecom.models import GroupChat, GroupMember
from tests.service.world_day import NOON, answered, make_staff, minutes, said, tell

STAFF = ["li", "wang", "zhao"]
IN_GROUP = {"wr1": {"li", "wang"}, "wr2": {"zhao"}}

one_to_one = st.tuples(
    st.just("chat"), st.booleans(), st.sampled_from(STAFF[:2]), st.sampled_from(["wm1", "wm2"]), st.just("")
)
in_group = st.tuples(
    st.just("group"), st.booleans(), st.sampled_from(STAFF), st.sampled_from(["wm1", "wm2"]),
    st.sampled_from(sorted(IN_GROUP)),
)  # fmt: skip
kf = st.tuples(
    st.just("kf"), st.booleans(), st.sampled_from(["", "li"]), st.sampled_from(["wm1", "wm2"]), st.just("k1")
)
talks = st.lists(st.tuples(st.integers(0, 30), st.one_of(one_to_one, in_group, kf)), max_size=25)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(talk=talks, order=st.randoms(use_true_random=False), sizes=st.lists(st.integers(1, 5), min_size=1, max_size=9))
def test_any_order_any_batches_and_repeats_give_what_one_by_one_gives(db, talk, order, sizes):
    _empty()
    messages = [_message(number, at, *what) for number, (at, what) in enumerate(talk)]
    told = [*messages, *order.sample(messages, len(messages) // 3)]
    order.shuffle(told)
    while told:
        size = sizes[len(told) % len(sizes)]
        tell(*told[:size])
        told = told[size:]

    assert sorted(_waits()) == sorted(_one_by_one(messages))


@dataclass
class _Running:
    began: float
    messages: int = 0


def _one_by_one(messages):
    """What a person would note, reading all conversations in the order of the clock; at one moment customers first."""
    waiting, over = {}, []
    for message in sorted(messages, key=lambda one: (one.at, not one.is_from_customer)):
        at = (message.at - NOON).total_seconds() / 60
        for conversation in _conversations(message):
            if message.is_from_customer:
                waiting.setdefault(conversation, _Running(at)).messages += 1
            elif conversation in waiting:
                run = waiting.pop(conversation)
                over.append((conversation, run.began, run.messages, at))
    return over + [(conversation, run.began, run.messages, -1) for conversation, run in waiting.items()]


def _conversations(message):
    if message.is_kf:
        return [f"kf:{message.chat_id}:{message.external_userid}"]
    if not message.chat_id:
        return [f"chat:{message.userid}:{message.external_userid}"]
    asked = set(message.mentions) if message.is_from_customer else {message.userid} | IN_GROUP[message.chat_id]
    return [f"mention:{message.chat_id}:{userid}" for userid in sorted(asked)]


def _message(number, at, place, is_from_customer, userid, external, chat_id):
    more = {"msgid": f"p{number}", "chat_id": chat_id, "is_kf": place == "kf"}
    if not is_from_customer:
        return answered("" if place == "group" else external, at, userid, **more)
    mentions = [userid] if place == "group" and number % 3 else []
    return said(external, at, "" if place == "group" else userid, mentions=mentions, **more)


def _waits():
    rows = Wait.objects.values_list("conversation", "began_at", "messages", "answered_at")
    return [
        (
            conversation,
            (began - NOON).total_seconds() / 60,
            count,
            -1 if end is None else (end - NOON).total_seconds() / 60,
        )
        for conversation, began, count, end in rows
    ]


def _empty():
    for model in (Wait, Turn, ChatMessage):
        model.objects.all().delete()
    if GroupChat.objects.exists():
        return
    rules.install_defaults()
    staff = {userid: make_staff(userid) for userid in STAFF}
    for chat_id, members in IN_GROUP.items():
        chat = GroupChat.objects.create(chat_id=chat_id, owner=staff[sorted(members)[0]], seen_at=minutes(0))
        for userid in members:
            GroupMember.objects.create(chat=chat, member_id=userid, is_external=False, joined_at=minutes(0))
