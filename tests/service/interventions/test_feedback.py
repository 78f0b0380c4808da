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
    problems,
    record_assessment,
    record_session,
    schedule_assessment,
    schedule_session,
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


EMPTY, WRONG = "CANNOT_BE_EMPTY", "INVALID_VALUE"
HAPPENED_FIELDS = (
    "late", "sessionSummary", "sessionResponse", "notifyProbationPractitionerOfBehaviour",
    "notifyProbationPractitionerOfConcerns",
)  # fmt: skip
REASONS = {
    "POP_ACCEPTABLE": "noSessionReasonPopAcceptable", "POP_UNACCEPTABLE": "noSessionReasonPopUnacceptable",
    "LOGISTICS": "noSessionReasonLogistics",
}  # fmt: skip
# attendance, feedback, and the fields of feedback that are missing
INCOMPLETE = (
    (ATTENDED, {}, HAPPENED_FIELDS),
    (ATTENDED, session_feedback(late=True), ("lateReason",)),
    (ATTENDED, session_feedback(notifyProbationPractitionerOfBehaviour=True), ("sessionBehaviour",)),
    (ATTENDED, session_feedback(notifyProbationPractitionerOfConcerns=True), ("sessionConcerns",)),
    (NOT_HELD, {}, ("noSessionReasonType", "notifyProbationPractitionerOfConcerns")),
    *(
        (NOT_HELD, {"noSessionReasonType": kind, "notifyProbationPractitionerOfConcerns": False}, (text,))
        for kind, text in REASONS.items()
    ),
    (
        NOT_HELD, not_held("LOGISTICS", "noSessionReasonLogistics") | {"notifyProbationPractitionerOfConcerns": True},
        ("sessionConcerns",),
    ),
    (MISSED, {}, ("noAttendanceInformation", "notifyProbationPractitionerOfConcerns")),
    (MISSED, absence_feedback(notifyProbationPractitionerOfBehaviour=True), ("sessionBehaviour",)),
)  # fmt: skip


@pytest.fixture(scope="module")
async def past(world: World) -> tuple[Journey, Journey]:
    """A referral of two days ago whose assessment was never booked, and one with a session of yesterday."""
    unbooked, booked = await assigned_referral(world), await planned_referral(world, 1)
    ok(await schedule_session(booked, 1, appointment(tomorrow(world))))
    world.clock.set(tomorrow(world, 9, days=2))
    return unbooked, booked


@pytest.mark.parametrize(("attendance", "feedback", "missing"), INCOMPLETE)
async def test_an_account_that_is_not_whole_is_refused_with_all_that_is_missing(
    past: tuple[Journey, Journey], attendance: Json, feedback: Json, missing: tuple[str, ...]
) -> None:
    unbooked, booked = past
    expected = {(f"sessionFeedback.{field}", EMPTY) for field in missing}
    yesterday = tomorrow(unbooked.world, days=-1)
    body = appointment(yesterday, attendanceFeedback=attendance, sessionFeedback=feedback)
    assert problems(await schedule_assessment(unbooked, body)) == expected
    assert problems(await record_session(booked, 1, attendance, feedback)) == expected


@pytest.mark.parametrize(
    ("attendance", "expected"),
    [
        ({}, {("attended", EMPTY), ("didSessionHappen", EMPTY)}),
        ({"attended": "no", "didSessionHappen": True}, {("attended", WRONG)}),
        ({"attended": "late", "didSessionHappen": True}, {("attended", WRONG)}),
        ({"didSessionHappen": True}, {("attended", EMPTY)}),
    ],
)
async def test_whether_somebody_came_must_be_said(
    past: tuple[Journey, Journey], attendance: Json, expected: set[tuple[str, str]]
) -> None:
    yesterday = tomorrow(past[0].world, days=-1)
    body = appointment(yesterday, attendanceFeedback=attendance, sessionFeedback=session_feedback())
    found = problems(await schedule_assessment(past[0], body))
    assert found == {(f"attendanceFeedback.{field}", code) for field, code in expected}


async def test_feedback_is_kept_or_wiped_as_the_answer_about_attendance_changes(past: tuple[Journey, Journey]) -> None:
    journey = past[1]
    path = f"/referral/{journey.referral_id}/delivery-session-appointments"
    path = f"{path}/{(await journey.session(1))['appointmentId']}"

    async def answered(attendance: Json) -> Json:
        shown = ok(await journey.as_caseworker("PUT", f"{path}/attendance", json=attendance))
        assert set(shown) == {
            "id", "sessionNumber", "appointmentTime", "durationInMinutes", "appointmentDeliveryType", "sessionType",
            "npsOfficeCode", "appointmentDeliveryAddress", "appointmentFeedback",
        }  # fmt: skip
        found: Json = shown["appointmentFeedback"]["sessionFeedback"]
        return found

    await answered(NOT_HELD)
    reason = not_held("LOGISTICS", "noSessionReasonLogistics")
    ok(await journey.as_caseworker("PUT", f"{path}/session-feedback", json=reason))
    assert (await answered(NOT_HELD))["noSessionReasonLogistics"] == "It was so"
    assert set((await answered(MISSED)).values()) == {None}
    ok(await journey.as_caseworker("PUT", f"{path}/session-feedback", json=absence_feedback(**CONCERNS)))
    assert set((await answered(ATTENDED)).values()) == {None}


async def test_of_the_older_answer_late_no_more_is_asked(world: World) -> None:
    journey = await assigned_referral(world)
    start = tomorrow(world)
    world.clock.set(tomorrow(world, 9, days=2))
    late = {"attended": "late", "didSessionHappen": False}
    body = appointment(start, attendanceFeedback=late, sessionFeedback={"noSessionReasonType": "LOGISTICS"})
    made = ok(await schedule_assessment(journey, body))
    assert made["appointmentFeedback"]["submitted"] is True
    assert (await journey.event_types())[-2] == "initial-assessment-appointment.attended"
