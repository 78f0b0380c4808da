"""No request and no event walks a whole table, however many cases there are."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from fastapi.routing import APIRoute

from tests.service.probation.cases import EVERY_ROLE, MANAGER, appointment, tomorrow
from tests.service.probation.events import end, feedback, publish
from tests.service.probation.interventions import Interventions, appointment_with
from tests.statements import Executed, analyse, recorded, walks
from tests.world import World
from throughcare import catalogue
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import SyntheticPerson, synthetic_people
from throughcare.services.probation.dev.seeds import seed

HOW_MANY = 2000
SMALL = {"staff", "team", "team_office"}
REFERRAL, PAST, COMING = (f"018e0914-0000-7000-8000-00000000000{number}" for number in range(3))
ROLES = [*EVERY_ROLE, "ROLE_PROBATION_API__ARNS__USER_ACCESS"]
FILL = """
insert into staff (code, forename, surname, team_code)
  select 'N50B' || n, 'A', 'B', 'N50UAT' from generate_series(1, 200) n;
update manager set staff_code = 'N50B' || id % 200 where id % 200 > 0;
insert into disability (person_id, type, start_date) select id, 'Hearing', current_date from person;
insert into limitation (person_id, kind, username)
  select id, 'EXCLUSION', 'SOMEBODY.ELSE' from person on conflict do nothing;
insert into registration (person_id, type_code, start_date, staff_code, team_code, version)
  select id, 'UPWS', current_date, 'N50UATU', 'N50UAT', 1 from person;
insert into custody (person_id, status_code, since, version)
  select id, 'B', '2023-01-01Z', 1 from person on conflict do nothing;
insert into nsi (person_id, conviction_id, requirement_id, type_code, status_code, status_at, referral_date, started_at,
                 provider_code, team_code, staff_code, external_reference, version)
  select c.person_id, c.id, r.id, 'CRS02', 'INPROG', now(), current_date, now(), 'CRS', 'CRSUAT', 'CRSUATU',
         'urn:' || gen_random_uuid(), 1
    from conviction c left join requirement r on r.conviction_id = c.id;
insert into nsi_status_history (nsi_id, status_code, status_at) select id, 'INPROG', now() from nsi;
insert into contact (person_id, conviction_id, nsi_id, type_code, date, start_time, end_time, provider_code, team_code,
                     staff_code, enforcement, external_reference, rar_activity, version)
  select person_id, conviction_id, id, 'CRSAPT', '2023-01-01', '2023-01-01Z', '2023-01-01Z', 'CRS', 'CRSUAT',
         'CRSUATU', false, 'urn:' || gen_random_uuid(), true, 1
    from nsi, generate_series(1, 10);
insert into enforcement (contact_id, action_code, response_date, action_taken_at)
  select id, 'ROM', current_date, now() from contact;
