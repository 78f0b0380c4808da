"""A referral on its way: each builder brings one to a stage, through the doors that people use."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from tests.world import World
from throughcare.kit.clock import LONDON
from throughcare.seeding.accounts import CASEWORKERS, DEMO_CONTRACT, PRACTITIONERS

PRACTITIONER, OTHER_PRACTITIONER = PRACTITIONERS[0], PRACTITIONERS[1]
CASEWORKER, OTHER_CASEWORKER = CASEWORKERS[0], CASEWORKERS[1]
CASES = "ROLE_PROBATION_API__CASES__RW"
CASE_DETAIL = "ROLE_PROBATION_API__REFER_AND_MONITOR__CASE_DETAIL__RW"
READ_ALL = "ROLE_INTERVENTIONS_API_READ_ALL"
OFFICE = "CRS0032"
SIGN_IN_LASTS = timedelta(minutes=30)

Json = dict[str, Any]
_clients: dict[tuple[int, str], tuple[httpx2.AsyncClient, datetime]] = {}


async def signed_in(world: World, username: str) -> httpx2.AsyncClient:
    """A client of interventions with this person's token, signed in anew when business time has moved on."""
    held = _clients.get((id(world), username))
    now = world.clock.now()
    if held is None or not timedelta(0) <= now - held[1] < SIGN_IN_LASTS:
        held = _clients[id(world), username] = (await world.signed_in(username, "interventions"), now)
    return held[0]


