"""What each request costs the database, in statements."""

from __future__ import annotations

import pytest

from tests.service.risks_and_needs.assessments import (
    CASEWORKER,
    PRACTITIONER,
    WRITER,
    Referrals,
    ago,
    assessment,
    hold_referral,
    open_case,
    record,
    signed_in,
    supplementary,
    system,
)
from tests.service.risks_and_needs.test_scores import NEWER, OLDER
from tests.statements import recorded
from tests.world import World


async def scored(world: World) -> str:
    """A person with three assessments."""
    crn = await open_case(world)
    for days in (30, 20, 10):
        await record(world, crn, completedDate=ago(world, days=days), predictors=OLDER,
                     needs=[{"section": "ATTITUDE", "score": 2}])  # fmt: skip
    return crn


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/risks/crn/{}/summary", 2), ("/risks/crn/{}", 2), ("/risks/crn/{}/widget", 2), ("/needs/crn/{}", 2),
     ("/assessments/timeline/crn/{}", 1), ("/risks/predictors/all/crn/{}", 2), ("/risks/predictors/rsr/crn/{}", 2)],
)  # fmt: skip
async def test_a_read_costs_the_same_however_many_assessments_there_are(world: World, path: str, expected: int) -> None:
    client = await signed_in(world, PRACTITIONER)
    for crn in (await open_case(world), await scored(world)):
        with recorded(world, "risks_and_needs") as noted:
            await client.get(path.format(crn))
        assert len(noted) <= expected
    assert len(noted) == expected


async def test_a_provider_costs_one_statement_more(world: World, referrals: Referrals) -> None:
    crn = await scored(world)
    for _ in range(3):
        await hold_referral(world, referrals, crn)
    await hold_referral(world, referrals, crn, CASEWORKER)
    client = await signed_in(world, CASEWORKER)
    with recorded(world, "risks_and_needs") as noted:
        assert (await client.get(f"/risks/crn/{crn}/summary")).status_code == 200
    assert len(noted) == 3


async def test_writing_supplementary_risk(world: World) -> None:
    client, body = await signed_in(world, PRACTITIONER), supplementary(await open_case(world), world)
    with recorded(world, "risks_and_needs") as first:
        made = (await client.post("/risks/supplementary", json=body)).json()
    with recorded(world, "risks_and_needs") as again:
        await client.post("/risks/supplementary", json=body)
    with recorded(world, "risks_and_needs") as read:
        await client.get(f"/risks/supplementary/{made['supplementaryRiskId']}")
    assert (len(first), len(again), len(read)) == (2, 2, 1)


async def test_recording_an_assessment(world: World) -> None:
    client, crn = await system(world, WRITER), await open_case(world)
    body = assessment(predictors=NEWER, needs=[{"section": "ATTITUDE", "score": 2}, {"section": "FINANCE"}])
    with recorded(world, "risks_and_needs") as noted:
        assert (await client.put(f"/assessments/crn/{crn}", json=body)).status_code == 200
    assert len(noted) == 5
