"""End of service reports, conclusion and withdrawal, through their doors."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import uuid4

import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    CASEWORKER,
    MISSED,
    PRACTITIONER,
    READ_ALL,
    Journey,
    absence_feedback,
    assigned_referral,
    concluded_referral,
    delivered_referral,
    drafted_report,
    hold_session,
    mails,
    ok,
    planned_referral,
    refused,
    sent_referral,
    session_feedback,
    withdraw,
)
from tests.world import World


async def submit(journey: Journey, report_id: str) -> None:
    ok(await journey.as_caseworker("POST", f"/draft-end-of-service-report/{report_id}/submit"))


async def test_a_report_is_not_due_before_the_sessions_are_over(world: World) -> None:
    journey = await planned_referral(world, 2)
    body = {"referralId": journey.referral_id}
    path = "/draft-end-of-service-report"
    refused(await journey.as_caseworker("POST", path, json=body), 409, "REPORT_NOT_DUE")
    await hold_session(journey, 1, ATTENDED, session_feedback())
    refused(await journey.as_caseworker("POST", path, json=body), 409, "REPORT_NOT_DUE")
    assert (await journey.referral())["endOfServiceReportCreationRequired"] is False
    await hold_session(journey, 2, MISSED, absence_feedback())
    assert (await journey.referral())["endOfServiceReportCreationRequired"] is True
    assert await drafted_report(journey)


async def test_a_report_is_begun_once_and_grows(world: World) -> None:
    journey = await delivered_referral(world, 1)
    report_id = await drafted_report(journey)
    assert await drafted_report(journey) == report_id
    assert (await journey.referral())["endOfServiceReportCreationRequired"] is False
    [chosen] = (await journey.referral())["referral"]["desiredOutcomes"]
    outcome = {"desiredOutcomeId": chosen["desiredOutcomesIds"][0], "achievementLevel": "PARTIALLY_ACHIEVED"}
    path = f"/draft-end-of-service-report/{report_id}"
    ok(await journey.as_caseworker("PATCH", path, json={"outcome": outcome, "furtherInformation": "Went well"}))
    better = {**outcome, "achievementLevel": "ACHIEVED", "progressionComments": "Has a job"}
    shown = ok(await journey.as_caseworker("PATCH", path, json={"outcome": better}))
    assert shown["furtherInformation"] == "Went well"
    [held] = shown["outcomes"]
    assert (held["achievementLevel"], held["progressionComments"], held["additionalTaskComments"]) == (
        "ACHIEVED",
        "Has a job",
        None,
    )
    assert held["desiredOutcome"]["description"]
    unknown = {"outcome": {**outcome, "desiredOutcomeId": str(uuid4())}}
    refused(await journey.as_caseworker("PATCH", path, json=unknown), 404, "OUTCOME_NOT_FOUND")
    machine = await world.client("interventions", roles=[READ_ALL])
    assert ok(await machine.get(f"/end-of-service-report/{report_id}")) == shown
    found = await machine.get("/end-of-service-report", params={"referralId": journey.referral_id})
    assert ok(found) == shown
    assert (await journey.referral())["endOfServiceReport"] == shown


async def test_a_referral_without_report_has_none_to_show(world: World) -> None:
    journey = await assigned_referral(world)
    reply = await journey.as_practitioner("GET", "/end-of-service-report", params={"referralId": journey.referral_id})
    refused(reply, 404, "REPORT_NOT_FOUND")
    refused(await journey.as_caseworker("GET", f"/end-of-service-report/{uuid4()}"), 404, "REPORT_NOT_FOUND")


async def test_submitting_the_report_concludes_the_referral(world: World) -> None:
    journey = await delivered_referral(world, 1)
    report_id = await drafted_report(journey)
    await submit(journey, report_id)
    await world.drain()
    shown = await journey.referral()
    assert shown["endOfServiceReport"]["submittedBy"]["username"] == CASEWORKER.username
    assert shown["concludedAt"] is not None
    submitted, concluded, ended = (await journey.events())[-3:]
    assert submitted["eventType"] == "intervention.end-of-service-report.submitted"
    assert submitted["additionalInformation"] == {
        "endOfServiceReportId": report_id,
        "submittedBy": CASEWORKER.username,
    }
    assert submitted["detailUrl"].endswith(f"/interventions-service/end-of-service-report/{report_id}")
    assert concluded["eventType"] == "intervention.referral.concluded"
    assert concluded["additionalInformation"] == {
        "deliveryState": "COMPLETED",
        "referralId": journey.referral_id,
    }
    assert ended["eventType"] == "intervention.referral.ended"
    assert ended["additionalInformation"] == {
        "deliveryState": "COMPLETED",
        "referralId": journey.referral_id,
        "referralURN": f"urn:hmpps:interventions-referral:{journey.referral_id}",
        "referralProbationUserURL": (
            f"http://throughcare.test/probation-practitioner/referrals/{journey.referral_id}/details"
        ),
        "withdrawalCode": "",
    }
    for event, at in (
        (submitted, shown["endOfServiceReport"]["submittedAt"]),
        (concluded, shown["concludedAt"]),
        (ended, shown["concludedAt"]),
    ):
        assert datetime.fromisoformat(event["occurredAt"]) == datetime.fromisoformat(at)
        assert event["personReference"] == {"identifiers": [{"type": "CRN", "value": journey.crn}]}
    for event in (concluded, ended):
        page = f"/interventions-service/sent-referral/{journey.referral_id}"
        assert event["detailUrl"] == f"http://throughcare.test{page}"
    [nsi] = await journey.nsis()
    assert (nsi["nsiStatus"]["code"], nsi["nsiOutcome"]["code"]) == ("COMP", "CRS03")
    found = await mails(world, to=PRACTITIONER.email, template="end-of-service-report-submitted")
    links = [one["personalisation"]["endOfServiceReportLink"] for one in found]
    assert f"http://throughcare.test/probation-practitioner/end-of-service-report/{report_id}" in links
    assert await mails(world, template="referral-withdraw-early") == []


async def test_a_submitted_report_no_longer_changes(world: World) -> None:
    journey = await concluded_referral(world)
    report_id = (await journey.referral())["endOfServiceReport"]["id"]
    path = f"/draft-end-of-service-report/{report_id}"
    refused(await journey.as_caseworker("PATCH", path, json={}), 409, "REPORT_ALREADY_SUBMITTED")
    refused(await journey.as_caseworker("POST", f"{path}/submit"), 409, "REPORT_ALREADY_SUBMITTED")


async def test_a_referral_whose_sessions_were_all_missed_ends_by_withdrawal_alone(world: World) -> None:
    journey = await planned_referral(world, 1)
    await hold_session(journey, 1, MISSED, absence_feedback())
    body = {"referralId": journey.referral_id}
    refused(await journey.as_caseworker("POST", "/draft-end-of-service-report", json=body), 409, "REPORT_NOT_DUE")
    ok(await withdraw(journey))
    ended = (await journey.events())[-1]
    assert ended["additionalInformation"]["deliveryState"] == "CANCELLED"


async def test_a_withdrawal_ends_the_referral_at_once(world: World) -> None:
    journey = await assigned_referral(world)
    shown = ok(await withdraw(journey, "MOV"))
    assert (shown["withdrawalCode"], shown["withdrawalComments"], shown["endRequestedReason"]) == (
        "MOV",
        "Moved away",
        None,
    )
    assert shown["endRequestedAt"] == shown["concludedAt"] is not None
    assert shown == await journey.referral()
    await world.drain()
    concluded, ended = (await journey.events())[-2:]
    assert [one["eventType"] for one in (concluded, ended)] == [
        "intervention.referral.concluded",
        "intervention.referral.ended",
    ]
    assert concluded["additionalInformation"]["deliveryState"] == "CANCELLED"
    assert ended["additionalInformation"]["withdrawalCode"] == "MOV"
    [nsi] = await journey.nsis()
    assert nsi["nsiStatus"]["code"] == "COMP"
    found = await mails(world, to=CASEWORKER.email, template="referral-pre-ica-withdrawn")
    [mail] = [one for one in found if one["personalisation"]["referralNumber"] == shown["referenceNumber"]]
    assert mail["personalisation"] == {
        "caseworkerFirstName": "Alex", "referralNumber": shown["referenceNumber"], "popFullName": "Jo Bloggs",
        "changedByName": "Bernard", "reasonForWithdrawal": "Moved out of service area",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "told", "state"),
    [
        ("MOV", "referral-post-ica-withdrawn", "POST_ICA_WITHDRAWAL"),
        ("EAR", "referral-withdraw-early", "POST_ICA_WITHDRAWAL"),
    ],
)
async def test_a_withdrawal_mid_delivery_leaves_a_report_due_and_concludes_once(
    world: World, code: str, told: str, state: str
) -> None:
    journey = await planned_referral(world, 2)
    await hold_session(journey, 1, ATTENDED, session_feedback())
    ended = ok(await withdraw(journey, code, withdrawalState="PRE_ICA_WITHDRAWAL"))
    assert (ended["endOfServiceReportCreationRequired"], ended["withdrawalState"]) == (True, state)
    await world.drain()
    found = await mails(world, to=CASEWORKER.email, template=told)
    assert ended["referenceNumber"] in {one["personalisation"]["referralNumber"] for one in found}
    await submit(journey, await drafted_report(journey))
    await world.drain()
    assert (await journey.referral())["concludedAt"] == ended["concludedAt"]
    types = [one for one in await journey.event_types() if one.startswith(("referral.", "end-of"))]
    assert types[-4:] == [
        "referral.concluded",
        "referral.ended",
        "end-of-service-report.submitted",
        "referral.ended",
    ]
    last = (await journey.events())[-1]
    assert last["additionalInformation"]["deliveryState"] == "PREMATURELY_ENDED"
    assert last["additionalInformation"]["withdrawalCode"] == code
    found = await mails(world, to=CASEWORKER.email, template=told)
    mine = [one for one in found if one["personalisation"]["referralNumber"] == ended["referenceNumber"]]
    assert len(mine) == 1


async def test_nobody_is_told_of_a_withdrawal_when_nobody_works_on_it(world: World) -> None:
    journey = await sent_referral(world)
    reference = (await journey.referral())["referenceNumber"]
    ok(await withdraw(journey))
    await world.drain()
    sent = [one for one in await mails(world) if one["personalisation"].get("referralNumber") == reference]
    assert sent == []
    assert await world.dead_letters() == []


async def test_a_withdrawal_with_an_unknown_reason_or_state_is_refused(world: World) -> None:
    journey = await assigned_referral(world)
    refused(await withdraw(journey, "XXX"), 400, "WITHDRAWAL_CODE_UNKNOWN")
    assert (await withdraw(journey, withdrawalState="SOMETHING")).status_code == 400
    assert (await withdraw(journey, comments="x" * 2501)).status_code == 400
    assert (await journey.referral())["concludedAt"] is None


async def test_a_referral_that_is_over_cannot_be_withdrawn(world: World) -> None:
    journey = await assigned_referral(world)
    ok(await withdraw(journey))
    refused(await withdraw(journey), 409, "REFERRAL_CONCLUDED")
    over = await concluded_referral(world)
    refused(await withdraw(over), 409, "REFERRAL_CONCLUDED")


async def test_only_a_practitioner_withdraws_and_only_a_provider_reports(world: World) -> None:
    journey = await assigned_referral(world)
    path = f"/sent-referral/{journey.referral_id}/withdraw-referral"
    body = {"code": "MOV", "comments": "x", "withdrawalState": "PRE_ICA_WITHDRAWAL"}
    refused(await journey.as_caseworker("POST", path, json=body), 403, "PP_ONLY")
    report = {"referralId": journey.referral_id}
    refused(await journey.as_practitioner("POST", "/draft-end-of-service-report", json=report), 403, "SP_ONLY")


async def test_withdrawing_twice_at_once_concludes_once(world: World) -> None:
    journey = await assigned_referral(world)
    replies = await asyncio.gather(*(withdraw(journey) for _ in range(4)))
    assert sorted(reply.status_code for reply in replies) == [200, 409, 409, 409]
    assert (await journey.event_types()).count("referral.concluded") == 1


# attended, missed, without outcome: report due before and after the end is asked for, kind of withdrawal, label
PROGRESS = {
    (0, 0, 1): (False, False, "PRE_ICA_WITHDRAWAL", "CANCELLED"),
    (0, 1, 0): (False, False, "PRE_ICA_WITHDRAWAL", "CANCELLED"),
    (0, 1, 1): (False, False, "PRE_ICA_WITHDRAWAL", "CANCELLED"),
    (1, 0, 1): (False, True, "POST_ICA_CLOSE_REFERRAL_EARLY", "PREMATURELY_ENDED"),
    (1, 1, 0): (True, True, "POST_ICA_WITHDRAWAL", "COMPLETED"),
    (2, 0, 0): (True, True, "POST_ICA_CLOSE_REFERRAL_EARLY", "COMPLETED"),
}
REASONS = {"MOV": "Moved out of service area", "EAR": "Intervention has been completed"}
TOLD = {"MOV": "referral-post-ica-withdrawn", "EAR": "referral-withdraw-early"}


@pytest.mark.parametrize("sessions", PROGRESS)
async def test_what_an_end_means_follows_from_the_sessions(world: World, sessions: tuple[int, int, int]) -> None:
    attended, missed, _ = sessions
    due, due_after, kind, label = PROGRESS[sessions]
    journey = await planned_referral(world, sum(sessions))
    for number in range(1, attended + missed + 1):
        held = (ATTENDED, session_feedback()) if number <= attended else (MISSED, absence_feedback())
        await hold_session(journey, number, *held)
    before = await journey.referral()
    assert (before["endOfServiceReportCreationRequired"], before["withdrawalState"]) == (due, kind)
    code = "EAR" if attended == 2 else "MOV"
    after = ok(await withdraw(journey, code))
    assert (after["endOfServiceReportCreationRequired"], after["concludedAt"] is not None) == (due_after, True)
    concluded, ended = (await journey.events())[-2:]
    assert [one["additionalInformation"]["deliveryState"] for one in (concluded, ended)] == [label, label]
    await world.drain()
    template = TOLD[code] if attended else "referral-pre-ica-withdrawn"
    found = [one for one in await mails(world, to=CASEWORKER.email) if "reasonForWithdrawal" in one["personalisation"]]
    mine = [one for one in found if one["personalisation"]["referralNumber"] == after["referenceNumber"]]
    assert [(one["template"], one["personalisation"]) for one in mine] == [
        (
            template,
            {
                "caseworkerFirstName": "Alex", "referralNumber": after["referenceNumber"], "popFullName": "Jo Bloggs",
                "changedByName": "Bernard",
                "reasonForWithdrawal": REASONS[code],
            },
        )
    ]  # fmt: skip


FIELDS = {
    "referral": """
        id sentAt sentBy referenceNumber interventionId serviceUserCRN relevantSentenceId assignedTo referral
        actionPlanId currentActionPlanId approvedActionPlanIds endRequestedAt endRequestedReason endRequestedComments
        endOfServiceReport concludedAt supplementaryRiskId endOfServiceReportCreationRequired createdBy
        withdrawalState withdrawalCode withdrawalComments
    """,
    "summary": """
        id sentAt sentBy referenceNumber assignedTo serviceUser serviceProvider interventionTitle concludedAt
        expectedReleaseDate location locationType isReferralReleasingIn12Weeks
    """,
    "page": "content totalElements totalPages number size numberOfElements first last empty sort pageable",
    "plan": """
        id referralId numberOfSessions activities createdBy createdAt submittedBy submittedAt approvedBy approvedAt
    """,
    "activity": "id description createdAt",
    "assessment": "id appointments currentAppointmentId referralId",
    "appointment": """
        id appointmentTime durationInMinutes appointmentFeedback appointmentDeliveryType sessionType
        appointmentDeliveryAddress npsOfficeCode createdAt superseded rescheduleRequestedBy rescheduledReason
    """,
    "feedback": "attendanceFeedback sessionFeedback submitted submittedBy",
    "attendance": """
        didSessionHappen attended additionalAttendanceInformation attendanceFailureInformation submittedAt submittedBy
    """,
    "account": """
        late lateReason futureSessionPlans noAttendanceInformation noSessionReasonType noSessionReasonPopAcceptable
        noSessionReasonPopUnacceptable noSessionReasonLogistics behaviourDescription sessionSummary sessionResponse
        sessionBehaviour sessionConcerns notifyProbationPractitioner notifyProbationPractitionerOfBehaviour
        notifyProbationPractitionerOfConcerns
    """,
    "session": """
        id sessionNumber appointmentTime durationInMinutes appointmentDeliveryType sessionType npsOfficeCode
        appointmentDeliveryAddress appointmentFeedback oldAppointments deliusAppointmentId appointmentId
    """,
    "report": "id referralId createdAt createdBy submittedAt submittedBy furtherInformation outcomes",
    "outcome": "desiredOutcome achievementLevel progressionComments additionalTaskComments",
}


async def test_every_record_has_the_fields_that_its_readers_know(world: World) -> None:
    journey = await delivered_referral(world, 1)
    report_id = await drafted_report(journey)
    [chosen] = (await journey.referral())["referral"]["desiredOutcomes"]
    outcome = {"desiredOutcomeId": chosen["desiredOutcomesIds"][0], "achievementLevel": "ACHIEVED"}
    path = f"/draft-end-of-service-report/{report_id}"
    ok(await journey.as_caseworker("PATCH", path, json={"outcome": outcome}))
    referral, assessment, session = await journey.referral(), await journey.assessment(), await journey.session(1)
    page = ok(await journey.as_caseworker("GET", "/sent-referrals/summaries", params={"size": 1}))
    plan = ok(await journey.as_practitioner("GET", f"/action-plan/{journey.plan_id}"))
    feedback, report = session["appointmentFeedback"], referral["endOfServiceReport"]
    shown = {
        "referral": referral, "summary": page["content"][0], "page": page, "plan": plan,
        "activity": plan["activities"][0], "assessment": assessment, "appointment": assessment["appointments"][0],
        "feedback": feedback, "attendance": feedback["attendanceFeedback"], "account": feedback["sessionFeedback"],
        "session": session, "report": report, "outcome": report["outcomes"][0],
    }  # fmt: skip
    assert {name: set(one) for name, one in shown.items()} == {name: set(FIELDS[name].split()) for name in shown}