@dataclass
class Journey:
    """One referral and the people who work on it."""

    world: World
    crn: str
    sentence_id: int
    intervention: Json = field(default_factory=dict)
    referral_id: str = ""
    plan_id: str = ""
    practitioner: str = PRACTITIONER.username
    caseworker: str = CASEWORKER.username

    async def as_practitioner(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """The answer to a request of the practitioner."""
        return await (await signed_in(self.world, self.practitioner)).request(method, path, **options)

    async def as_caseworker(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """The answer to a request of the caseworker."""
        return await (await signed_in(self.world, self.caseworker)).request(method, path, **options)

    async def referral(self) -> Json:
        """The referral as its practitioner reads it."""
        found: Json = ok(await self.as_practitioner("GET", f"/sent-referral/{self.referral_id}"))
        return found

    async def assessment(self) -> Json:
        """The supplier assessment."""
        found: Json = ok(await self.as_caseworker("GET", f"/sent-referral/{self.referral_id}/supplier-assessment"))
        return found

    async def session(self, number: int) -> Json:
        """One delivery session."""
        found: Json = ok(await self.as_caseworker("GET", f"/referral/{self.referral_id}/sessions/{number}"))
        return found

    async def events(self) -> list[Json]:
        """Every event about this referral, oldest first."""
        rows = await self.world.fetch(
            "select payload::text from interventions.outbox where aggregate_id = $1 order by id", self.referral_id
        )
        return [json.loads(row["payload"]) for row in rows]

    async def event_types(self) -> list[str]:
        """The types of the referral's domain events, oldest first."""
        types = [one["eventType"] for one in await self.events()]
        return [one.removeprefix("intervention.") for one in types if one.startswith("intervention.")]

    async def nsis(self) -> list[Json]:
        """What the case record mirrors of the person's referrals."""
        probation = await self.world.client("probation", roles=[CASE_DETAIL])
        found: list[Json] = ok(await probation.get(f"/probation-case/{self.crn}/nsis"))
        return found

    async def contacts(self, *types: str) -> list[Json]:
        """The person's contacts of these types in the case record, oldest first."""
        probation = await self.world.client("probation", roles=[CASE_DETAIL])
        found = ok(await probation.get(f"/probation-case/{self.crn}/contacts", params={"size": 500}))["content"]
        return [one for one in reversed(found) if not types or one["type"]["code"] in types]


def ok(reply: httpx2.Response, status: int | None = None) -> Any:
    """The body of an answer that must be a success."""
    good = reply.is_success if status is None else reply.status_code == status
    assert good, f"{reply.status_code}: {reply.text}"
    return reply.json()


def refused(reply: httpx2.Response, status: int, code: str) -> Json:
    """The body of an answer that must be this refusal."""
    body: Json = reply.json()
    assert (reply.status_code, body.get("code", body["errorCode"])) == (status, code), reply.text
    return body


def problems(reply: httpx2.Response) -> set[tuple[str, str]]:
    """The wrong fields that a 400 names, with their codes."""
    assert reply.status_code == 400, reply.text
    return {(one["field"], one["error"]) for one in reply.json()["validationErrors"]}


def london_time(day: datetime, hour: int, minute: int = 0) -> datetime:
    """This time of day in London, on the London day of ``day``."""
    return day.astimezone(LONDON).replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)


def tomorrow(world: World, hour: int = 10, days: int = 1) -> datetime:
    """An hour of a coming day."""
    return london_time(world.clock.now().astimezone(LONDON) + timedelta(days=days), hour)


def appointment(start: datetime, **changes: Any) -> Json:
    """A request for an hour at a probation office."""
    return {
        "appointmentTime": start.isoformat(),
        "durationInMinutes": 60,
        "appointmentDeliveryType": "IN_PERSON_MEETING_PROBATION_OFFICE",
        "sessionType": "ONE_TO_ONE",
        "npsOfficeCode": OFFICE,
        **changes,
    }


ATTENDED = {"attended": "yes", "didSessionHappen": True}
MISSED = {"attended": "no", "didSessionHappen": False}
NOT_HELD = {"attended": "yes", "didSessionHappen": False}


def session_feedback(**changes: Any) -> Json:
    """A complete account of a session that happened without anything to worry about."""
    return {
        "late": False,
        "sessionSummary": "Talked about work",
        "sessionResponse": "Took part",
        "notifyProbationPractitionerOfBehaviour": False,
        "notifyProbationPractitionerOfConcerns": False,
        **changes,
    }


def absence_feedback(**changes: Any) -> Json:
    """A complete account of an appointment that the person missed."""
    return {
        "noAttendanceInformation": "Could not be reached by telephone",
        "notifyProbationPractitionerOfConcerns": False,
        **changes,
    }


def whole_draft(sentence_id: int, world: World, **changes: Any) -> Json:
    """Everything that a community referral needs, apart from levels and outcomes."""
    return {
        "relevantSentenceId": sentence_id,
        "serviceUser": {"title": "Ms", "firstName": "jo", "lastName": "BLOGGS", "dateOfBirth": "1990-02-03",
                        "disabilities": ["Dyslexia"]},
        "additionalRiskInformation": "May be anxious in groups",
        "personCurrentLocationType": "COMMUNITY",
        "expectedProbationOffice": "Derby: Derwent Centre",
        "completionDeadline": (world.clock.today() + timedelta(days=120)).isoformat(),
        "maximumEnforceableDays": 10,
        "furtherInformation": "Prefers mornings",
        "reasonForReferral": "Wants to work",
        "needsInterpreter": False,
        "hasAdditionalResponsibilities": True,
        "whenUnavailable": "School run at 3pm",
        "ndeliusPPName": PRACTITIONER.name,
        "ppProbationOffice": "Derby: Derwent Centre",
        **changes,
    }  # fmt: skip


async def opened_case(world: World, **changes: Any) -> Journey:
    """A person on probation with a sentence, managed by the practitioner."""
    probation = await world.client("probation", roles=[CASES, CASE_DETAIL])
    body = {
        "name": {"forename": "Jo", "surname": "Bloggs"},
        "dateOfBirth": "1990-02-03",
        "gender": "Female",
        "sentence": {
            "description": "ORA Community Order",
            "startDate": "2024-01-15",
            "expectedEndDate": "2026-01-14",
            "mainOffence": {"category": "Theft", "subCategory": "Shoplifting"},
            "hasRar": True,
        },
        "managerUsername": PRACTITIONER.username,
        **changes,
    }
    crn = ok(await probation.post("/probation-cases", json=body), 201)["crn"]
    convictions = ok(await probation.get(f"/probation-case/{crn}/convictions"))["convictions"]
    return Journey(world, crn, convictions[0]["id"])


async def demo_intervention(world: World) -> Json:
    """The intervention of the demonstration contract."""
    client = await signed_in(world, CASEWORKER.username)
    mine = ok(await client.get("/my-interventions"))
    return next(one for one in mine if one["contractType"]["code"] == "ETE")


async def begun_draft(world: World, **case: Any) -> Journey:
    """A draft in which nothing is written yet."""
    return await begin(await opened_case(world, **case))


async def begin(journey: Journey) -> Journey:
    """A draft for the person of ``journey``."""
    journey.intervention = await demo_intervention(journey.world)
    body = {"serviceUserCrn": journey.crn, "interventionId": journey.intervention["id"]}
    journey.referral_id = ok(await journey.as_practitioner("POST", "/draft-referral", json=body), 201)["id"]
    return journey


async def choose_level_and_outcome(journey: Journey) -> None:
    """Choose the first level and the first outcome of the draft's category."""
    category = journey.intervention["serviceCategories"][0]
    path = f"/draft-referral/{journey.referral_id}"
    offered = ok(
        await journey.as_practitioner("GET", f"/service-category/{category['id']}/contract-reference/{DEMO_CONTRACT}")
    )
    level = {"serviceCategoryId": category["id"], "complexityLevelId": offered["complexityLevels"][0]["id"]}
    ok(await journey.as_practitioner("PATCH", f"{path}/complexity-level", json=level))
    chosen = {"serviceCategoryId": category["id"], "desiredOutcomesIds": [offered["desiredOutcomes"][0]["id"]]}
    ok(await journey.as_practitioner("PATCH", f"{path}/desired-outcomes", json=chosen))


async def ready_draft(world: World, *, case: Json | None = None, **changes: Any) -> Journey:
    """A draft that can be sent; ``changes`` to what is written in it."""
    journey = await begun_draft(world, **(case or {}))
    body = whole_draft(journey.sentence_id, world, **changes)
    ok(await journey.as_practitioner("PATCH", f"/draft-referral/{journey.referral_id}", json=body))
    await choose_level_and_outcome(journey)
    return journey


async def second_referral(journey: Journey) -> Journey:
    """Another referral of the same person, which the same caseworker works on."""
    other = await begin(Journey(journey.world, journey.crn, journey.sentence_id))
    body = whole_draft(other.sentence_id, other.world)
    ok(await other.as_practitioner("PATCH", f"/draft-referral/{other.referral_id}", json=body))
    await choose_level_and_outcome(other)
    ok(await other.as_practitioner("POST", f"/draft-referral/{other.referral_id}/send"), 201)
    ok(await assign(other, CASEWORKER.username))
    return other


async def sent_referral(world: World, *, case: Json | None = None, **changes: Any) -> Journey:
    """A referral that was just sent."""
    journey = await ready_draft(world, case=case, **changes)
    ok(await journey.as_practitioner("POST", f"/draft-referral/{journey.referral_id}/send"), 201)
    return journey


async def assigned_referral(world: World, **options: Any) -> Journey:
    """A referral that the caseworker works on."""
    journey = await sent_referral(world, **options)
    ok(await assign(journey, CASEWORKER.username))
    return journey


async def assign(journey: Journey, username: str, **changes: Any) -> httpx2.Response:
    """Have a caseworker assigned."""
    user_id = next((one.user_id for one in CASEWORKERS if one.username == username), "0")
    to = {"userId": user_id, "username": username, "authSource": "auth", **changes}
    return await journey.as_caseworker("POST", f"/sent-referral/{journey.referral_id}/assign", json={"assignedTo": to})


async def schedule_assessment(journey: Journey, body: Json) -> httpx2.Response:
    """Book the supplier assessment."""
    assessment = await journey.assessment()
    path = f"/supplier-assessment/{assessment['id']}/schedule-appointment"
    return await journey.as_caseworker("PUT", path, json=body)


async def record_assessment(journey: Journey, attendance: Json, feedback: Json) -> httpx2.Response:
    """Record and submit what happened at the supplier assessment."""
    path = f"/referral/{journey.referral_id}/supplier-assessment"
    ok(await journey.as_caseworker("PUT", f"{path}/record-attendance", json=attendance))
    ok(await journey.as_caseworker("PUT", f"{path}/record-session-feedback", json=feedback))
    return await journey.as_caseworker("POST", f"{path}/submit-feedback")


async def booked_assessment(world: World, **options: Any) -> Journey:
    """A referral whose supplier assessment is tomorrow."""
    journey = await assigned_referral(world, **options)
    ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    return journey


async def assessed_referral(world: World, **options: Any) -> Journey:
    """A referral whose supplier assessment took place; it is the evening of that day."""
    journey = await booked_assessment(world, **options)
    world.clock.set(tomorrow(world, 18))
    ok(await record_assessment(journey, ATTENDED, session_feedback()))
    return journey


async def drafted_plan(journey: Journey, sessions: int | None = 2) -> str:
    """The id of a new draft of an action plan."""
    body = {
        "referralId": journey.referral_id,
        "numberOfSessions": sessions,
        "activities": [{"description": "Write a CV"}],
    }
    return str(ok(await journey.as_caseworker("POST", "/draft-action-plan", json=body), 201)["id"])


async def planned_referral(world: World, sessions: int = 2, **options: Any) -> Journey:
    """A referral with an approved action plan."""
    journey = await assessed_referral(world, **options)
    journey.plan_id = await drafted_plan(journey, sessions)
    ok(await journey.as_caseworker("POST", f"/draft-action-plan/{journey.plan_id}/submit"), 201)
    return journey


async def schedule_session(journey: Journey, number: int, body: Json) -> httpx2.Response:
    """Book a delivery session."""
    path = f"/action-plan/{journey.plan_id}/appointment/{number}"
    return await journey.as_caseworker("PATCH", path, json=body)


async def record_session(journey: Journey, number: int, attendance: Json, feedback: Json) -> httpx2.Response:
    """Record and submit what happened at a session."""
    appointment_id = (await journey.session(number))["appointmentId"]
    path = f"/referral/{journey.referral_id}/delivery-session-appointments/{appointment_id}"
    ok(await journey.as_caseworker("PUT", f"{path}/attendance", json=attendance))
    ok(await journey.as_caseworker("PUT", f"{path}/session-feedback", json=feedback))
    return await journey.as_caseworker("POST", f"{path}/submit-feedback")


async def hold_session(journey: Journey, number: int, attendance: Json, feedback: Json) -> None:
    """Book a session for tomorrow, let tomorrow come and record what happened."""
    ok(await schedule_session(journey, number, appointment(tomorrow(journey.world))))
    journey.world.clock.set(tomorrow(journey.world, 18))
    ok(await record_session(journey, number, attendance, feedback))


async def delivered_referral(world: World, sessions: int = 2, **options: Any) -> Journey:
    """A referral whose sessions all took place."""
    journey = await planned_referral(world, sessions, **options)
    for number in range(1, sessions + 1):
        await hold_session(journey, number, ATTENDED, session_feedback())
    return journey


async def half_delivered_referral(world: World) -> Journey:
    """A referral of two sessions: one took place, the other was missed and is booked again, three days later."""
    journey = await planned_referral(world)
    await hold_session(journey, 1, ATTENDED, session_feedback())
    await hold_session(journey, 2, MISSED, absence_feedback())
    ok(await schedule_session(journey, 2, appointment(tomorrow(world, days=3))))
    return journey


async def drafted_report(journey: Journey) -> str:
    """The id of the end of service report, begun if there was none."""
    body = {"referralId": journey.referral_id}
    return str(ok(await journey.as_caseworker("POST", "/draft-end-of-service-report", json=body), 201)["id"])


async def concluded_referral(world: World, sessions: int = 1, **options: Any) -> Journey:
    """A referral that ran its course."""
    journey = await delivered_referral(world, sessions, **options)
    report_id = await drafted_report(journey)
    ok(await journey.as_caseworker("POST", f"/draft-end-of-service-report/{report_id}/submit"))
    return journey


async def withdraw(journey: Journey, code: str = "MOV", **changes: Any) -> httpx2.Response:
    """Withdraw a referral."""
    body = {"code": code, "comments": "Moved away", "withdrawalState": "PRE_ICA_WITHDRAWAL", **changes}
    path = f"/sent-referral/{journey.referral_id}/withdraw-referral"
    return await journey.as_practitioner("POST", path, json=body)


async def mails(world: World, **wanted: str) -> list[Json]:
    """Messages in the inbox of the stand-in for GOV.UK Notify, oldest first."""
    notify = await world.client("notify", roles=["ROLE_NOTIFY__INBOX"])
    found = ok(await notify.get("/inbox", params=wanted))["messages"]
    return sorted(found, key=lambda one: one["createdAt"])
