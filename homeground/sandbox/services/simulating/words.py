"""The words of a made-up corp: names as in a contact list, the tags of a skin-care brand, what people write."""

import json
from pathlib import Path
from typing import Any

_WORDS: dict[str, Any] = json.loads((Path(__file__).parent / "words.json").read_text())

SURNAMES: list[str] = _WORDS["surnames"]  # The most frequent first.
GIVEN_WOMEN: list[str] = _WORDS["given_women"]
GIVEN_MEN: list[str] = _WORDS["given_men"]
NICKNAMES: list[str] = _WORDS["nicknames"]
LATIN: list[str] = _WORDS["latin"]
MARKS: list[str] = _WORDS["marks"]
TAGS: dict[str, list[str]] = _WORDS["tags"]  # By group.
POSITIONS: list[str] = _WORDS["positions"]
SHOPS: list[str] = _WORDS["shops"]
GROUPS: list[str] = _WORDS["groups"]
DESCRIPTIONS: list[str] = _WORDS["descriptions"]
QUESTIONS: list[str] = _WORDS["questions"]
COMPLAINTS: list[str] = _WORDS["complaints"]
ANSWERS: list[str] = _WORDS["answers"]
THANKS: list[str] = _WORDS["thanks"]
GROUP_TALK: list[str] = _WORDS["group_talk"]
COMMENTS: list[str] = _WORDS["comments"]
