"""The gateway: takes messages in batches, each key once; misbehaves when told to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.core import time
from homeground.sandbox.models import Gateway, Message
from homeground.sandbox.services.receipts import tell_all

SQL = Path(__file__).parent.parent / "sql"
_LENGTHS = {"key": 100, "reference": 200, "address": 255, "sender": 60, "subject": 300, "body": 20_000}
_NEEDED = ("key", "reference", "address", "body")


@dataclass(frozen=True)
class Given:
    """One message as the sender gave it, checked."""

    key: str
    reference: str
    address: str
    sender: str
    subject: str
    body: str
    at: datetime


def gateway() -> Gateway:
    """The one row, made when it is missing."""
    return Gateway.objects.get_or_create(pk=1)[0]


def next_fault() -> tuple[str, int]:
    """The fault that this request meets ("" for none), used up by it, and for how many seconds to be silent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sandbox_gateway SET faults_left = faults_left - 1 WHERE faults_left > 0 AND fault <> ''"
            " RETURNING fault, silent_seconds"
        )
        return cursor.fetchone() or ("", 0)


def misbehave(**changes: Any) -> None:
    """Set how the gateway treats the next requests and their receipts."""
    gateway()
    Gateway.objects.filter(pk=1).update(**changes)


@transaction.atomic
def take(documents: Sequence[Any], receipts_url: str) -> list[dict[str, str]]:
    """Store messages and say of each, in order: accepted, duplicate (its key is here already) or refused with reason.

    A message that cannot be read does not lose the others.
    """
    results: list[dict[str, str]] = []
    good: list[Given] = []
    for document in documents:
        given = _given(document)
        if isinstance(given, Given):
            good.append(given)
            results.append({"key": given.key})
        else:
            results.append({"key": _key(document), "status": "refused", "reason": given})
    stored = _store(good, receipts_url)
    return [result if "status" in result else {**result, **stored(result["key"])} for result in results]


def arrived(keys: Sequence[str]) -> list[str]:
    """Which of these keys have been taken."""
    return list(Message.objects.filter(key__in=keys).values_list("key", flat=True))


class _Stored:
    """What became of each key; the second of two equal keys in a batch is a duplicate."""

    def __init__(self, new: set[str], blocked: set[str]) -> None:
        self.new, self.blocked = new, blocked

    def __call__(self, key: str) -> dict[str, str]:
        if key in self.new:
            self.new.discard(key)
            return {"status": "accepted"}
        if key in self.blocked:
            return {"status": "refused", "reason": "blocked by the customer"}
        return {"status": "duplicate"}


def _store(given: Sequence[Given], receipts_url: str) -> _Stored:
    params = _columns(given) | {"receipts_url": receipts_url}
    with connection.cursor() as cursor:
        cursor.execute((SQL / "phones.sql").read_text(), params)
        # In one order, so that two batches with the same phones wait for each other and never both.
        cursor.execute(
            "SELECT FROM sandbox_phone WHERE address = ANY(%(addresses)s) ORDER BY address FOR UPDATE", params
        )
        cursor.execute((SQL / "take.sql").read_text(), params)
        new = cursor.fetchall()
        cursor.execute((SQL / "newest.sql").read_text(), {"ids": [pk for pk, _key, _at in new]})
        cursor.execute(
            "SELECT given.key FROM unnest(%(keys)s::text[], %(addresses)s::text[]) AS given (key, address)"
            " JOIN sandbox_phone AS phone USING (address) WHERE phone.is_blocking"
            " AND NOT EXISTS (SELECT FROM sandbox_message AS message WHERE message.key = given.key)",
            params,
        )
        blocked = {key for (key,) in cursor.fetchall()}
    tell_all([(pk, at) for pk, _key, at in new if at], "delivered")
    return _Stored({key for _pk, key, _at in new}, blocked)


def _columns(given: Sequence[Given]) -> dict[str, list[Any]]:
    return {
        "keys": [one.key for one in given],
        "references": [one.reference for one in given],
        "addresses": [one.address for one in given],
        "senders": [one.sender for one in given],
        "subjects": [one.subject for one in given],
        "bodies": [one.body for one in given],
        "ats": [one.at for one in given],
    }


def _given(document: Any) -> Given | str:
    """The message, or what is wrong with it."""
    if not isinstance(document, Mapping):
        return "not an object"
    texts = {name: _clean(document.get(name, "")) for name in _LENGTHS}
    for name, text in texts.items():
        if len(text) > _LENGTHS[name] or (name in _NEEDED and not text):
            return f"{name}: 1 to {_LENGTHS[name]} characters"
    try:
        at = datetime.fromisoformat(str(document.get("at") or time.now().isoformat()))
    except ValueError:
        return "at: ISO 8601"
    return Given(**texts, at=at) if at.tzinfo else "at: with its offset from UTC"


def _clean(value: Any) -> str:
    return str(value).replace("\x00", "").encode("utf-8", "ignore").decode()


def _key(document: Any) -> str:
    return _clean(document.get("key", ""))[:100] if isinstance(document, Mapping) else ""
