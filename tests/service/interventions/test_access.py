"""Who may reach what: every route is walked with each kind of caller."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

import httpx2
import pytest
from fastapi.routing import APIRoute

from tests.service.interventions.journey import (
    CASE_DETAIL,
    CASES,
    CASEWORKER,
    OTHER_CASEWORKER,
    PRACTITIONER,
    READ_ALL,
    Journey,
    Json,
    appointment,
    begin,
    choose_level_and_outcome,
    ok,
    opened_case,
    ready_draft,
    refused,
    sent_referral,
    session_feedback,
    signed_in,
    tomorrow,
    whole_draft,
)
from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.kit.web.router import required
from throughcare.seeding.accounts import OPERATORS
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.dev.seeds import NAMESPACE
from throughcare.services.auth.group.store import GroupStore
from throughcare.services.interventions import SERVICE
from throughcare.services.interventions.action_plan.usecases import create_plan
from throughcare.services.interventions.actor.model import (
    ACCOMMODATION,
    APPOINTMENTS,
    CONTRACTS,
    EDITING,
    EXTRACTS,
    GATE,
    REFER_AND_MONITOR,
    SUBJECT_ACCESS,
    SUPPORTING,
    SYSTEM,
)
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.case_note.model import CaseNote
from throughcare.services.interventions.case_note.store import CaseNoteStore
from throughcare.services.interventions.changelog.model import Change, Entry, Topic
from throughcare.services.interventions.changelog.store import ChangelogStore
from throughcare.services.interventions.report.model import Report
from throughcare.services.interventions.report.store import ReportStore

OPEN_TO_THE_GATE = {
    "GET /interventions", "GET /intervention/{intervention_id}", "GET /service-category/{category_id}",
    "GET /service-category/{category_id}/contract-reference/{contract_reference}", "GET /pcc-regions",
    "GET /referral-cancellation-reasons", "GET /referral-withdrawal-reasons",
}  # fmt: skip
OWN_RECORDS_ONLY = {
    "GET /my-interventions", "GET /draft-referrals", "GET /sent-referrals/summaries", "GET /sent-referrals/search",
    "GET /sent-referrals/due",
    "GET /sent-referrals/summary/service-provider", "POST /reports/service-provider/performance",
    "GET /reports/service-provider/performance", "GET /reports/service-provider/performance/{report_id}",
    "GET /reports/service-provider/performance/file/{file}", "POST /intervention/user",
}  # fmt: skip
OWN_REQUESTS = {"GET /reports/service-provider/performance", "GET /reports/service-provider/performance/{report_id}"}
MACHINES_READ = {
    "GET /sent-referral/{referral_id}", "GET /sent-referral/{referral_id}/supplier-assessment",
    "GET /action-plan/{plan_id}", "GET /referral/{referral_id}/sessions/{session_number}",
    "GET /end-of-service-report/{report_id}", "GET /end-of-service-report",
    "GET /sent-referral/{referral_id}/notifications",
}  # fmt: skip
OPEN_TO_ANOTHER = {
    "GET /my-interventions": EDITING, "GET /sent-referral/{referral_id}/notifications": SUPPORTING,
    "POST /sent-referral/{referral_id}/notifications/{message_id}/send-again": SUPPORTING,
}  # fmt: skip
OTHER_SYSTEMS = {
    "GET /probation-case/{crn}/referral": REFER_AND_MONITOR, "GET /appointments-location/{crn}": REFER_AND_MONITOR,
    "GET /sas-referral-details/{crn}": ACCOMMODATION, "GET /subject-access-request": SUBJECT_ACCESS,
    "GET /subject-access-request/template": SUBJECT_ACCESS, "GET /extracts": EXTRACTS,
    "GET /extracts/{name}": EXTRACTS, "POST /contract-transfers": CONTRACTS, "GET /contract-transfers": CONTRACTS,
    "POST /contract-onboardings": CONTRACTS, "GET /contract-onboardings": CONTRACTS,
    "GET /support/referrals": SUPPORTING, "GET /support/referrals/{referral_id}": SUPPORTING,
    "POST /stale-appointments": APPOINTMENTS, "GET /stale-appointments": APPOINTMENTS,
}  # fmt: skip
NOT_OURS = {"POST /notify/callbacks/delivery"}
DELETION = "DELETE /draft-referral/{draft_id}"
ATTENDANCE = {"attended": "yes", "didSessionHappen": True}
PRACTITIONERS_ALONE = ("draft-referral", "/amend-", "GET /case-record")
PRACTITIONERS_COMMAND = {
    "POST /action-plan/{plan_id}/approve", "POST /sent-referral/{referral_id}/referral-details",
    "POST /sent-referral/{referral_id}/withdraw-referral",
}  # fmt: skip
PROVIDERS_COMMAND = (
    "/draft-action-plan", "/draft-end-of-service-report", "/assign", "supplier-assessment", "/activities/",
    "/appointment/", "/delivery-session-appointments/", "schedule-appointment",
)  # fmt: skip


def side(name: str) -> str:
    """Whose route it is: ``delius`` or ``auth`` alone, or ``both``."""
    if name in PRACTITIONERS_COMMAND or any(part in name for part in PRACTITIONERS_ALONE):
        return "delius"
    command = not name.startswith("GET ")
    return "auth" if command and any(part in name for part in PROVIDERS_COMMAND) else "both"


def routes() -> Iterator[tuple[str, APIRoute]]:
    for router in SERVICE.routers():
        for route in router.api.routes:
            assert isinstance(route, APIRoute)
            for method in route.methods or ():
                if f"{method} {route.path}" not in NOT_OURS:
                    yield f"{method} {route.path}", route


GUARDED = sorted({name for name, _ in routes()} - OPEN_TO_THE_GATE - OWN_RECORDS_ONLY - OTHER_SYSTEMS.keys())


class Walk:
    """One referral, one draft, and a good request for every route that leads to them."""

    def __init__(self, journey: Journey, draft_id: str, ids: dict[str, str]) -> None:
        self.journey = journey
        self.ids = {"referral_id": journey.referral_id, "draft_id": draft_id, "session_number": "1", **ids}
        self.ids |= {"crn": journey.crn, "file": "x.csv", "name": "x.csv"}

    def body(self, name: str) -> Json | None:
        """A request that is right in every way but who asks."""
        some, world = self.ids["category_id"], self.journey.world
        referral, why = {"referralId": self.journey.referral_id}, {"reasonForChange": "x"}
        bodies: dict[str, Json] = {
            "POST /draft-referral": {
                "serviceUserCrn": self.journey.crn, "interventionId": self.journey.intervention["id"],
            },
            "complexity-level": {"serviceCategoryId": some, "complexityLevelId": some, **why},
            "desired-outcomes": {"serviceCategoryId": some, "desiredOutcomesIds": [some], **why},
            "{kind}": why,
            "amend-prison-establishment": {
                "personCustodyPrisonId": "LEI", "oldPrisonEstablishment": "x", "newPrisonEstablishment": "y", **why,
            },
            "probation-office": {"probationOffice": "x"},
            "practitioner-name": {"ppName": "x"},
            "practitioner-email": {"ppEmail": "x"},
            "practitioner-phone-number": {"ppPhoneNumber": "x"},
            "practitioner-team-phone-number": {"ppTeamPhoneNumber": "x"},
            "referral-details": {"furtherInformation": "x", **why},
            "POST /case-note": {**referral, "subject": "x", "body": "y"},
            "/assign": {"assignedTo": {"userId": "1", "username": CASEWORKER.username, "authSource": "auth"}},
            "attendance": ATTENDANCE,
            "session-feedback": session_feedback(),
            "schedule-appointment": appointment(tomorrow(world)),
            "/supplier-assessment": appointment(tomorrow(world)),
            "{appointment_id}": appointment(tomorrow(world)),
            "{session_number}": appointment(tomorrow(world)),
            "POST /draft-action-plan": referral,
            "{activity_id}": {"description": "x"},
            "POST /draft-end-of-service-report": referral,
            "withdraw-referral": {"code": "MOV"},
            "POST /reports/service-provider/performance": {"fromDate": "2024-03-01", "toDate": "2024-03-02"},
        }  # fmt: skip
        exact = bodies.get(name)
        return exact or next((body for end, body in bodies.items() if name.endswith(end)), {})

    async def send(self, client: httpx2.AsyncClient, name: str) -> httpx2.Response:
        """The answer of the route called ``name``."""
        method, path = name.split(" ")
        options: dict[str, Any] = {} if method == "GET" else {"json": self.body(name)}
        if name == "GET /end-of-service-report":
            options = {"params": {"referralId": self.journey.referral_id}}
        return await client.request(method, path.format(**self.ids), **options)


async def draft_of(journey: Journey) -> str:
    """The id of a new draft for the same person."""
    draft = await begin(Journey(journey.world, journey.crn, journey.sentence_id))
    return draft.referral_id


async def with_records(journey: Journey) -> Walk:
    """A walk over a sent referral that has a plan and a report, and over a draft for the same person."""
    world, context = journey.world, journey.world.context("interventions")
    referral_id = UUID(journey.referral_id)
    async with context.new_uow() as uow:
        await uow.store(ActorStore).note(SYSTEM)
        report = Report(new_id(), referral_id, Mark(uow.now, SYSTEM.id))
        await uow.store(ReportStore).add(report)
        change = Entry(new_id(), referral_id, Change(Topic.PRACTITIONER_NAME, (), ("x",)), Mark(uow.now, SYSTEM.id))
        await uow.store(ChangelogStore).add(change)
        note = CaseNote(new_id(), referral_id, "x", "y", change.changed)
        await uow.store(CaseNoteStore).add(note)
    plan = await create_plan(context.new_uow(), referral_id, number_of_sessions=1, activities=["x"], by=SYSTEM)
    rows = await world.fetch("select id from interventions.supplier_assessment where referral_id = $1", referral_id)
    ids = {
        "plan_id": plan.id, "action_plan_id": plan.id, "activity_id": plan.activities[0].id, "report_id": report.id,
        "assessment_id": rows[0]["id"], "appointment_id": new_id(), "message_id": new_id(),
        "category_id": new_id(), "change_id": change.id,
        "kind": "identify-needs", "note_id": note.id,
    }  # fmt: skip
    return Walk(journey, await draft_of(journey), {name: str(value) for name, value in ids.items()})


@pytest.fixture(scope="module")
async def closed_case(world: World) -> Walk:
    """Records of a case from which the practitioner was excluded since."""
    walk = await with_records(await sent_referral(world))
    probation = await world.client("probation", roles=[CASES, CASE_DETAIL])
    limits = {"excludedFrom": [PRACTITIONER.username], "exclusionMessage": "You know this person"}
    ok(await probation.put(f"/probation-case/{walk.journey.crn}/access-limitations", json=limits))
    return walk


@pytest.fixture(scope="module")
async def other_contract(world: World) -> Walk:
    """Records under a contract of another provider."""
    journey = await opened_case(world)
    every = ok(await journey.as_practitioner("GET", "/interventions"))
    theirs = next(
        one for one in every if one["contractType"]["code"] == "ACC" and one["serviceProvider"]["id"] != "ACHIEVE_NW"
    )
    journey.intervention = theirs
    body = {"serviceUserCrn": journey.crn, "interventionId": theirs["id"]}
    journey.referral_id = ok(await journey.as_practitioner("POST", "/draft-referral", json=body), 201)["id"]
    written = whole_draft(journey.sentence_id, world)
    path = f"/draft-referral/{journey.referral_id}"
    ok(await journey.as_practitioner("PATCH", path, json=written))
    await choose_level_and_outcome(journey)
    ok(await journey.as_practitioner("POST", f"{path}/send"), 201)
    return await with_records(journey)


@pytest.fixture(scope="module")
async def own_case(world: World) -> Walk:
    """Records of a case that the practitioner may see, under a contract of the caseworker's."""
    return await with_records(await sent_referral(world))


