"""Reads of the room for its pages."""

from homeground.people.models import Customer, Identity


def preview_customer(words: str) -> Customer | None:
    """Whom the words name: a number, an identity, the beginning of a name; without words, the first customer."""
    if not words:
        return Customer.objects.filter(merged_into=None).order_by("pk").first()
    customer = _by_number(words) or _by_identity(words) or Customer.objects.filter(name__startswith=words).first()
    return (customer.merged_into or customer) if customer else None


def _by_number(words: str) -> Customer | None:
    return Customer.objects.filter(pk=int(words)).first() if words.isdecimal() and len(words) < 10 else None


def _by_identity(words: str) -> Customer | None:
    identity = Identity.objects.select_related("customer").filter(value=words.lower()).first()
    return identity.customer if identity else None
