"""Runs the benchmarks of a source checkout, each in a process with empty stores of its own, and tables the figures."""

import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from homeground.core.errors import BusinessError
from homeground.core.terminal import say

CHECKOUT = Path(__file__).parent.parent.parent


def run(name: str | None) -> list[dict[str, Any]]:
    """Every benchmark, or the one of this name: its fields, the ratio, whether the goal was met, the exponent."""
    from benchmarks import Result

    found = [result for module in _modules(name) for result in _measure(module)]
    results = [Result(**fields) for fields in found]
    return [
        vars(result) | {"ratio": result.ratio, "reached": result.reached, "exponent": _exponent(result, results)}
        for result in results
    ]


def as_text(results: list[dict[str, Any]]) -> str:
    """A table: job, size, both figures, ratio, goal, exponent."""
    lines = [f"{'job':44} {'size':>12} {'ours':>10} {'bare':>10} {'ratio':>7} {'goal':>8} {'exponent':>9}"]
    return "\n".join(lines + [_line(result) for result in results])


def _line(result: dict[str, Any]) -> str:
    goal = (
        "" if result["goal"] is None else f"{'≥' if result['at_least'] and result['bare'] else '≤'} {result['goal']:g}"
    )
    mark = {True: "", False: "  ✗", None: ""}[result["reached"]]
    ours, bare = (_number(result[side], result["measure"]) for side in ("ours", "bare"))
    figures = f"{ours:>10} {bare:>10} {_number(result['ratio']):>7}"
    return f"{result['name']:44} {result['size']:>12,} {figures} {goal:>8} {_number(result['exponent']):>9}{mark}"


def _number(value: float | None, unit: str = "") -> str:
    return "" if value is None else f"{value:.3f} {unit}" if unit else f"{value:.2f}"


def _exponent(result: Any, results: list[Any]) -> float | None:
    smaller = [other for other in results if other.name == result.name and other.size < result.size]
    if not smaller:
        return None
    return math.log(result.ours / smaller[0].ours) / math.log(result.size / smaller[0].size)


def _modules(name: str | None) -> list[str]:
    folder = CHECKOUT / "benchmarks"
    known = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    if not known:
        raise BusinessError("benchmarks need a source checkout")
    if name and name not in known:
        raise BusinessError(f"no benchmark {name!r}; there are {', '.join(known)}")
    return [name] if name else known


def _measure(module: str) -> list[dict[str, Any]]:
    say(f"{module} …")
    with tempfile.TemporaryDirectory(prefix="homeground-bench-") as folder:
        environment = os.environ | {"HOMEGROUND_DATA": folder}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks", module],
            cwd=CHECKOUT,
            env=environment,
            stdout=subprocess.PIPE,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"benchmark {module} failed")
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results
