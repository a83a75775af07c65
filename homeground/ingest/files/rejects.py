"""Rows that were not taken: a CSV beside the file, with the line, the reason, and the cells as they were."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from homeground.core.env import env

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?")


@dataclass(frozen=True)
class Reject:
    """One row that was not taken."""

    line: int  # Of the file, from 1; where the row begins.
    reason: str
    cells: Sequence[str]


class RejectsFile:
    """Made when the first row is rejected; one of an earlier run goes away."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.count = 0
        self.path: Path | None = None
        self._beside = path.with_name(path.name + ".rejects.csv")
        self._header = header
        self._file: IO[str] | None = None

    def __enter__(self) -> "RejectsFile":
        try:
            self._beside.unlink(missing_ok=True)
        except OSError:
            self._beside = _own_place(self._beside.name)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file:
            self._file.close()

    def write(self, rejects: Iterable[Reject]) -> None:
        for reject in rejects:
            self.count += 1
            self._writer().writerow([reject.line, reject.reason, *map(safe_cell, reject.cells)])

    def _writer(self) -> Any:
        if not self._file:
            self._open()
            self._csv = csv.writer(self._file)  # type: ignore[arg-type]
            self._csv.writerow(["line", "reason", *map(safe_cell, self._header)])
        return self._csv

    def _open(self) -> None:
        try:
            self._file = self._beside.open("w", encoding="utf-8-sig", errors="replace", newline="")
        except OSError:  # A folder that is not ours to write to.
            self._beside = _own_place(self._beside.name)
            self._file = self._beside.open("w", encoding="utf-8-sig", errors="replace", newline="")
        self.path = self._beside


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet runs as a formula; a number stays a number."""
    return "'" + text if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _own_place(name: str) -> Path:
    folder = env.folder / "rejects"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / name
