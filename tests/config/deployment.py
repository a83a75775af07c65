"""A deployment of its own in a folder of its own, driven as its user does: by the command line and over HTTP."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

COMMAND = [sys.executable, "-c", "from homeground.config.cli import main; main()"]


class Deployment:
    """Its data folder, and the process that runs `up` when one does."""

    def __init__(self, folder: Path, urls: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.urls = urls or {}
        self.process: subprocess.Popen[str] | None = None
        self.url = ""

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"HOMEGROUND_DATA": str(self.folder)} | self.urls

    def run(self, *arguments: str, status: int = 0, stdin: str | None = None) -> str:
        done = subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            input=stdin,
        )
        assert done.returncode == status, done.stderr
        return done.stdout if status == 0 else done.stderr

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json"))

    def up(self, verb: str = "up") -> None:
        self.process = subprocess.Popen(
            [*COMMAND, verb, "--port", "0"], env=self.environment, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stderr
        seen = []
        for line in self.process.stderr:
            seen.append(line)
            if found := re.search(r"http://\S+", line):
                self.url = found[0]
                return
        raise AssertionError("".join(seen))

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, timeout=30)

    def post(self, path: str, body: str, token: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return httpx.post(self.url + path, content=body, headers=headers, timeout=30)

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        status = self.process.returncode
        self.process = None
        return status


@contextmanager
def deployment() -> Iterator[Deployment]:
    with tempfile.TemporaryDirectory(prefix="hg-up-", ignore_cleanup_errors=True) as folder:
        made = Deployment(Path(folder) / "data")
        try:
            yield made
        finally:
            if made.process:
                made.stop(signal.SIGKILL)
            made.run("events", "count") if made.folder.exists() else None  # Ends the server that a kill left behind.
