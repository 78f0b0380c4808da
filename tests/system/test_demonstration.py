"""The main job from prison to the end of an intervention, on a system started as a user starts it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

LAST_LINE = re.compile(r"demo: \d+ steps, \d+ domain events, (\d+) notifications delivered, 0 lost, 0 unexpected")


def demo(folder: Path, *options: str) -> str:
    """What ``throughcare demo`` prints. Raises AssertionError unless it ends well."""
    command = [sys.executable, "-m", "throughcare", "demo", "--data", str(folder), *options]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout


@pytest.mark.slow
def test_the_journey_runs_through_every_tier_and_again_on_the_same_data(tmp_path: Path) -> None:
    folder = tmp_path / "a folder with spaces"
    for _ in range(2):
        last = demo(folder).strip().splitlines()[-1]
        found = LAST_LINE.fullmatch(last)
        assert found is not None, last
        assert int(found[1]) > 0


@pytest.mark.slow
def test_the_journey_is_the_same_with_each_service_apart_over_sns_and_sqs(tmp_path: Path) -> None:
    found = LAST_LINE.fullmatch(demo(tmp_path / "data", "--apart").strip().splitlines()[-1])
    assert found is not None
    assert int(found[1]) > 0