@pytest.fixture(scope="module")
async def outsiders(world: World) -> dict[str, str]:
    """Prison staff with a provider's role, and a provider's user whom no group holds any more: what refuses each."""
    async with world.context("auth").uow as uow:
        staff = uuid5(NAMESPACE, f"nomis:{OPERATORS[0].username}")
        await uow.store(AccountStore).grant_role(staff, "CRS_PROVIDER", by="TEST", at=uow.now)
    await world.fetch("delete from auth.user_group where user_id = $1", UUID(OTHER_CASEWORKER.user_id))
    return {OPERATORS[0].username: "UNSUPPORTED_AUTH_SOURCE", OTHER_CASEWORKER.username: "SP_NO_PROVIDER_GROUP"}


def test_every_route_has_the_gate_and_is_in_the_walk() -> None:
    for name, route in routes():
        gate = (*GATE, OPEN_TO_ANOTHER[name]) if name in OPEN_TO_ANOTHER else GATE
        wanted = (OTHER_SYSTEMS[name],) if name in OTHER_SYSTEMS else gate
        assert required(route) == wanted, name
    every = {name for name, _ in routes()}
    assert every >= OPEN_TO_THE_GATE | OWN_RECORDS_ONLY | MACHINES_READ


@pytest.mark.parametrize("name", sorted(name for name, _ in routes()))
async def test_nobody_enters_without_a_token_or_a_role(world: World, other_contract: Walk, name: str) -> None:
    other_contract.ids |= {"intervention_id": str(new_id()), "contract_reference": "X"}
    assert (await other_contract.send(world.anonymous("interventions"), name)).status_code == 401
    stranger = await world.client("interventions", roles=["ROLE_SOMETHING_ELSE"])
    assert (await other_contract.send(stranger, name)).status_code == 403


