"""How right the classifier is, on sentences that it never saw."""

from dataclasses import dataclass

from homeground.service.classifier.model import Judge, lessons, taught


@dataclass(frozen=True)
class Measured:
    """Counts of held-out sentences. topics, moods: judged right; sure: above half confidence, and right of those."""

    sentences: int
    topics: int
    moods: int
    sure: int
    sure_topics: int

    @property
    def topic_share(self) -> float:
        return self.topics / self.sentences

    @property
    def mood_share(self) -> float:
        return self.moods / self.sentences

    @property
    def sure_share(self) -> float:
        return self.sure / self.sentences

    @property
    def sure_topic_share(self) -> float:
        return self.sure_topics / self.sure


# What a page shows; a test holds it against the code.
MEASURED = Measured(sentences=120, topics=101, moods=108, sure=100, sure_topics=90)


def measured(judge: Judge | None = None) -> Measured:
    """The figures of now: of a classifier that has learnt what is shipped."""
    held_out = lessons("test")
    judged = (judge or taught()).judge([lesson.text for lesson in held_out])
    pairs = list(zip(judged, held_out, strict=True))
    right = [one for one, lesson in pairs if one.topic == lesson.topic]
    return Measured(
        sentences=len(pairs),
        topics=len(right),
        moods=sum(one.is_negative == lesson.is_negative for one, lesson in pairs),
        sure=sum(one.is_sure for one in judged),
        sure_topics=sum(one.is_sure for one in right),
    )
