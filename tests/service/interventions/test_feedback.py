"""Everything that feedback can say, of assessments and of sessions: what is announced, told and recorded."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    MISSED,
    NOT_HELD,
    PRACTITIONER,
    Journey,
    Json,
    absence_feedback,
    appointment,
    assigned_referral,
    hold_session,
    mails,
    ok,
    planned_referral,
    record_assessment,
    schedule_assessment,
    session_feedback,
    tomorrow,
)
from tests.world import World

BEHAVIOUR = {"notifyProbationPractitionerOfBehaviour": True, "sessionBehaviour": "Shouted"}
CONCERNS = {"notifyProbationPractitionerOfConcerns": True, "sessionConcerns": "Drinking"}
TEMPLATES = ("appointment-not-attended", "session-concerns", "session-poor-behaviour")


def not_held(kind: str, text: str) -> Json:
    return {"noSessionReasonType": kind, text: "It was so", "notifyProbationPractitionerOfConcerns": False}


# attendance, feedback, event, templates, outcome in the case record, whether it counts towards a requirement
VARIANTS = {
    "stayed away": (MISSED, absence_feedback(), "missed", TEMPLATES[:1], "AFTA", False),
    "stayed away, after trouble": (
        MISSED, absence_feedback(**BEHAVIOUR, **CONCERNS), "missed", TEMPLATES, "AFTA", False,
    ),
    "sent home": (
        NOT_HELD, not_held("LOGISTICS", "noSessionReasonLogistics"), "attended", (), "ATSS", False,
    ),
    "had a reason": (
        NOT_HELD, not_held("POP_ACCEPTABLE", "noSessionReasonPopAcceptable"), "attended", (), "AFDA", False,
    ),
    "had no reason": (
        NOT_HELD, not_held("POP_UNACCEPTABLE", "noSessionReasonPopUnacceptable"), "attended", (), "AFTC", False,
    ),
    "caused concern, late": (
        ATTENDED, session_feedback(late=True, lateReason="Bus", **CONCERNS), "attended", TEMPLATES[1:2], "ATTC", True,
    ),
    "behaved badly": (ATTENDED, session_feedback(**BEHAVIOUR), "attended", TEMPLATES[2:], "AFTC", True),
}  # fmt: skip


@pytest.fixture(scope="module")
async def planned(world: World) -> Journey:
    """A referral with a session for each variant."""
    return await planned_referral(world, len(VARIANTS))


async def told(world: World, page: str) -> list[str]:
    """The templates of what was written about a page of feedback, in order of their names."""
    await world.drain()
    assert await world.dead_letters() == []
    found = [(one["template"], one["personalisation"]) for one in await mails(world, to=PRACTITIONER.email)]
    return sorted(template for template, said in found if any(value.endswith(page) for value in said.values()))


async def check_announced(journey: Journey, kind: str, event: str, made: Json, detail: str, page: str) -> None:
    """The last two events about a referral are those of feedback on the appointment ``made``, with every fact."""
    [submitted] = await journey.world.fetch(
        "select attendance_submitted_at as attendance, appointment_feedback_submitted_at as feedback"
        " from interventions.appointment where id::text = $1",
        made["id"],
    )
    brief = {"serviceUserCRN": journey.crn, "referralId": journey.referral_id}
    pages = f"http://throughcare.test/probation-practitioner/referrals/{journey.referral_id}"
    facts = {
        **brief, "referralReference": (await journey.referral())["referenceNumber"],
        "contractTypeName": "Education, Training and Employment (ETE)",
        "primeProviderName": "Achieve NW (Career Connect)", "deliusAppointmentId": str(made["deliusAppointmentId"]),
        "referralProbationUserURL": f"{pages}{page}",
    }  # fmt: skip
    expected = [
        (f"intervention.{kind}-appointment.{event}", brief, submitted["attendance"]),
        (f"intervention.{kind}-appointment.session-feedback-submitted", facts, submitted["feedback"]),
    ]
    found = (await journey.events())[-2:]
    assert [
        (one["eventType"], one["additionalInformation"], datetime.fromisoformat(one["occurredAt"])) for one in found
    ] == expected
    for one in found:
        assert one["detailUrl"] == f"http://throughcare.test/interventions-service{detail}"
        assert one["personReference"] == {"identifiers": [{"type": "CRN", "value": journey.crn}]}
        assert one["version"] == 1
        assert one["description"]


@pytest.mark.parametrize("name", VARIANTS)
async def test_feedback_on_a_session(world: World, planned: Journey, name: str) -> None:
    attendance, feedback, event, templates, outcome, counts = VARIANTS[name]
    number = [*VARIANTS].index(name) + 1
    await hold_session(planned, number, attendance, feedback)
    shown = await planned.session(number)
    page = f"/session/{number}/appointment/{shown['appointmentId']}/post-session-feedback"
    assert await told(world, page) == list(templates)
    made = {"id": shown["appointmentId"], "deliusAppointmentId": shown["deliusAppointmentId"]}
    detail = f"/referral/{planned.referral_id}/sessions/{number}"
    await check_announced(planned, "session", event, made, detail, page)
    [contact] = [one for one in await planned.contacts("CRSAPT") if one["contactId"] == shown["deliusAppointmentId"]]
    assert (contact["outcome"]["code"], contact["rarActivity"]) == (outcome, counts)
    kept = shown["appointmentFeedback"]["sessionFeedback"]
    assert {key: kept[key] for key in feedback} == feedback


async def test_feedback_on_assessments(world: World) -> None:
    journey = await assigned_referral(world)
    page = f"/referrals/{journey.referral_id}/supplier-assessment/post-assessment-feedback"
    heard: list[str] = []
    *failures, happened = (VARIANTS[name] for name in VARIANTS if name != "caused concern, late")
    for attendance, feedback, event, templates, outcome, _ in (*failures, happened):
        made = ok(await schedule_assessment(journey, appointment(tomorrow(world))))
        world.clock.set(tomorrow(world, 18))
        ok(await record_assessment(journey, attendance, feedback))
        heard += templates
        assert await told(world, page) == sorted(heard)
        contacts = {one["externalReference"]: one for one in await journey.contacts("CRSSAA")}
        contact = contacts[f"urn:hmpps:interventions-appointment:{made['id']}"]
        numbered = {"id": made["id"], "deliusAppointmentId": contact["contactId"]}
        detail = f"/sent-referral/{journey.referral_id}/supplier-assessment"
        await check_announced(
            journey, "initial-assessment", event, numbered, detail, "/supplier-assessment/post-assessment-feedback"
        )
        assert (contact["outcome"]["code"], contact["rarActivity"]) == (outcome, False)
    assert len((await journey.assessment())["appointments"]) == len(VARIANTS) - 1
