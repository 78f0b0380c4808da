"""No request walks a whole table, however many assessments there are."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from fastapi.routing import APIRoute

from tests.service.risks_and_needs.assessments import (
    CASES,
    CASEWORKER,
    PRACTITIONER,
    WRITER,
    Referrals,
    assessment,
    signed_in,
    supplementary,
    system,
)
from tests.service.risks_and_needs.test_scores import NEWER
from tests.statements import analyse, recorded, walks
from tests.world import World
from throughcare import catalogue
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import SyntheticPerson, synthetic_people
from throughcare.services.risks_and_needs.dev.seeds import seed

HOW_MANY = 2000
FILL = """
insert into supplementary_risk (id, source, source_id, crn, comments, created_by, created_by_user_type, created_at,
                                recorded_at)
  select gen_random_uuid(), 'INTERVENTION_REFERRAL', gen_random_uuid(), crn, '', 'A', 'delius', now(), now()
    from assessment, generate_series(1, 3);
"""
OWN, SYSTEM = "practitioner", "system"

Case = tuple[str, str, str, Any]


@pytest.fixture(scope="module")
async def person(world: World) -> SyntheticPerson:
    """Somebody with a case and an assessment, among thousands."""
    people = list(synthetic_people(HOW_MANY, today=world.clock.today(), managers=MANAGERS))
    await seed(world.context("risks_and_needs"), people, lambda _: None)
    connection = await asyncpg.connect(world.owner_dsn, server_settings={"search_path": "risks_and_needs,public"})
    try:
        await connection.execute(FILL)
    finally:
        await connection.close()
    await analyse(world, "risks_and_needs")
    chosen = next(one for one in people if one.noms and one.crn)
    client = await world.client("probation", roles=[CASES])
    body = {"crn": chosen.crn, "name": {"forename": "A", "surname": "B"}, "dateOfBirth": "1980-01-01", "gender": "Male"}
    assert (await client.post("/probation-cases", json=body)).status_code == 201
    return chosen


def cases(one: SyntheticPerson, world: World) -> list[Case]:
    """A request for each way of asking: who asks, and what."""
    crn, number = one.crn, one.number + 1
    return [
        *((OWN, "GET", f"/risks/crn/{crn}{kind}{weeks}", None)
          for kind in ("/summary", "", "/widget") for weeks in ("", "/60")),
        (OWN, "GET", f"/risks/predictors/all/crn/{crn}", None),
        (OWN, "GET", f"/risks/predictors/rsr/crn/{crn}", None),
        (OWN, "GET", f"/needs/crn/{crn}", None),
        (OWN, "GET", f"/needs/crn/{crn}/60", None),
        (OWN, "GET", f"/assessments/timeline/crn/{crn}", None),
        (OWN, "GET", f"/assessments/timeline/nomisId/{one.noms}", None),
        (OWN, "POST", "/risks/supplementary", supplementary(str(crn), world)),
        (OWN, "GET", "/risks/supplementary/{risk}", None),
        (SYSTEM, "GET", f"/risks/rosh/{crn}", None),
        (SYSTEM, "GET", f"/risks/rosh/{crn}/60", None),
        (SYSTEM, "GET", f"/risks/predictors/unsafe/all/crn/{crn}", None),
        (SYSTEM, "GET", f"/needs/{crn}", None),
        (SYSTEM, "GET", f"/assessments/id/{number}/risk/predictors/all", None),
        (SYSTEM, "GET", f"/assessments/id/{number}/summary/COMPLETE", None),
        (SYSTEM, "PUT", f"/assessments/crn/{crn}", assessment(predictors=NEWER)),
    ]  # fmt: skip


async def test_no_request_walks_a_whole_table(world: World, person: SyntheticPerson) -> None:
    clients, risk = (
        {OWN: await signed_in(world, PRACTITIONER), SYSTEM: await system(world, "ROLE_ARNS__RISKS__RO", WRITER)},
        "",
    )
    for who, method, path, body in cases(person, world):
        with recorded(world, "risks_and_needs") as noted:
            reply = await clients[who].request(method, path.format(risk=risk), json=body)
        assert reply.is_success, (method, path, reply.text)
        if method == "POST":
            risk = reply.json()["supplementaryRiskId"]
        assert noted
        assert set().union(*await walks(world, noted)) == set(), (method, path)


async def test_looking_for_a_providers_referrals_walks_no_table(
    world: World, person: SyntheticPerson, referrals: Referrals
) -> None:
    client = await signed_in(world, CASEWORKER)
    with recorded(world, "risks_and_needs") as noted:
        assert (await client.get(f"/risks/crn/{person.crn}/summary")).status_code == 403
    [looking] = await walks(world, noted)
    assert looking == set()


def test_every_route_is_asked(world: World, person: SyntheticPerson) -> None:
    some_id = "018e0914-0000-7000-8000-000000000000"
    asked = [(method, path.format(risk=some_id)) for _, method, path, _ in cases(person, world)]
    for router in catalogue.service("risks_and_needs").routers():
        for route in router.api.routes:
            assert isinstance(route, APIRoute)
            hit = [path for method, path in asked if method in (route.methods or ()) and route.path_regex.match(path)]
            assert hit, f"{route.methods} {route.path}"
