"""Memory of `homeground up` at rest, besides PostgreSQL, and the seconds until it serves."""

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import Result

REST_SECONDS = 20


def bench() -> list[Result]:
    """Start it on an empty folder, let it rest, read its resident memory."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", "from homeground.config.cli import main; main()", "up", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    try:
        assert process.stderr
        next(line for line in process.stderr if "http://" in line)
        started = time.monotonic() - begun
        time.sleep(REST_SECONDS)
        return [
            Result("up: first start until it serves", 1, "start", started, None, None),
            Result("up: memory at rest", 1, "process", _megabytes(process.pid), None, 600, measure="MB"),
        ]
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]) / 1024
