"""The assessments of the synthetic people."""

from __future__ import annotations

import pytest

from tests.service.risks_and_needs.assessments import open_case, record, system
from tests.world import World
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import SyntheticPerson, synthetic_people
from throughcare.services.risks_and_needs.dev.seeds import seed

HOW_MANY = 1100


@pytest.fixture(scope="module")
async def people(world: World) -> list[SyntheticPerson]:
    made = list(synthetic_people(HOW_MANY, today=world.clock.today(), managers=MANAGERS))
    progress: list[int] = []
    await seed(world.context("risks_and_needs"), made, progress.append)
    assert sum(progress) == HOW_MANY
    return [one for one in made if one.crn]


async def test_a_seeded_assessment_reads_like_any_other(world: World, people: list[SyntheticPerson]) -> None:
    risk, needs = await system(world), await system(world, "ROLE_SENTENCE_PLAN_READ")
    for one in people[:30]:
        whole = (await risk.get(f"/risks/rosh/{one.crn}")).json()
        assert whole["summary"]["overallRiskLevel"] == one.risk_level
        assert bool(whole["summary"]["riskInCustody"]) == bool(one.bookings)
        assert whole["riskToSelf"]["suicide"]["risk"] in {"YES", "NO"}
        [scores] = (await risk.get(f"/risks/predictors/unsafe/all/crn/{one.crn}")).json()
        assert scores["outputVersion"] == ("2" if one.number % 2 else "1")
        found = (await needs.get(f"/needs/{one.crn}")).json()
        assert len(found["identifiedNeeds"]) + len(found["notIdentifiedNeeds"]) == 8


async def test_a_new_assessment_takes_over_from_a_seeded_one(world: World, people: list[SyntheticPerson]) -> None:
    reader, crn = await system(world), str(people[0].crn)
    number = await record(world, crn, rosh={"riskInCommunity": {"Public": "LOW"}})
    assert number > HOW_MANY - 1
    assert (await reader.get(f"/risks/rosh/{crn}")).json()["summary"]["overallRiskLevel"] == "LOW"
    assert await record(world, await open_case(world)) == number + 1


async def test_seeding_announces_nothing(world: World, people: list[SyntheticPerson]) -> None:
    seeded = {one.crn for one in people[1:]}
    events = await world.events("assessment.summary.produced")
    assert not seeded & {one["additionalInformation"]["crn"] for one in events}
