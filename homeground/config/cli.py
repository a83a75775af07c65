"""The `homeground` command line: each room's commands.py brings its verbs; this puts them together.

Prose and progress go to stderr; with --json one document goes to stdout. Status 0; 1 a failure; 2 wrong input.
"""

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import typer

_ROOMS = [
    "console",
    "insights",
    "journeys",
    "content",
    "segments",
    "channels",
    "commerce",
    "ingest",
    "people",
    "events",
]


def main() -> None:
    """Run one verb, and say a refusal in one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeground.config.settings")
    import django

    django.setup()
    from homeground.core.errors import BusinessError

    try:
        _app()()
    except BusinessError as refusal:
        print(f"homeground: {refusal}", file=sys.stderr)
        sys.exit(2)


def _app() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
    for room in _ROOMS:
        if find_spec(f"homeground.{room}.commands"):
            import_module(f"homeground.{room}.commands").register(app)
    return app