@pytest.mark.parametrize("name", GUARDED)
async def test_a_practitioner_is_kept_from_a_case_that_the_record_closes(
    world: World, closed_case: Walk, name: str
) -> None:
    client = await signed_in(world, PRACTITIONER.username)
    reply = await closed_case.send(client, name)
    assert reply.status_code == 403, reply.text
    assert reply.json()["code"] in {"CASE_RESTRICTED", "SP_ONLY"}
    if reply.json()["code"] == "CASE_RESTRICTED":
        assert reply.json()["accessErrors"] == ["You know this person"]
        assert reply.json()["error"] == "access error"


@pytest.mark.parametrize("name", GUARDED)
async def test_a_provider_is_kept_from_what_another_provider_delivers(
    world: World, other_contract: Walk, name: str
) -> None:
    client = await signed_in(world, CASEWORKER.username)
    reply = await other_contract.send(client, name)
    assert reply.status_code == 403, reply.text
    codes = reply.json()["accessErrorCodes"]
    assert codes in (["PP_ONLY"], ["SP_PROVIDER_MISMATCH", "SP_CONTRACT_MISMATCH"])


@pytest.mark.parametrize("name", GUARDED)
async def test_a_machine_reads_what_it_may_and_commands_nothing(world: World, other_contract: Walk, name: str) -> None:
    client = await world.client("interventions", roles=[READ_ALL])
    reply = await other_contract.send(client, name)
    if name in MACHINES_READ:
        expected = 404 if "{session_number}" in name else 200
        assert reply.status_code == expected, reply.text
    else:
        assert reply.status_code == 403, reply.text
        assert reply.json()["code"] in {"PP_ONLY", "SP_ONLY"}


