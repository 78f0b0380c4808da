"""The main job from prison to the end of an intervention, on a system started as a user starts it."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.running import Site
from throughcare.cli.journey.outside import differences, owed_for

LAST_LINE = re.compile(r"demo: \d+ steps, \d+ domain events, (\d+) notifications delivered, 0 lost, 0 unexpected")


@pytest.mark.slow
def test_the_journey_runs_through_every_tier(running: Site) -> None:
    [last] = running.demonstrations
    found = LAST_LINE.fullmatch(last)
    assert found is not None, last
    assert int(found[1]) > 0


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
