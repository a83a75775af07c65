"""The classifier: sentences in, topics out."""

import csv
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SURE = 0.5  # Below this a person looks first: of the held-out sentences, nine in ten above it are right.
_REPEATS = 3  # Sentences drawn from each pattern.
_PLACE = re.compile(r"\{(.)\}")


@dataclass(frozen=True)
class Lesson:
    """One sentence and what it is."""

    text: str
    topic: str  # question, after_sales, complaint, other.
    is_negative: bool


@dataclass(frozen=True)
class Judgement:
    """What the classifier thinks of one message. confidence: its own probability of the topic, 0 to 1."""

    topic: str
    confidence: float
    is_negative: bool

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE


class Judge:
    """A trained classifier: two regressions over the same weights."""

    def __init__(self, learnt: Sequence[Lesson]) -> None:
        # Imported here: 60 MB and a second that pages and most verbs never need.
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        self.weights: Any = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
        matrix = self.weights.fit_transform([_clean(lesson.text) for lesson in learnt])
        self.topic: Any = LogisticRegression(C=10, max_iter=2000, class_weight="balanced")
        self.topic.fit(matrix, [lesson.topic for lesson in learnt])
        self.mood: Any = LogisticRegression(C=10, max_iter=2000, class_weight="balanced")
        self.mood.fit(matrix, [lesson.is_negative for lesson in learnt])

    def judge(self, texts: Sequence[str]) -> list[Judgement]:
        """One judgement a text, in order."""
        if not texts:
            return []
        matrix = self.weights.transform([_clean(text) for text in texts])
        shares = self.topic.predict_proba(matrix)
        moods = self.mood.predict(matrix)
        best = shares.argmax(axis=1)
        return [
            Judgement(str(self.topic.classes_[place]), float(share[place]), bool(mood))
            for place, share, mood in zip(best, shares, moods, strict=True)
        ]


def taught(corrections: Sequence[Lesson] = ()) -> Judge:
    """A classifier that has learnt what is shipped, and each correction as often as a pattern."""
    return Judge([*lessons("train"), *_drawn(), *(lesson for lesson in corrections for _ in range(_REPEATS))])


def lessons(part: str) -> list[Lesson]:
    """The shipped sentences of a part: train or test."""
    return [
        Lesson(row["text"], row["topic"], row["is_negative"] == "1")
        for row in _rows("messages.csv")
        if row["part"] == part
    ]


def _drawn() -> list[Lesson]:
    """Sentences from the patterns, the same in every process."""
    words: dict[str, list[str]] = {}
    for row in _rows("words.csv"):
        words.setdefault(row["place"], []).append(row["word"])
    dice = random.Random(1)
    return [
        Lesson(
            _PLACE.sub(lambda place: dice.choice(words[place[1]]), row["pattern"]),
            row["topic"],
            row["topic"] == "complaint",
        )
        for row in _rows("patterns.csv")
        for _ in range(_REPEATS)
    ]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _clean(text: str) -> str:
    return "".join(text.split()).lower()[:500]
