"""The tutorial's commands, run as they are written: who holds which role hears exactly what it allows."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.integration.published import DOMAIN_EVENTS
from tests.unit.integration.test_policies import PRIVATE, PROTECTION
from throughcare.cli.free_port import free_port

pytestmark = pytest.mark.long

TUTORIAL = Path("docs/follow-a-prisoner.md")
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
HEARD = re.compile(r"^(kiosk-demo|mapps-demo|board-demo): \S+ (\S+) (\S+) (\S+) (\S+)$", re.MULTILINE)
SECONDS = 280.0
DEPARTED = {
    "PERSON_CELL_LOCATION_CHANGED", "PRISONERS_CHANGED", "PRISONER_CHANGED",
    "KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE",
}  # fmt: skip
"""What the board of Leeds hears a second time: the prisoner's leaving is told to the prison that is left."""


def commands() -> str:
    """Every command of the page, with ports that are free."""
    script = "set -eu -o pipefail\n" + "\n".join(BLOCK.findall(TUTORIAL.read_text("utf-8")))
    for port in ("5000", "8080"):
        script = re.sub(rf"\b{port}\b", str(free_port()), script)
    return script


def run(script: str, folder: Path) -> str:
    """What the commands print; everything that they started is ended. Raises AssertionError unless they succeed."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    with (folder / "printed").open("w", encoding="utf-8") as printed:
        shell = subprocess.Popen(
            ["bash", "-c", script], cwd=folder, env=environment, stdout=printed, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        try:
            status = shell.wait(SECONDS)
        finally:
            os.killpg(shell.pid, signal.SIGTERM)
    text = (folder / "printed").read_text("utf-8")
    assert status == 0, text
    return text


@pytest.mark.slow
def test_three_consumers_follow_a_prisoner_as_the_tutorial_says(tmp_path: Path) -> None:
    heard = HEARD.findall(run(commands(), tmp_path))
    (person,) = {who for _, _, who, _, _ in heard}
    received = DOMAIN_EVENTS["prisoner-offender-search.prisoner.received"]
    told = {
        (consumer, where): {kind for name, kind, _, at, _ in heard if (name, at) == (consumer, where)}
        for consumer, _, _, where, _ in heard
    }
    assert told == {
        ("kiosk-demo", "ACI"): received & set(PRIVATE.split()),
        ("board-demo", "LEI"): received & set(PRIVATE.split()),
        ("mapps-demo", "LEI"): received & set(PROTECTION.split()),
        ("mapps-demo", "ACI"): received & set(PROTECTION.split()),
    }
    extra = [(name, kind, where) for name, kind, _, where, _ in heard]
    for one in {(consumer, kind, where) for (consumer, where), kinds in told.items() for kind in kinds}:
        extra.remove(one)
    assert {(name, kind, where) for name, kind, where in extra} <= {("board-demo", kind, "LEI") for kind in DEPARTED}
    assert all(url.endswith("/v1/prison/prisoners") or person in url for *_, url in heard)
