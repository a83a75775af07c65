"""What campaigns and journeys of each link did in a span: cost and harm beside what came of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from homeground.insights.queries.loop_rows import Sent, Walks
from homeground.journeys.models import Campaign, Journey


@dataclass
class Efforts:
    """What was done in one link: what it cost and what it met with, minor units of the brand's currency."""

    campaigns: set[int] = field(default_factory=set)
    journeys: set[str] = field(default_factory=set)
    messages: int = 0
    cost_minor: int = 0
    walked: int = 0  # People who entered its journeys, and of them those who reached the goal.
    reached: int = 0
    walked_refused: int = 0  # People who refused a message of its journeys.


def efforts(sent: Sequence[Sent], walks: Sequence[Walks]) -> dict[str, Efforts]:
    """By the name of the link. sent: by campaign, message steps of journeys too; walks: by journey."""
    result: defaultdict[str, Efforts] = defaultdict(Efforts)
    campaigns = Campaign.objects.select_related("version__journey").in_bulk([row.campaign_id for row in sent])
    for row in sent:
        if campaign := campaigns.get(row.campaign_id):
            _add_sent(result[campaign.link], campaign, row)
    journeys = Journey.objects.in_bulk([row.journey for row in walks], field_name="slug")
    for each in walks:
        if journey := journeys.get(each.journey):
            _add_walks(result[journey.link], each)
    return dict(result)


def _add_sent(efforts: Efforts, campaign: Campaign, row: Sent) -> None:
    efforts.messages += row.messages
    efforts.cost_minor += row.messages * campaign.touch_cost_minor
    if campaign.version is None:
        efforts.campaigns.add(campaign.pk)
    else:
        efforts.journeys.add(campaign.version.journey.slug)
        efforts.walked_refused += row.refused


def _add_walks(efforts: Efforts, row: Walks) -> None:
    efforts.journeys.add(row.journey)
    efforts.walked += row.entered
    efforts.reached += row.reached
