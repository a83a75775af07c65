"""What is true in the sandbox corp: for comparing with what somebody else says of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from homeground.sandbox.models import Friendship, GroupMember

SQL = Path(__file__).parent.parent / "sql"


def counts() -> dict[str, int]:
    """Members, contacts, ties, tags and groups as they stand."""
    with connection.cursor() as cursor:
        cursor.execute((SQL / "truth.sql").read_text())
        return dict(zip((column.name for column in cursor.description), map(int, cursor.fetchone()), strict=True))


def follows() -> Iterator[dict[str, Any]]:
    """Every open tie as the platform would report it, by member and customer."""
    rows = Friendship.objects.filter(ended_at=None).order_by("member__userid", "contact__external_userid")
    fields = ("remark", "description", "remark_mobiles", "tag_ids", "add_way", "state", "created_at")
    names = rows.values("member__userid", "contact__external_userid", "contact__unionid", *fields)
    for row in names.iterator(chunk_size=5000):
        yield {name.removeprefix("member__").removeprefix("contact__"): value for name, value in row.items()}


def group_places() -> Iterator[dict[str, Any]]:
    """Everybody who is in a group, by group."""
    rows = GroupMember.objects.filter(left_at=None, chat__dismissed_at=None)
    found = rows.values("chat__chat_id", "member__userid", "contact__external_userid", "state", "join_scene")
    for row in found.order_by("chat__chat_id", "pk").iterator(chunk_size=5000):
        yield {
            "chat_id": row["chat__chat_id"],
            "userid": row["member__userid"] or row["contact__external_userid"],
            "state": row["state"],
            "join_scene": row["join_scene"],
        }
