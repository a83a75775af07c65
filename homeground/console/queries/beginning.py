"""How far a fresh deployment has come: what there is to look at yet."""

from dataclasses import dataclass

from homeground.commerce.models import Order
from homeground.events.models import StreamBatch
from homeground.ingest.models import Token
from homeground.journeys.models import Campaign
from homeground.people.models import Customer
from homeground.segments.models import Segment


@dataclass(frozen=True)
class Beginning:
    """The first steps, each done or not."""

    has_customers: bool
    has_orders: bool
    has_token: bool
    has_events: bool
    has_segment: bool
    has_campaign: bool

    @property
    def is_over(self) -> bool:
        """Whether guidance would only be in the way."""
        return self.has_customers and self.has_segment and self.has_campaign


def beginning() -> Beginning:
    """Where this deployment stands; one index look-up a step."""
    return Beginning(
        has_customers=Customer.objects.exists(),
        has_orders=Order.objects.exists(),
        has_token=Token.objects.filter(revoked_at=None).exists(),
        has_events=StreamBatch.objects.exists(),
        has_segment=Segment.objects.exists(),
        has_campaign=Campaign.objects.planned().exists(),
    )
