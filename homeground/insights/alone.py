"""Django for `homeground review`: translations and templates, no apps, no stores, no data folder."""

from pathlib import Path

from django.apps import apps
from django.conf import settings

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
