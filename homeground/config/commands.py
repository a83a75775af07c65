"""The verbs of the deployment itself: up, web, worker, doctor, backup, restore, demo, bench."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from homeground.core.terminal import AsJson, answer, say

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (up, web, worker, doctor, backup, restore, demo, bench):
        app.command()(verb)


def up(host: Host = "127.0.0.1", port: Port = 8000, as_json: AsJson = False) -> None:
    """Run everything in one process: stores, pages, APIs, stream, jobs. Ctrl-C stops it."""
    from homeground.config import processes

    processes.up(host, port, partial(_ready, as_json))


def web(host: Host = "127.0.0.1", port: Port = 8000, as_json: AsJson = False) -> None:
    """Serve pages and APIs only, with the stores by URL."""
    from homeground.config import processes

    processes.web(host, port, partial(_ready, as_json))


def worker(as_json: AsJson = False) -> None:
    """Move the stream and run the jobs only, with the stores by URL."""
    from homeground.config import processes

    processes.worker(partial(_ready, as_json))


def _ready(as_json: bool, address: str) -> None:
    """Say that everything runs: in JSON on stdout, for people on stderr."""
    if as_json:
        answer({"address": address, "process": os.getpid()}, "", as_json=True)
        sys.stdout.flush()
    else:
        say(f"Homeground: {address or 'working'}")


def doctor(as_json: AsJson = False) -> None:
    """Check everything that can be wrong, and say how to mend it. Status 1 when something is."""
    from homeground.config import doctor as checks

    found = checks.examine()
    document = {"ok": all(check.state != "fail" for check in found), "checks": [vars(check) for check in found]}
    answer(document, checks.as_text(found), as_json)
    raise typer.Exit(0 if document["ok"] else 1)


def backup(folder: Path, as_json: AsJson = False) -> None:
    """Write both stores into FOLDER, which must not exist yet. Runs beside `up`."""
    from homeground.config import backups

    written = backups.backup(folder)
    answer(written, f"{folder}: {written['events']} events, {written['bytes']} bytes", as_json)


def restore(folder: Path, as_json: AsJson = False) -> None:
    """Fill empty stores from FOLDER, which `backup` wrote."""
    from homeground.config import backups

    read = backups.restore(folder)
    answer(read, f"{folder}: {read['events']} events", as_json)


def demo(
    serve: Annotated[bool, typer.Option(help="Serve the console when the review is printed.")] = True,
    port: Port = 8000,
    as_json: AsJson = False,
) -> None:
    """Load a real order log, run the whole loop on it, print the review, serve the console."""
    from homeground.config import demo as story

    story.play(serve=serve, port=port, as_json=as_json)


def bench(name: Annotated[str | None, typer.Argument()] = None, as_json: AsJson = False) -> None:
    """Measure against the physical limit, in one run on this machine. Needs a source checkout."""
    from homeground.config import bench as harness

    results = harness.run(name)
    answer({"results": results}, harness.as_text(results), as_json)
