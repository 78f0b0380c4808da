"""Every coming and going is told once, with its reason and the prison that it concerns."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.prisoner_search.custody import Custody
from tests.world import World

Step = tuple[str, dict[str, Any]]
ADMITTED = ("received", "NEW_ADMISSION", "LEI")


def steps(*names: str, **last: Any) -> list[Step]:
    """Movements one after another, the last of them with further facts."""
    return [(name, last if place == len(names) else {}) for place, name in enumerate(names, start=1)]


CASES: list[tuple[list[Step], list[tuple[str, str, str]]]] = [
    (steps("admit"), [ADMITTED]),
    (steps("admit", "release"), [ADMITTED, ("released", "RELEASED", "LEI")]),
    (steps("admit", "release", movementReasonCode="HP"), [ADMITTED, ("released", "RELEASED_TO_HOSPITAL", "LEI")]),
    (steps("admit", "transfer-out"), [ADMITTED, ("released", "TRANSFERRED", "LEI")]),
    (
        steps("admit", "transfer-out", "transfer-in"),
        [ADMITTED, ("released", "TRANSFERRED", "LEI"), ("received", "TRANSFERRED", "MDI")],
    ),
    (steps("admit", "court-transfer-out"), [ADMITTED, ("released", "SENT_TO_COURT", "LEI")]),
    (
        steps("admit", "court-transfer-out", "court-transfer-in"),
        [ADMITTED, ("released", "SENT_TO_COURT", "LEI"), ("received", "RETURN_FROM_COURT", "LEI")],
    ),
    (
        steps("admit", "court-transfer-out", "court-transfer-in", agencyId="MDI"),
        [ADMITTED, ("released", "SENT_TO_COURT", "LEI"), ("received", "TRANSFERRED", "MDI")],
    ),
    (steps("admit", "temporary-absence-out"), [ADMITTED, ("released", "TEMPORARY_ABSENCE_RELEASE", "LEI")]),
    (
        steps("admit", "temporary-absence-out", "temporary-absence-arrival"),
        [
            ADMITTED, ("released", "TEMPORARY_ABSENCE_RELEASE", "LEI"),
            ("received", "TEMPORARY_ABSENCE_RETURN", "LEI"),
        ],
    ),
    (
        steps("admit", "temporary-absence-out", "temporary-absence-arrival", agencyId="MDI"),
        [ADMITTED, ("released", "TEMPORARY_ABSENCE_RELEASE", "LEI"), ("received", "TRANSFERRED", "MDI")],
    ),
    (
        steps("admit", "release", "recall", prisonId="MDI"),
        [ADMITTED, ("released", "RELEASED", "LEI"), ("received", "READMISSION", "MDI")],
    ),
    (
        steps("admit", "release", "admit", prisonId="MDI"),
        [ADMITTED, ("released", "RELEASED", "LEI"), ("received", "NEW_ADMISSION", "MDI")],
    ),
]  # fmt: skip
NAMES = ["-".join(name for name, _ in path) + "".join(f"-{fact}" for fact in path[-1][1].values()) for path, _ in CASES]


@pytest.mark.parametrize(("path", "told"), CASES, ids=NAMES)
async def test_a_movement_that_the_index_follows_at_once_is_told(
    custody: Custody, path: list[Step], told: list[tuple[str, str, str]]
) -> None:
    number = await custody.person()
    for how, facts in path:
        await custody.move(number, how, **facts)
    assert await custody.moves(number) == told


@pytest.mark.parametrize(("path", "told"), CASES, ids=NAMES)
async def test_movements_that_the_index_learns_of_together_are_all_told_in_order(
    custody: Custody, path: list[Step], told: list[tuple[str, str, str]]
) -> None:
    number = await custody.person()
    for how, facts in path:
        await custody.prison.move(number, how, **facts)
    await custody.world.drain()
    assert await custody.moves(number) == told


async def test_a_movement_is_told_with_the_time_at_which_it_happened(custody: Custody, world: World) -> None:
    number = await custody.person()
    await custody.move(number, "admit", bookingInTime="2024-03-04T08:00:00")
    await custody.move(number, "release", releaseTime="2024-03-04T10:30:00")
    times = [one["occurredAt"] for one in await custody.events(number) if "reason" in one["additionalInformation"]]
    assert times == ["2024-03-04T08:00:00+00:00", "2024-03-04T10:30:00+00:00"]


async def test_movements_from_before_somebody_was_first_indexed_are_told_if_they_are_new(custody: Custody) -> None:
    number = await custody.prison.person()
    await custody.prison.move(number, "admit")
    await custody.prison.move(number, "court-transfer-out")
    await custody.world.drain()
    assert [kind for kind, _ in await custody.told(number)] == ["created", "received", "released"]
