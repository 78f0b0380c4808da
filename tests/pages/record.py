"""Which pages were looked at in this run, whichever process did: a file for each, so that nobody looks twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".pytest_cache" / "pages"


def begin() -> None:
    """Forget what was looked at before."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)


def first(kind: str, *what: str, title: str = "") -> bool:
    """Note that this is looked at; False where somebody did already."""
    name = sha256(json.dumps([kind, *what]).encode()).hexdigest()
    try:
        with (FOLDER / name).open("x", encoding="utf-8") as one:
            json.dump([kind, *what, title], one)
    except FileExistsError:
        return False
    return True


def noted(kind: str) -> Iterator[list[str]]:
    """What was looked at of this kind, each with its title."""
    for one in FOLDER.iterdir():
        found, *what = json.loads(one.read_text("utf-8") or '[""]')
        if found == kind:
            yield what
