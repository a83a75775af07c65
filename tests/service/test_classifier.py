"""The classifier's measured accuracy, on sentences that it never saw."""

from pathlib import Path

import pytest

from homeground.service.classifier import MEASURED, Lesson, lessons, measured, taught
from homeground.service.classifier.model import _drawn


@pytest.fixture(scope="module")
def judge():
    return taught()


def test_the_held_out_sentences_are_no_lessons_not_even_nearly():
    learnt = [pairs_of(lesson.text) for lesson in [*lessons("train"), *_drawn()]]
    held_out = [lesson.text for lesson in lessons("test")]

    nearest = {text: max(likeness(pairs_of(text), other) for other in learnt) for text in held_out}

    assert len(held_out) == len(set(held_out)) == 120
    assert max(nearest.values()) < 0.8, max(nearest, key=nearest.__getitem__)


def pairs_of(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0


def test_the_figures_that_page_and_decisions_state_are_those_of_the_code(judge):
    found, said = measured(judge), (Path(__file__).parents[2] / "docs/decisions.md").read_text()

    for name, count in vars(found).items():  # Other processors may see a borderline sentence otherwise.
        assert abs(count - getattr(MEASURED, name)) <= 2, name
    for share in (MEASURED.topic_share, MEASURED.mood_share, MEASURED.sure_share, MEASURED.sure_topic_share):
        assert f"{share * 100:.1f} %" in said
    assert f"{len(lessons('train'))} sentences" in said


def test_where_it_is_sure_it_is_right_more_often():
    assert MEASURED.sure_topic_share > MEASURED.topic_share + 0.04


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
