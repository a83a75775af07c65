"""From a file to findings."""

from pathlib import Path

from homeground.insights.review.findings import Findings, find
from homeground.insights.review.question import Question
from homeground.insights.review.source import parse, read
from homeground.insights.review.table import trial_of


def review_file(path: Path, question: Question) -> Findings:
    """The review of a file on this machine. Raises a refusal that says what is wrong with the file or the question."""
    return find(trial_of(read(path, question.columns), question, path.name))


def review_content(content: bytes, name: str, question: Question, most_bytes: int) -> Findings:
    """The review of a file that somebody sent. most_bytes bounds it after unpacking."""
    return find(trial_of(parse(content, name, question.columns, most_bytes), question, name))