"""

Case = tuple[str, str, Any]


@pytest.fixture(scope="module")
async def person(world: World) -> SyntheticPerson:
    """Somebody with a sentence and a requirement, among thousands with a long record."""
    people = list(synthetic_people(HOW_MANY, today=world.clock.today(), managers=MANAGERS))
    await seed(world.context("probation"), people, lambda _: None)
    connection = await asyncpg.connect(world.owner_dsn, server_settings={"search_path": "probation,public"})
    try:
        await connection.execute(FILL)
    finally:
        await connection.close()
    await analyse(world, "probation")
    return next(one for one in people if one.noms and one.crn and one.sentence and one.sentence.has_rar)


def cases(one: SyntheticPerson, world: World) -> list[Case]:
    """A request for each way of asking, in an order that works."""
    case, sentence = f"/probation-case/{one.crn}", one.number + 1
    start = {"referralId": REFERRAL, "startedAt": "2024-03-04T10:00:00Z", "contractType": "ETE", "sentenceId": sentence}
    held = {"attended": "NO", "didSessionHappen": False}
    past = appointment(world.clock.now().replace(hour=8), id=PAST, outcome=held)
    coming = appointment(tomorrow(world), id=COMING)
    name = {"name": {"forename": "A", "surname": "B"}, "dateOfBirth": "1980-01-01", "gender": "Male"}
    return [
        ("GET", f"{case}/details", None),
        ("GET", f"{case}/identifiers", None),
        ("GET", f"/identifier-converter/noms-to-crn/{one.noms}", None),
        ("GET", f"/exists-in-delius/crn/{one.crn}", None),
        ("POST", "/probation-cases", name),
        ("PUT", f"{case}/noms-number", {"nomsNumber": one.noms}),
        ("POST", "/search/probation-cases", {"nomsNumber": one.noms}),
        ("POST", "/probation-cases/lookup", {"crns": [one.crn]}),
        ("GET", f"{case}/responsible-officer", None),
        ("PUT", f"{case}/community-manager", {"username": MANAGER}),
        ("PUT", f"{case}/prison-manager", {"username": "OLIVE.OPS"}),
        ("GET", f"/users/{MANAGER}/managed-cases", None),
        ("GET", f"/users/{MANAGER}/details", None),
        ("POST", f"/users/{MANAGER}/access", [one.crn]),
        ("GET", f"/users/{MANAGER}/access?crn={one.crn}", None),
        ("POST", "/probation-cases/access", {"crns": [one.crn]}),
        ("GET", f"/case/{one.crn}/access-limitations", None),
        ("PUT", f"{case}/access-limitations", {"restrictedTo": [MANAGER]}),
        ("GET", f"{case}/convictions", None),
        ("GET", f"{case}/convictions/{sentence}", None),
        ("POST", f"{case}/registrations", {"typeCode": "INLL"}),
        ("GET", f"{case}/registrations", None),
        ("GET", f"{case}/registrations/{{registration}}", None),
        ("PUT", f"{case}/registrations/{{registration}}", {}),
        ("POST", f"{case}/registrations/{{registration}}/deregistration", None),
        ("DELETE", f"{case}/registrations/{{registration}}", None),
        ("PUT", f"{case}/referrals", start),
        ("PUT", f"{case}/referrals/{REFERRAL}/appointments", coming),
        ("PUT", f"{case}/referrals/{REFERRAL}/appointments", past),
        ("GET", f"{case}/nsis", None),
        ("GET", f"{case}/contacts", None),
        ("GET", "/office-locations", None),
        ("GET", "/probation-delivery-units", None),
    ]  # fmt: skip


async def walked(world: World, noted: list[Executed]) -> set[str]:
    """The tables that statements would walk from end to end, apart from those that stay small."""
    return set().union(*await walks(world, noted)) - SMALL


async def test_no_request_walks_a_whole_table(
    world: World, person: SyntheticPerson, interventions: Interventions
) -> None:
    client, registration = await world.client("probation", roles=ROLES), 0
    for method, path, body in cases(person, world):
        with recorded(world, "probation") as noted:
            reply = await client.request(method, path.format(registration=registration), json=body)
        assert reply.is_success, (method, path, reply.text)
        if method == "POST" and path.endswith("/registrations"):
            registration = reply.json()["registrationId"]
        assert await walked(world, noted) == set(), (method, path)


async def test_no_event_walks_a_whole_table(
    world: World, person: SyntheticPerson, interventions: Interventions
) -> None:
    crn, consumer = str(person.crn), world.host.runtimes["probation"].consumers[0]
    await world.drain()
    interventions.session(REFERRAL, 1, appointment_with(COMING, "no", at=tomorrow(world, 12)))
    interventions.ended(REFERRAL, concludedAt=world.clock.now().isoformat())
    released = "prisoner-offender-search.prisoner.released"
    for announce in (
        publish(world, "intervention.action-plan.approved", crn, referralId=REFERRAL),
        feedback(world, crn, REFERRAL),
        end(world, crn, REFERRAL),
        publish(world, released, nomsNumber=person.noms, reason="RELEASED"),
    ):
        await announce
        with recorded(world, "probation") as noted:
            assert await consumer.step() == 1
        own = [one for one in noted if "probation." in one.statement]
        assert own
        assert await walked(world, own) == set()


def test_every_route_is_asked(world: World, person: SyntheticPerson) -> None:
    asked = [(method, path.partition("?")[0].format(registration=1)) for method, path, _ in cases(person, world)]
    for router in catalogue.service("probation").routers():
        for route in router.api.routes:
            assert isinstance(route, APIRoute)
            hit = [path for method, path in asked if method in (route.methods or ()) and route.path_regex.match(path)]
            assert hit, f"{route.methods} {route.path}"
