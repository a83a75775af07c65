"""Finding one customer of a campaign, for a preview."""

from homeground.content.queries import preview_customer
from homeground.journeys.models import Campaign, Participant
from homeground.people.models import Customer


def found(campaign: Campaign, words: str) -> Customer | None:
    """Whom the words name: a number, an identity, the beginning of a name; without words, the first of the audience."""
    if words:
        return preview_customer(words)
    treated = Participant.objects.filter(campaign=campaign, arm="treated").select_related("customer")
    if row := treated.order_by("customer_id").first():
        return row.customer
    return preview_customer("")
