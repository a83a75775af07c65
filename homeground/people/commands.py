"""`homeground people`: doubts about who is who, and undoing a merge."""

import typer

from homeground.core.terminal import AsJson, answer
from homeground.events.stores import open_stores


def register(app: typer.Typer) -> None:
    """Add the verbs of this room."""
    people = typer.Typer(no_args_is_help=True, help="Who is who: doubts, and merges to undo.")
    people.command()(doubts)
    people.command()(unmerge)
    app.add_typer(people, name="people")


def doubts(limit: int = 50, as_json: AsJson = False) -> None:
    """Pairs that may be one person and wait for a decision, oldest first."""
    from homeground.people.models import MergeDoubt

    open_stores()
    waiting = MergeDoubt.objects.filter(decision="").order_by("pk")
    rows = list(waiting.values("id", "one_id", "other_id", "raised_at")[:limit])
    lines = [
        f"{row['id']}: {row['one_id']} ? {row['other_id']} ({row['raised_at']:%Y-%m-%d %H:%M} UTC)" for row in rows
    ]
    answer({"waiting": waiting.count(), "doubts": rows}, "\n".join(lines) or "No doubts.", as_json)


def unmerge(merge_id: int, by: str = "command line", as_json: AsJson = False) -> None:
    """Take merge MERGE_ID back; the two are kept apart from then on."""
    from homeground.people import services

    open_stores()
    row = services.unmerge(merge_id, by)
    said = {"merge": row.pk, "survivor": row.survivor_id, "absorbed": row.absorbed_id}
    answer(said, f"{row.absorbed_id} is separate from {row.survivor_id} again.", as_json)
