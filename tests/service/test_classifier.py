"""The classifier's measured accuracy, on sentences that it never saw."""

import pytest

from homeground.service.classifier import Lesson, lessons, taught


@pytest.fixture(scope="module")
def judge():
    return taught()


def test_the_held_out_sentences_are_not_among_the_lessons():
    learnt = {lesson.text for lesson in lessons("train")}

    assert not learnt & {lesson.text for lesson in lessons("test")}


def test_topics_and_moods_of_the_held_out_sentences(judge):
    held_out = lessons("test")
    judged = judge.judge([lesson.text for lesson in held_out])
    right = sum(one.topic == lesson.topic for one, lesson in zip(judged, held_out, strict=True))
    moods = sum(one.is_negative == lesson.is_negative for one, lesson in zip(judged, held_out, strict=True))

    assert len(held_out) == 120
    assert right / len(held_out) >= 0.82  # Measured: 0.850.
    assert moods / len(held_out) >= 0.88  # Measured: 0.908.


def test_where_it_is_sure_it_is_right_more_often(judge):
    held_out = lessons("test")
    pairs = list(zip(judge.judge([lesson.text for lesson in held_out]), held_out, strict=True))
    sure = [(one, lesson) for one, lesson in pairs if one.is_sure]

    assert len(sure) / len(pairs) >= 0.78  # Measured: 0.825.
    assert sum(one.topic == lesson.topic for one, lesson in sure) / len(sure) >= 0.87  # Measured: 0.899.


def test_it_learns_from_a_correction(judge):
    text = "麻烦改下收件人名字"
    corrected = taught([Lesson(text, "after_sales", False)])

    assert judge.judge([text])[0].topic != "after_sales"
    assert corrected.judge([text])[0].topic == "after_sales"


def test_nothing_and_nonsense_are_judged_without_a_stumble(judge):
    assert judge.judge([]) == []
    assert {one.topic for one in judge.judge(["", "   ", "😀😀", "\x00", "a" * 100_000])} <= {
        "question", "after_sales", "complaint", "other",
    }  # fmt: skip
