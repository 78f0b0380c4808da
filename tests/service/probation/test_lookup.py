"""Many identifiers in one question."""

from __future__ import annotations

import pytest

from tests.service.probation.cases import HMPPS_API, noms_number, open_case
from tests.world import World
from throughcare.kit.db.database import counting_statements

LOOKUP = "/probation-cases/lookup"


async def test_cases_are_found_by_either_identifier_and_the_unknown_are_left_out(world: World) -> None:
    number = noms_number()
    by_crn = await open_case(world, sentence=None)
    by_number = await open_case(world, nomsNumber=number)
    await open_case(world)
    client = await world.client("probation", roles=[HMPPS_API])
    body = {"crns": [by_crn, "X999999"], "nomsNumbers": [number, "A9999AA"]}
    assert (await client.post(LOOKUP, json=body)).json() == {
        "cases": [
            {"crn": by_crn, "nomsNumber": None, "activeProbationManagedSentence": False},
            {"crn": by_number, "nomsNumber": number, "activeProbationManagedSentence": True},
        ]
    }


async def test_a_thousand_identifiers_take_one_statement(world: World) -> None:
    crn = await open_case(world)
    client = await world.client("probation", roles=[HMPPS_API])
    with counting_statements() as noted:
        reply = await client.post(LOOKUP, json={"crns": [crn, *(f"Z{number:06}" for number in range(999))]})
    assert [one["crn"] for one in reply.json()["cases"]] == [crn]
    assert len(noted) == 1


@pytest.mark.parametrize(
    "body", [{}, {"crns": []}, {"crns": [""]}, {"crns": "X1"}, {"crns": ["X1"] * 1001}, {"nomsNumbers": [7]}]
)
async def test_a_question_without_identifiers_or_with_too_many_is_refused(world: World, body: object) -> None:
    client = await world.client("probation", roles=[HMPPS_API])
    assert (await client.post(LOOKUP, json=body)).status_code == 400


async def test_only_machines_of_the_integration_api_may_ask(world: World) -> None:
    client = await world.client("probation", roles=["ROLE_PROBATION_API__CASES__RW"])
    assert (await client.post(LOOKUP, json={"crns": ["X1"]})).status_code == 403
    assert (await world.anonymous("probation").post(LOOKUP, json={"crns": ["X1"]})).status_code == 401
