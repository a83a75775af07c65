"""The jobs of the room."""

from procrastinate.contrib.django import app

from homeground.ingest.services import uploads


@app.task(name=uploads.JOB)
def run_import(import_id: int, dry_run: bool) -> None:
    """Try a file, or take it in. A repeat changes nothing."""
    uploads.run(import_id, dry_run=dry_run)
