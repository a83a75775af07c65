"""What a value may be compared with: one object with one key, like {"at_least": 3}. Days are the brand's days."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag


class Part(BaseModel):
    """A part of a rule: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @classmethod
    def first_key(cls) -> list[str]:
        """The key in JSON by which such a part is known."""
        name, field = next(iter(cls.model_fields.items()))
        return [field.alias or name]


LARGEST = 10**15  # Beyond it a double no longer holds every whole number.
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]+$")]
_Whole = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
_Broken = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
Number = _Whole | _Broken
Texts = Annotated[list[Text], Field(min_length=1, max_length=1000)]
Numbers = Annotated[list[Number], Field(min_length=1, max_length=1000)]
Days = Annotated[int, Field(ge=1, le=36_600)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2299, 12, 31))]  # What ClickHouse's Date32 holds.


class Equals(Part):
    equals: bool | Number | Text


class In(Part):
    one_of: Texts | Numbers = Field(alias="in")


class Contains(Part):
    contains: Text


class Starts(Part):
    starts: Text


class Greater(Part):
    greater: Number


class AtLeast(Part):
    at_least: Number


class Less(Part):
    less: Number


class AtMost(Part):
    at_most: Number


class Between(Part):
    """Both ends belong to it."""

    between: tuple[Number, Number] | tuple[Day, Day]


class Before(Part):
    before: Day


class After(Part):
    after: Day


class DaysBetween(Part):
    """Both days belong to it."""

    between: tuple[Day, Day]


class LastDays(Part):
    """Today and the days before it: 1 is today, 7 is today and the six days before."""

    last_days: Days


class NextDays(Part):
    """Today and the days after it: 1 is today."""

    next_days: Days


class AnniversaryDays(Part):
    """The day and month come round within so many days: 1 is today. 29 February counts as the 28th in common years."""

    anniversary_days: Annotated[int, Field(ge=1, le=366)]


class InMonths(Part):
    """The month is one of these, whatever the year: 1 is January."""

    in_months: Annotated[list[Annotated[int, Field(ge=1, le=12)]], Field(min_length=1, max_length=12)]


class IsSet(Part):
    is_set: bool


def by_key(*keys: str) -> Callable[[Any], str | None]:
    """A discriminator: which of the keys a node has. The tag starts with "§" so that error paths can leave it out."""

    def pick(node: Any) -> str | None:
        given = node.first_key() if isinstance(node, Part) else node
        return next((f"§{key}" for key in keys if key in given), None) if isinstance(given, (dict, list)) else None

    return pick


Comparison = Annotated[
    Annotated[Equals, Tag("§equals")]
    | Annotated[In, Tag("§in")]
    | Annotated[Contains, Tag("§contains")]
    | Annotated[Starts, Tag("§starts")]
    | Annotated[Greater, Tag("§greater")]
    | Annotated[AtLeast, Tag("§at_least")]
    | Annotated[Less, Tag("§less")]
    | Annotated[AtMost, Tag("§at_most")]
    | Annotated[Between, Tag("§between")]
    | Annotated[Before, Tag("§before")]
    | Annotated[After, Tag("§after")]
    | Annotated[LastDays, Tag("§last_days")]
    | Annotated[NextDays, Tag("§next_days")]
    | Annotated[AnniversaryDays, Tag("§anniversary_days")]
    | Annotated[InMonths, Tag("§in_months")]
    | Annotated[IsSet, Tag("§is_set")],
    Discriminator(
        by_key(
            "equals",
            "in",
            "contains",
            "starts",
            "greater",
            "at_least",
            "less",
            "at_most",
            "between",
            "before",
            "after",
            "last_days",
            "next_days",
            "anniversary_days",
            "in_months",
            "is_set",
        )
    ),
]
Window = Annotated[
    Annotated[Before, Tag("§before")]
    | Annotated[After, Tag("§after")]
    | Annotated[DaysBetween, Tag("§between")]
    | Annotated[LastDays, Tag("§last_days")],
    Discriminator(by_key("before", "after", "between", "last_days")),
]


def kind_of(test: Part) -> str | None:
    """What the comparison compares: text, number, date or flag; None: anything."""
    if isinstance(test, IsSet):
        return None
    value = next(iter(test.model_dump().values()))
    one = value[0] if isinstance(value, (list, tuple)) else value
    if isinstance(test, (Before, After, LastDays, NextDays, AnniversaryDays, InMonths)) or isinstance(one, date):
        return "date"
    if isinstance(one, bool):
        return "flag"
    return "text" if isinstance(one, str) else "number"
