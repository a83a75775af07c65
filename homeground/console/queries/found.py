"""What the search box finds: customers, segments and campaigns."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.urls import NoReverseMatch, reverse

from homeground.journeys.models import Campaign
from homeground.people.models import Identity
from homeground.people.queries import first_matches
from homeground.segments.models import Segment
from homeground.ui.masking import mask

EACH = 6  # Hits of a kind that are shown.


@dataclass(frozen=True)
class Hit:
    """One thing found: kind is customer, segment or campaign."""

    kind: str
    label: str
    note: str
    url: str


def hits(text: str, user: User | AnonymousUser) -> list[Hit]:
    """What the user may see of what begins with, or is named like, this text."""
    text = text.strip()[:100]
    if not text:
        return []
    kinds = [("people.view_customer", _customers), ("segments.view_segment", _segments)]
    kinds += [("journeys.view_campaign", _campaigns)]
    return [hit for permission, find in kinds if user.has_perm(permission) for hit in find(text)]


def _customers(text: str) -> Iterator[Hit]:
    found = first_matches(text, EACH)
    known = Identity.objects.filter(customer__in=found, value__startswith=text).order_by("pk")
    notes = {identity.customer_id: mask(identity.value, identity.kind) for identity in known}
    for customer in found:
        label = mask(customer.name, "name") or f"#{customer.pk}"
        yield Hit("customer", label, notes.get(customer.pk, ""), _url("console:customer", customer.pk))


def _segments(text: str) -> Iterator[Hit]:
    for segment in Segment.objects.filter(name__icontains=text).order_by("-created_at")[:EACH]:
        yield Hit("segment", segment.name, "", _url("segments:edit", segment.slug))


def _campaigns(text: str) -> Iterator[Hit]:
    for campaign in Campaign.objects.planned().filter(name__icontains=text).order_by("-created_at")[:EACH]:
        yield Hit("campaign", campaign.name, campaign.get_state_display(), _url("journeys:campaign", campaign.pk))


def _url(name: str, key: object) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
