"""What is known of one person, with who said so and when: the evidence of an explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from homeground.people.models import AttributeValue, Consent, Customer, CustomerTag, Identity, RelationMove


@dataclass(frozen=True)
class Person:
    """One survivor with all that was told of any of its ids; of attributes only those that rules may name."""

    customer: Customer
    created_at: datetime  # The earliest of its ids.
    attributes: Mapping[str, AttributeValue]  # The newest by key.
    tags: Sequence[CustomerTag]  # That have not expired, oldest first.
    consents: Sequence[Consent]  # Newest first.
    identities: Sequence[Identity]  # Oldest first.
    related_at: datetime | None  # When it came to stand in its relation; None: from the beginning.


def person_of(ids: Sequence[int], at: datetime) -> Person:
    """The person of these ids, survivor first."""
    said = AttributeValue.objects.filter(customer__in=ids, attribute__is_personal=False).select_related("attribute")
    lasting = CustomerTag.objects.filter(Q(expires_at=None) | Q(expires_at__gt=at), customer__in=ids)
    customers = Customer.objects.in_bulk(ids)
    return Person(
        customer=customers[ids[0]],
        created_at=min(one.created_at for one in customers.values()),
        attributes={value.attribute.key: value for value in said.order_by("said_at", "-customer_id")},
        tags=list(lasting.select_related("tag").order_by("tagged_at", "pk")),
        consents=list(Consent.objects.filter(customer__in=ids).order_by("-decided_at", "is_granted")),
        identities=list(Identity.objects.filter(customer__in=ids).order_by("created_at", "pk")),
        related_at=RelationMove.objects.filter(customer=ids[0])
        .order_by("-moved_at")
        .values_list("moved_at", flat=True)
        .first(),
    )
