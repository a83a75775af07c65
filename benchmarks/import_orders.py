"""Import of the demo's real order log (541,909 lines), as `homeground import orders` does it, from start to exit."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import Result
from homeground import __file__ as package

LOG = Path(package).parent / "console" / "demo" / "online_retail" / "orders.csv.gz"
LINES = 541_909
_MAIN = "from homeground.config.cli import main; main()"


def bench() -> list[Result]:
    """Seconds of the whole command into empty stores, then of the same file again; and the most memory it held."""
    _verb("tokens", "list", "--json")  # The stores are made and migrated.
    first, held = _import()
    again, held_again = _import()
    return [
        Result("import of orders", LINES, "lines", first, None, goal=30.0, at_least=False),
        Result("the same file again", LINES, "lines", again, None, goal=30.0, at_least=False),
        Result("memory of the import", LINES, "lines", max(held, held_again), None, None, measure="MB"),
    ]


def _import() -> tuple[float, float]:
    started = perf_counter()
    result = _verb("import", "orders", str(LOG), "--preset", "online-retail", "--json")
    seconds = perf_counter() - started
    assert (result["accepted"], result["line_total"]) == (LINES, "9747747.934")
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _verb(*words: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", _MAIN, *words], stdout=subprocess.PIPE, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
