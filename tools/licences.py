"""``python tools/licences.py``: writes docs/licences.md from what is installed; ``--check`` compares it."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
HEADER = """# Licences of what throughcare is built on

Direct dependencies and the licences that they name themselves, written by `make licences`.
The licence texts of the design systems are served with the pages' assets, as `licences.txt`.
"""
KNOWN = re.compile(r"^License :: (?:OSI Approved :: )?(.+)$")


class LicenceUnknown(RuntimeError):
    """A dependency is not installed or names no licence; the message says which and what to do."""


def python_groups(pyproject: str) -> dict[str, list[str]]:
    """The names of the direct dependencies in ``pyproject``, under a heading for each purpose."""
    document = tomllib.loads(pyproject)
    project = document["project"]
    extras = project.get("optional-dependencies", {})
    return {
        "In production": _names(project["dependencies"]),
        **{f"With the extra `{name}`": _names(wanted) for name, wanted in extras.items()},
        "For development": _names(document["dependency-groups"]["dev"]),
    }


def _names(requirements: list[str]) -> list[str]:
    return sorted({re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0] for requirement in requirements})


def licence_of(metadata: dict[str, list[str]], name: str) -> str:
    """The licence in a distribution's metadata, else the title of its licence text. Raises LicenceUnknown."""
    for said in metadata.get("License-Expression", []):
        return said
    classified = [found[1] for line in metadata.get("Classifier", []) if (found := KNOWN.match(line))]
    if classified:
        return ", ".join(classified)
    for said in [*metadata.get("License", []), *metadata.get("License-Text", [])]:
        return said.strip().splitlines()[0]
    raise LicenceUnknown(f"{name} names no licence in its metadata: look it up before depending on it")


def _installed(name: str) -> str:
    try:
        distribution = Distribution.from_name(name)
    except PackageNotFoundError:
        raise LicenceUnknown(f"{name} is not installed: run make env") from None
    metadata = {key: distribution.metadata.get_all(key) or [] for key in distribution.metadata}
    files = metadata.get("License-File", [])
    texts = [distribution.read_text(f"licenses/{file}") or distribution.read_text(file) for file in files]
    return licence_of({**metadata, "License-Text": [text for text in texts if text]}, name)


def _fetched(name: str) -> str:
    try:
        package = json.loads((ROOT / "node_modules" / name / "package.json").read_text(encoding="utf-8"))
    except OSError:
        raise LicenceUnknown(f"{name} is not fetched: run make assets") from None
    return str(package["license"])


def page() -> str:
    """The whole page. Raises LicenceUnknown."""
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    groups = python_groups((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    sections = [_table(heading, {name: _installed(name) for name in names}) for heading, names in groups.items()]
    sections.append(_table("In the pages' assets", {name: _fetched(name) for name in package["dependencies"]}))
    sections.append(_table("To build the assets", {name: _fetched(name) for name in package["devDependencies"]}))
    return "\n".join([HEADER, *sections])


def _table(heading: str, licences: dict[str, str]) -> str:
    rows = [f"| {name} | {licence} |" for name, licence in sorted(licences.items())]
    return "\n".join([f"## {heading}", "", "| package | licence |", "|---|---|", *rows, ""])


def run(arguments: list[str]) -> int:
    """Write or check the page; 0 when it is as it should be."""
    try:
        wanted = page()
    except LicenceUnknown as error:
        print(f"licences: {error}", file=sys.stderr)
        return 1
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted:
        print("licences: docs/licences.md is stale: run make licences", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
