"""``throughcare contracts``: what others may rely on, written from the code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from throughcare import __version__, catalogue
from throughcare.cli.errors import CommandError
from throughcare.kit.messaging.contracts import asyncapi, event_schema, published

FOLDER = Path("contracts")


def contracts(*, check: bool) -> None:
    """Write ``contracts/``, or compare it with the code. Raises CommandError."""
    wanted = documents()
    held = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*.json")}
    if check:
        differing = [name for name, text in wanted.items() if name not in held or held[name].read_text("utf-8") != text]
        differing += [name for name in held if name not in wanted]
        if differing:
            raise CommandError(f"contracts/ is out of date ({', '.join(sorted(differing)[:5])}): run `make contracts`")
        return
    for name in held.keys() - wanted.keys():
        held[name].unlink()
    for name, text in wanted.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(wanted)} documents in {FOLDER}/")


def documents() -> dict[str, str]:
    """Every contract by its path under ``contracts/``."""
    services = catalogue.services()
    found: dict[str, Mapping[str, Any]] = {
        f"events/{kind}.schema.json": event_schema(event) for kind, (_, event) in published(services).items()
    }
    found["asyncapi.json"] = asyncapi(services, __version__)
    return {name: json.dumps(one, indent=2, sort_keys=True, ensure_ascii=False) + "\n" for name, one in found.items()}
