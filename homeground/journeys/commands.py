"""homeground campaigns list | show | freeze | send | pause | cancel, and homeground journeys (journey_commands.py)."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from homeground.core.terminal import AsJson, answer
from homeground.events.stores import open_stores
from homeground.journeys import journey_commands
from homeground.journeys.errors import NoSuchCampaign

Id = Annotated[int, typer.Argument(help="The campaign's number.")]
At = Annotated[datetime | None, typer.Option(help="The business moment, UTC; left out: now.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(no_args_is_help=True, help="Campaigns: list, show, freeze, send, pause, cancel.")
    group.command("list")(list_campaigns)
    for verb in (show, freeze, send, pause, cancel):
        group.command()(verb)
    app.add_typer(group, name="campaigns")
    journey_commands.register(app)


def list_campaigns(as_json: AsJson = False) -> None:
    """The campaigns, newest first."""
    open_stores()
    from homeground.journeys.models import Campaign
    from homeground.journeys.queries.documents import summary

    found = [summary(campaign) for campaign in Campaign.objects.planned().select_related("segment").order_by("-pk")]
    lines = [f"{row['id']:>6}  {row['state']:<9}  {row['audience'] or 0:>9,}  {row['name']}" for row in found]
    answer({"campaigns": found}, "\n".join(lines), as_json)


def show(campaign: Id, as_json: AsJson = False) -> None:
    """One campaign with its ledger of people."""
    open_stores()
    _show(campaign, as_json)


def freeze(campaign: Id, at: At = None, as_json: AsJson = False) -> None:
    """Fix the audience, the holdouts and every touch of a draft."""
    open_stores()
    from homeground.journeys import services

    services.freeze_campaign(_found(campaign).pk, at=_utc(at))
    _show(campaign, as_json)


def send(campaign: Id, at: At = None, as_json: AsJson = False) -> None:
    """Start a frozen campaign, or go on with one that is being sent, until nothing is due."""
    open_stores()
    from homeground.journeys import queries, services
    from homeground.journeys.models import State

    found = _found(campaign)
    if found.state in (State.FROZEN, State.PAUSED):
        (services.start_campaign if found.state == State.FROZEN else services.resume_campaign)(found.pk)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("send", total=queries.ledger(campaign).waiting)
        services.dispatch(campaign, _utc(at), lambda size: progress.advance(bar, size))
    _show(campaign, as_json)


def pause(campaign: Id, as_json: AsJson = False) -> None:
    """Hold what has not gone out yet; `send` goes on."""
    open_stores()
    from homeground.journeys import services

    services.pause_campaign(_found(campaign).pk)
    _show(campaign, as_json)


def cancel(campaign: Id, as_json: AsJson = False) -> None:
    """End a campaign: whatever waits is suppressed."""
    open_stores()
    from homeground.journeys import services

    services.cancel_campaign(_found(campaign).pk)
    _show(campaign, as_json)


def _found(campaign_id: int) -> Any:
    from homeground.journeys.models import Campaign

    campaign = Campaign.objects.planned().select_related("segment", "message").filter(pk=campaign_id).first()
    if campaign is None:
        raise NoSuchCampaign(campaign_id)
    return campaign


def _show(campaign_id: int, as_json: bool) -> None:
    from homeground.journeys.queries.documents import document

    found = document(_found(campaign_id))
    lines = [
        f"{line['customers']:>9,}  {'.'.join(part for part in (line['state'] or line['arm'], line['reason']) if part)}"
        for line in found["ledger"]["lines"]
    ]
    lines.append(f"{found['ledger']['eligible']:>9,}  eligible")
    if (groups := found["group_ledger"]) is not None:
        lines = [
            f"{line['groups']:>9,}  {'.'.join(part for part in (line['state'], line['reason']) if part)}"
            for line in groups["lines"]
        ]
        lines.append(f"{groups['groups']:>9,}  groups")
    answer(found, "\n".join([f"{found['name']} ({found['state']})", *lines]), as_json)


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
