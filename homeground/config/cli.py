"""The `homeground` command line: each room's commands.py brings its verbs; this puts them together.

Prose and progress go to stderr; with --json one document goes to stdout. Status 0; 1 a failure; 2 wrong input.
"""

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import typer

_ROOMS = [
    "config", "ingest", "people", "commerce", "segments", "content", "channels", "wecom", "growth", "service",
    "journeys", "insights", "playbooks", "events", "sandbox", "console",
]  # fmt: skip


def main() -> None:
    """Run one verb, and say a refusal in one line."""
    if sys.argv[1:2] == ["review"]:
        from homeground.insights.commands import main_review

        sys.exit(main_review())  # A file alone: no stores, no other room, ready in a second.
    if sys.argv[1:3] == ["value", "fit"]:
        from homeground.insights.commands import main_value

        sys.exit(main_value())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeground.config.settings")
    import django

    from homeground.core.errors import BusinessError

    django.setup()
    try:
        _app()()
    except BusinessError as refusal:
        print(f"homeground: {refusal}", file=sys.stderr)
        sys.exit(2)
    except Exception as failure:
        print(f"homeground: {type(failure).__name__}: {failure}", file=sys.stderr)
        if os.environ.get("HOMEGROUND_DEBUG"):
            raise
        sys.exit(1)


def _app() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
    for room in _ROOMS:
        if find_spec(f"homeground.{room}.commands"):
            import_module(f"homeground.{room}.commands").register(app)
    return app
