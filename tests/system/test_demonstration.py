"""The main job from prison to the end of an intervention, on a system started as a user starts it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from throughcare.cli.journey.outside import differences, owed_for

LAST_LINE = re.compile(r"demo: \d+ steps, \d+ domain events, (\d+) notifications delivered, 0 lost, 0 unexpected")


def demo(folder: Path, *options: str) -> str:
    """The last line that ``throughcare demo`` prints. Raises AssertionError unless it ends well."""
    command = [sys.executable, "-m", "throughcare", "demo", "--data", str(folder), *options]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=420, check=False)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    last = ran.stdout.strip().splitlines()[-1]
    found = LAST_LINE.fullmatch(last)
    assert found is not None, last
    assert int(found[1]) > 0
    return last


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The last lines of two runs on the same data."""
    folder = tmp_path_factory.mktemp("data") / "a folder with spaces"
    return [demo(folder) for _ in range(2)]


@pytest.mark.slow
def test_the_journey_runs_through_every_tier_and_again_on_the_same_data(together: list[str]) -> None:
    assert together[0] == together[1]


@pytest.mark.slow
def test_the_journey_is_the_same_with_each_service_apart_over_sns_and_sqs(together: list[str], tmp_path: Path) -> None:
    assert demo(tmp_path / "data", "--apart") == together[0]


def event(kind: str, **information: object) -> dict[str, object]:
    return {"eventType": kind, "body": {"additionalInformation": information}}


def test_what_a_consumer_is_owed_follows_from_what_happened() -> None:
    released, updated = "prisoner-offender-search.prisoner.released", "prisoner-offender-search.prisoner.updated"
    assert owed_for([event(released)]) == {"KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE"}
    assert owed_for([event(updated, categoriesChanged=["SENTENCE"])]) == {
        "PERSON_STATUS_CHANGED",
        "PERSON_SENTENCES_CHANGED",
    }
    assert owed_for([event("intervention.referral.sent")]) == set()


def test_a_notification_that_is_missing_or_comes_too_often_is_named() -> None:
    owed = Counter({("X000001", "PERSON_STATUS_CHANGED"): 2, ("A0001AA", "PERSON_ALERTS_CHANGED"): 1})
    heard = Counter({("X000001", "PERSON_STATUS_CHANGED"): 1, ("X000001", "PERSON_IMAGES_CHANGED"): 1})
    assert differences(owed, heard, "mapps-demo") == [
        "1 × notification PERSON_STATUS_CHANGED about X000001 to mapps-demo",
        "1 × notification PERSON_ALERTS_CHANGED about A0001AA to mapps-demo",
    ]
    assert differences(heard, owed, "mapps-demo") == [
        "1 × notification PERSON_IMAGES_CHANGED about X000001 to mapps-demo"
    ]
