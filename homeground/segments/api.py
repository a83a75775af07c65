"""Segments for programs: list, count a rule, members by page."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from homeground.segments import queries, services
from homeground.segments.models import Segment

router = Router(tags=["segments"])


class SegmentOut(Schema):
    slug: str
    name: str
    link: str
    is_dynamic: bool
    rule: Any
    customers: int
    generation: int
    as_of: datetime | None
    refreshed_at: datetime | None
    failure: str


class Question(Schema):
    """A rule by docs/segment.schema.json, and the moment up to which events count (default: now)."""

    rule: Any
    at: AwareDatetime | None = None


class CountOut(Schema):
    customers: int
    as_of: datetime


class MembersOut(Schema):
    """customer_ids ascending; ask for the next page with after = the last of them, until next is null."""

    as_of: datetime | None
    generation: int
    customer_ids: list[int]
    next: int | None


class Place(Schema):
    after: int = Field(0, ge=0)
    size: int = Field(1000, ge=1, le=10_000)


@router.get("/segments", response=list[SegmentOut])
def list_segments(request: HttpRequest) -> list[Segment]:
    """Every segment, newest first."""
    return list(Segment.objects.listed())


@router.post("/segments/count", response=CountOut)
def count_rule(request: HttpRequest, question: Question) -> services.Counted:
    """How many customers a rule holds for."""
    return services.count(question.rule, question.at)


@router.get("/segments/{slug}/members", response=MembersOut)
def list_members(request: HttpRequest, slug: str, place: Query[Place]) -> dict[str, Any]:
    """The members of the newest generation."""
    segment = queries.segment_of(slug)
    ids = queries.member_page(segment, after=place.after, size=place.size)
    following = ids[-1] if len(ids) == place.size else None
    return {"as_of": segment.as_of, "generation": segment.generation, "customer_ids": ids, "next": following}