@pytest.mark.parametrize("name", sorted(OWN_RECORDS_ONLY))
async def test_a_machine_has_no_records_of_its_own(world: World, other_contract: Walk, name: str) -> None:
    client = await world.client("interventions", roles=[READ_ALL])
    assert (await other_contract.send(client, name)).status_code == 403


@pytest.mark.parametrize("name", GUARDED)
async def test_each_side_reaches_its_own_and_only_its_own(world: World, own_case: Walk, name: str) -> None:
    whose = side(name)
    for username, kind, code in (
        (PRACTITIONER.username, "delius", "SP_ONLY"),
        (CASEWORKER.username, "auth", "PP_ONLY"),
    ):
        reply = await own_case.send(await signed_in(world, username), name)
        if whose in {kind, "both"}:
            assert reply.status_code not in {401, 403, 405}, reply.text
        else:
            refused(reply, 403, code)
    if name == DELETION:
        own_case.ids["draft_id"] = await draft_of(own_case.journey)


@pytest.mark.parametrize("name", [one for one in GUARDED if "_id}" in one])
async def test_a_record_that_is_not_there_is_not_found(world: World, own_case: Walk, name: str) -> None:
    nowhere = replace(own_case.journey, referral_id=str(new_id()))
    ids = {key: str(new_id()) if key.endswith("_id") else value for key, value in own_case.ids.items()}
    whose = PRACTITIONER if side(name) == "delius" else CASEWORKER
    reply = await Walk(nowhere, ids["draft_id"], ids).send(await signed_in(world, whose.username), name)
    code = "REFERRAL_NOT_FOUND" if reply.status_code == 400 else reply.json()["code"]
    assert code.endswith("_NOT_FOUND"), reply.text
    refused(reply, 400 if "/delivery-session-appointments/" in name else 404, code)


