"""Phones of the gateway, and receipts on their way."""

from django.db.models import OuterRef, QuerySet, Subquery

from homeground.sandbox.models import ATTEMPTS, Message, Phone, Receipt


def phones(search: str = "") -> "QuerySet[Phone]":
    """Phones with the newest text on each (`newest_body`, `newest_sender`), by the beginning of the address."""
    newest = Message.objects.filter(phone=OuterRef("pk"), delivered_at__isnull=False).order_by("-sent_at", "-pk")
    found = Phone.objects.filter(address__startswith=search) if search else Phone.objects.all()
    return found.annotate(
        newest_body=Subquery(newest.values("body")[:1]), newest_sender=Subquery(newest.values("sender")[:1])
    )


def thread(phone: Phone, limit: int = 100) -> list[Message]:
    """What the phone shows, oldest first: its newest `limit` messages that arrived, and its owner's answers."""
    arrived = phone.messages.filter(delivered_at__isnull=False).order_by("-sent_at", "-pk")[:limit]
    return list(reversed(arrived))


def waiting_receipts() -> tuple[int, int]:
    """Receipts that are still to be told, and those that were given up."""
    given_up = Receipt.objects.filter(attempts__gte=ATTEMPTS).count()
    return Receipt.objects.count() - given_up, given_up
