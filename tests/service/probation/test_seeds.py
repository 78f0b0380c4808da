"""The synthetic people, as the case record knows them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.probation.cases import CASE_DETAIL, CASES, open_case, start_referral, types_of_contacts
from tests.world import World
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import SyntheticPerson, synthetic_people
from throughcare.services.probation.dev.seeds import seed

HOW_MANY = 1100


@pytest.fixture(scope="module")
async def people(world: World) -> list[SyntheticPerson]:
    made = list(synthetic_people(HOW_MANY, today=world.clock.today(), managers=MANAGERS))
    progress: list[int] = []
    await seed(world.context("probation"), made, progress.append)
    assert sum(progress) == HOW_MANY
    return [one for one in made if one.crn]


async def read(world: World, path: str) -> Any:
    client = await world.client("probation", roles=[CASE_DETAIL])
    reply = await client.get(path)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_a_seeded_case_reads_like_any_other(world: World, people: list[SyntheticPerson]) -> None:
    for one in people[:30]:
        details = await read(world, f"/probation-case/{one.crn}/details")
        assert details["name"] == {"forename": one.first_name, "surname": one.last_name}
        assert details["dateOfBirth"] == one.date_of_birth.isoformat()
        assert (await read(world, f"/probation-case/{one.crn}/identifiers"))["nomsId"] == one.noms
        manager = (await read(world, f"/probation-case/{one.crn}/responsible-officer"))["communityManager"]
        assert (manager["username"], manager["responsibleOfficer"]) == (one.manager, True)
        convictions = (await read(world, f"/probation-case/{one.crn}/convictions"))["convictions"]
        assert [one["sentence"]["description"] for one in convictions] == (
            [one.sentence.description] if one.sentence else []
        )
        registered = await read(world, f"/probation-case/{one.crn}/registrations")
        assert {each["type"]["code"] for each in registered} == set(one.registrations)


async def test_each_limited_case_keeps_out_one_practitioner_and_not_its_manager(
    world: World, people: list[SyntheticPerson]
) -> None:
    limited = [one for one in people if one.limited_access]
    assert limited
    client = await world.client("probation", roles=[CASE_DETAIL])
    for one in limited[:10]:
        kept_out = [
            username
            for username in MANAGERS
            for found in (await client.post(f"/users/{username}/access", json=[one.crn])).json()["access"]
            if found["userExcluded"] or found["userRestricted"]
        ]
        assert len(kept_out) == len(MANAGERS) - 1
        assert one.manager not in kept_out


async def test_work_goes_on_with_seeded_cases_and_new_ones(world: World, people: list[SyntheticPerson]) -> None:
    sentenced = next(one for one in people if one.sentence and one.crn)
    await start_referral(world, str(sentenced.crn))
    assert await types_of_contacts(world, str(sentenced.crn)) == ["C091", "NCOM", "NREF"]
    crn = await open_case(world)
    await start_referral(world, crn)
    client = await world.client("probation", roles=[CASES])
    reply = await client.post(f"/probation-case/{sentenced.crn}/registrations", json={"typeCode": "UPWS"})
    assert reply.status_code == 201


async def test_seeding_announces_nothing(world: World, people: list[SyntheticPerson]) -> None:
    seeded = {one.crn for one in people}
    opened = await world.events("probation-case.engagement.created")
    assert not seeded & {one["additionalInformation"]["crn"] for one in opened}
