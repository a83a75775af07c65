"""The plan of a day: who is due for a follow-up, whose birthday comes, which friends the care round reaches."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from homeground.core import time
from homeground.people import queries as people
from homeground.people.models import Attribute, AttributeValue
from homeground.service import lunar
from homeground.service.models import Task
from homeground.service.services import care, tasks
from homeground.service.services.tasks import Assignment
from homeground.wecom import queries as wecom

_SQL = Path(__file__).parent.parent / "sql"
BIRTHDAY_DAYS_AHEAD = 3  # So that a card or a gift can be there in time.
SOLAR, LUNAR = "birthday", "lunar_birthday"


@dataclass(frozen=True)
class Planned:
    """What a planning added."""

    follow_ups: int
    birthdays: int
    care: int
    expired: int


def plan_day(at: datetime | None = None) -> Planned:
    """Plan the brand's day of this moment for every member. A repeat adds nothing; a crash is made good by one."""
    at = at or time.now()
    on = tasks.today(at)
    expired = tasks.expire(at)
    _run("reassign.sql", at=at)
    return Planned(
        follow_ups=plan_follow_ups(at), birthdays=plan_birthdays(on), care=care.plan_care(on), expired=expired
    )


@transaction.atomic
def plan_follow_ups(at: datetime | None = None) -> int:
    """Close the follow-ups that a talk made needless and give those that are due (M35). Returns how many are new."""
    at = at or time.now()
    zone = people.brand().time_zone
    _run("follow_ups_done.sql", at=at, zone=zone)
    return _run("follow_ups.sql", at=at, zone=zone, on=tasks.today(at))


def plan_birthdays(on: date) -> int:
    """Give a task for each friend whose birthday is today or in the next days. Returns how many are new.

    Who has a lunar birthday (attribute lunar_birthday) is greeted by that; else by the solar one (birthday).
    """
    return sum(_plan_birthday(on + timedelta(days=ahead)) for ahead in range(BIRTHDAY_DAYS_AHEAD + 1))


def _plan_birthday(day: date) -> int:
    kept = lunar.birthdays_on(day)
    persons = people.survivors(_lunar(kept) | _solar(kept))
    owners = wecom.owners(sorted(set(persons.values())))
    return tasks.assign(
        [
            Assignment(
                key=f"birthday:{customer}:{day}", staff_id=staff, customer_id=customer, title="", due_on=day,
                kind=Task.Kind.BIRTHDAY, expires_on=day,
            )
            for customer, staff in owners.items()
        ]
    )  # fmt: skip


def _solar(kept: lunar.Birthdays) -> set[int]:
    lunar_too = AttributeValue.objects.filter(attribute__key=LUNAR).values("customer_id")
    said = AttributeValue.objects.filter(attribute__key=SOLAR, attribute__kind=Attribute.Kind.DATE)
    days = said.extra(where=["right(value, 5) = ANY(%s)"], params=[sorted(kept.solar)])
    return set(days.exclude(customer_id__in=lunar_too).values_list("customer_id", flat=True))


def _lunar(kept: lunar.Birthdays) -> set[int]:
    said = AttributeValue.objects.filter(attribute__key=LUNAR)
    # A year has 360 of them, however many customers there are.
    texts = [text for text in said.values_list("value", flat=True).distinct() if lunar.read(text) in kept.lunar]
    return set(said.filter(value__in=texts).values_list("customer_id", flat=True))


def _run(name: str, **params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute((_SQL / name).read_text(), params)
        return int(cursor.rowcount)
