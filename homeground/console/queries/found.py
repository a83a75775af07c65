"""What the search box finds: customers by prefix, segments and campaigns by a part of their names."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.urls import NoReverseMatch, reverse

from homeground.journeys.models import Campaign
from homeground.people.models import Customer, Identity
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
    # Two prefix look-ups by index; a substring of a name would read a million rows.
    named = Customer.objects.filter(name__startswith=text, merged_into=None)[:EACH]
    known = Identity.objects.filter(value__startswith=text.lower()).select_related("customer")[:EACH]
    notes = {identity.customer.merged_into_id or identity.customer_id: identity for identity in known}
    for customer in Customer.objects.filter(pk__in={*(one.pk for one in named), *notes}).order_by("pk")[:EACH]:
        identity = notes.get(customer.pk)
        note = mask(identity.value, identity.kind) if identity else ""
        label = mask(customer.name, "name") or f"#{customer.pk}"
        yield Hit("customer", label, note, _url("console:customer", customer.pk))


def _segments(text: str) -> Iterator[Hit]:
    for segment in Segment.objects.filter(name__icontains=text).order_by("-created_at")[:EACH]:
        yield Hit("segment", segment.name, "", _url("segments:edit", segment.slug))


def _campaigns(text: str) -> Iterator[Hit]:
    for campaign in Campaign.objects.filter(name__icontains=text).order_by("-created_at")[:EACH]:
        yield Hit("campaign", campaign.name, campaign.get_state_display(), _url("journeys:campaign", campaign.pk))


def _url(name: str, key: object) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
