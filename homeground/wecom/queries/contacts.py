"""Who of our customers is whose friend. Customers may be given by any of their ids: merges are followed."""

from collections.abc import Sequence
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet

from homeground.people.queries import survivor_of
from homeground.wecom.models import ExternalContact, Follow

_SQL = Path(__file__).parent.parent / "sql"


def owners(customer_ids: Sequence[int]) -> dict[int, int]:
    """The member of staff (pk) who serves each customer; customers without an open follow are left out.

    Of several follows the one with the latest exchange, else the latest begun; confirmed ones before pending ones.
    """
    with connection.cursor() as cursor:
        cursor.execute((_SQL / "owners.sql").read_text(), {"ids": list(customer_ids)})
        return dict(cursor.fetchall())


def external_ids(customer_ids: Sequence[int]) -> dict[int, list[str]]:
    """The external_userids of each customer that an open follow leads to, the newest friendship first.

    Customers without any are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute((_SQL / "external_ids.sql").read_text(), {"ids": list(customer_ids)})
        return dict(cursor.fetchall())


def customer_of(external_userid: str) -> int | None:
    """The customer (survivor) behind an external_userid; None for one we do not know."""
    found = ExternalContact.objects.filter(external_userid=external_userid).values_list("customer_id", flat=True)
    return survivor_of(customer) if (customer := found.first()) else None


def customers_of(external_userids: Sequence[str]) -> dict[str, int]:
    """The same for many; unknown ones are left out."""
    found = ExternalContact.objects.filter(external_userid__in=set(external_userids))
    rows = found.values_list("external_userid", "customer_id", "customer__merged_into_id")
    return {external: into or customer for external, customer, into in rows}


def open_follows(staff_id: int) -> QuerySet[Follow]:
    """The friends of one member of staff, with contact and customer, newest first."""
    return friends_of(staff_id).select_related("contact__customer")


def friends_of(staff_id: int) -> QuerySet[Follow]:
    """The open follows of one member of staff, newest first."""
    return Follow.objects.filter(staff_id=staff_id, ended_at=None).order_by("-began_at", "-pk")