@pytest.mark.parametrize("name", sorted({*GUARDED, *OWN_RECORDS_ONLY} - {"POST /intervention/user"}))
async def test_whoever_is_on_neither_side_or_in_no_group_reaches_nothing(
    world: World, own_case: Walk, outsiders: dict[str, str], name: str
) -> None:
    for username, code in outsiders.items():
        reply = await own_case.send(await signed_in(world, username), name)
        if name in OWN_REQUESTS and username == OTHER_CASEWORKER.username:
            assert (reply.status_code, reply.content) == (200, b"[]") or refused(reply, 404, "REPORT_NOT_FOUND")
            continue
        assert reply.status_code == 403, reply.text
        assert reply.json()["code"] in {code, *({"PP_ONLY"} if code.startswith("SP_") else ())}
    machine = await world.client("interventions", roles=["ROLE_CRS_PROVIDER"])
    refused(await own_case.send(machine, name), 403, "TOKEN_INCOMPLETE")


async def test_a_user_is_known_by_what_the_token_says(world: World) -> None:
    for one in (PRACTITIONER, CASEWORKER):
        client = await signed_in(world, one.username)
        known = {"username": one.username, "authSource": one.source, "userId": one.user_id}
        assert [ok(await client.post("/intervention/user"), 200) for _ in range(2)] == [known] * 2
        rows = await world.fetch("select user_id from interventions.actor where user_name = $1", one.username)
        assert [row["user_id"] for row in rows] == [one.user_id]


async def test_a_machine_with_the_role_of_people_is_not_a_person(world: World) -> None:
    journey = await sent_referral(world)
    client = await world.client("interventions", roles=["ROLE_PROBATION"])
    reply = await client.get(f"/sent-referral/{journey.referral_id}")
    body = refused(reply, 403, "TOKEN_INCOMPLETE")
    assert (body["error"], body["message"]) == (
        "access denied",
        "the token lacks user_id, user_name, auth_source",
    )


async def test_a_case_that_is_restricted_to_others_is_closed(world: World) -> None:
    journey = await ready_draft(world)
    probation = await world.client("probation", roles=[CASES, CASE_DETAIL])
    limits = {"restrictedTo": ["SOMEBODY.ELSE"], "restrictionMessage": "Ask the team"}
    ok(await probation.put(f"/probation-case/{journey.crn}/access-limitations", json=limits))
    reply = await journey.as_practitioner("POST", f"/draft-referral/{journey.referral_id}/send")
    assert refused(reply, 403, "CASE_RESTRICTED")["accessErrors"] == ["Ask the team"]


async def test_a_contract_that_the_user_s_provider_does_not_hold_closes_every_other_too(
    world: World, own_case: Walk, outsiders: dict[str, str]
) -> None:
    async with world.context("auth").uow as uow:
        await uow.store(GroupStore).put("INT_CR_PRJ_6158", "Accommodation elsewhere")
        for group in (*OTHER_CASEWORKER.groups, "INT_CR_PRJ_6158"):
            await uow.store(GroupStore).join(UUID(OTHER_CASEWORKER.user_id), group, by="TEST", at=uow.now)
    assert OTHER_CASEWORKER.username in outsiders
    client = await signed_in(world, OTHER_CASEWORKER.username)
    refused(await client.get(f"/sent-referral/{own_case.journey.referral_id}"), 403, "SP_CONTRACT_NOT_HELD")
    refused(await client.get("/my-interventions"), 403, "SP_CONTRACT_NOT_HELD")
