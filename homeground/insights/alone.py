"""Django for verbs that need a file alone: translations and templates, no apps, no stores, no data folder."""

from pathlib import Path

import typer
from django.apps import apps
from django.conf import settings

from homeground.core.errors import BusinessError
from homeground.core.terminal import say

_ROOM = Path(__file__).parent


def set_up() -> None:
    """Configure Django unless it is configured already."""
    if settings.configured:
        return
    settings.configure(
        LANGUAGE_CODE="zh-hans",
        LANGUAGES=[("zh-hans", "简体中文"), ("en", "English")],
        LOCALE_PATHS=[_ROOM / "locale"],
        USE_TZ=True,
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [_ROOM / "templates"]},
        ],
    )
    apps.populate([])  # All of django.setup() that translations need: the rest takes 0.3 s.


def run(app: typer.Typer) -> int:
    """Run the verbs as a program of their own: ready in a second, without the other rooms. The exit status."""
    try:
        app()
    except BusinessError as refusal:
        say(f"homeground: {refusal}")
        return 2
    except SystemExit as done:
        return int(done.code or 0)
    return 0
