"""Messages reach the right person, also when a look-up fails at first."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    CASEWORKER,
    MISSED,
    OTHER_PRACTITIONER,
    PRACTITIONER,
    Journey,
    Json,
    absence_feedback,
    appointment,
    assign,
    assigned_referral,
    drafted_report,
    hold_session,
    mails,
    ok,
    planned_referral,
    refused,
    schedule_assessment,
    sent_referral,
    session_feedback,
    signed_in,
    tomorrow,
)
from tests.service.interventions.outage import Failure, Peers
from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.kit.notify.keys import callback_token
from throughcare.seeding.accounts import SUPPORTERS

pytestmark = pytest.mark.usefixtures("peers")

SCHEDULED = "initial-assessment-scheduled"


async def retried(world: World, queue: str) -> None:
    """Let what waits on a queue be tried again now rather than later."""
    await world.fetch(f"update pgmq.q_{queue} set vt = now()")
    await world.drain()


async def told(world: World, crn: str) -> list[str]:
    """Who was told that this person's assessment was booked."""
    found = await mails(world, template=SCHEDULED)
    return [one["to"] for one in found if one["personalisation"]["crn"] == crn]


async def test_the_responsible_officer_is_told_whoever_wrote_the_referral(world: World) -> None:
    journey = await assigned_referral(world, case={"managerUsername": OTHER_PRACTITIONER.username})
    ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    await world.drain()
    assert await told(world, journey.crn) == [OTHER_PRACTITIONER.email]


@pytest.mark.parametrize("status", [403, 404])
async def test_without_an_officer_who_sent_the_referral_is_told(world: World, peers: Peers, status: int) -> None:
    journey = await assigned_referral(world)
    ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    with peers.refusing("probation", status, "WHATEVER", "/responsible-officer"):
        await world.drain()
    assert await told(world, journey.crn) == [PRACTITIONER.email]


async def test_a_message_waits_for_a_dead_peer_and_then_goes_once(world: World, peers: Peers) -> None:
    journey = await assigned_referral(world)
    await world.drain()
    ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    with peers.failing("probation", Failure.DEAD, "/responsible-officer"):
        await world.drain()
        assert await told(world, journey.crn) == []
    await retried(world, "interventions_own_events")
    assert await told(world, journey.crn) == [PRACTITIONER.email]


async def test_the_message_to_the_mailbox_needs_no_look_up(world: World, peers: Peers) -> None:
    journey = await sent_referral(world)
    reference = (await journey.referral())["referenceNumber"]
    with peers.failing("auth", Failure.DEAD, "users"), peers.failing("probation", Failure.DEAD, "officer"):
        await world.drain()
    found = await mails(world, template="referral-sent")
    assert reference in {one["personalisation"]["referenceNumber"] for one in found}


async def test_an_assignment_whose_look_up_fails_is_announced_to_the_caseworker_later(
    world: World, peers: Peers
) -> None:
    journey = await sent_referral(world)
    await world.drain()
    ok(await assign(journey, CASEWORKER.username))
    reference = (await journey.referral())["referenceNumber"]
    with peers.failing("auth", Failure.DEAD, "/externalusers/"):
        await world.drain()
    await retried(world, "interventions_domain_events")
    found = await mails(world, to=CASEWORKER.email, template="referral-assigned")
    assert [one["personalisation"]["referenceNumber"] for one in found].count(reference) == 1


async def test_links_and_formatting_in_a_typed_name_lose_their_effect(world: World) -> None:
    journey = await assigned_referral(
        world, serviceUser={"firstName": "[click](https://bad.example)", "lastName": "Bloggs"}
    )
    ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    await world.drain()
    [mail] = [one for one in await mails(world, template=SCHEDULED) if one["personalisation"]["crn"] == journey.crn]
    assert 'href="https://bad.example"' not in mail["html"]


LISTENING = session_feedback(
    notifyProbationPractitionerOfBehaviour=True, sessionBehaviour="Rude",
    notifyProbationPractitionerOfConcerns=True, sessionConcerns="Drinking",
)  # fmt: skip


@pytest.fixture(scope="module")
async def told_of(world: World) -> tuple[Journey, dict[str, Json]]:
    """A referral that ran its course, one session missed and one worrying, and the messages about it by template."""
    journey = await planned_referral(world, 2)
    await hold_session(journey, 1, ATTENDED, LISTENING)
    await hold_session(journey, 2, MISSED, absence_feedback())
    for send, note in ((journey.as_caseworker, "Ours"), (journey.as_practitioner, "Theirs")):
        ok(await send("POST", "/case-note", json={"referralId": journey.referral_id, "subject": note, "body": "x"}))
    report_id = await drafted_report(journey)
    ok(await journey.as_caseworker("POST", f"/draft-end-of-service-report/{report_id}/submit"))
    await world.drain()
    reference = (await journey.referral())["referenceNumber"]
    found = {}
    for one in await mails(world):
        said = one["personalisation"].values()
        if reference in said or journey.crn in said or any(journey.referral_id in value for value in said):
            assert one["template"] not in found, one["template"]
            found[one["template"]] = one
    return journey, found


async def expected(journey: Journey) -> dict[str, tuple[str, Json]]:
    """To whom each message goes and what it says, by template."""
    referral = await journey.referral()
    officer, worker, mailbox = PRACTITIONER.email, CASEWORKER.email, "referrals.DN535743@provider.example.test"
    practitioners = f"http://throughcare.test/probation-practitioner/referrals/{journey.referral_id}"
    providers = f"http://throughcare.test/service-provider/referrals/{journey.referral_id}"
    pages = [
        f"{practitioners}/session/{number}/appointment/{(await journey.session(number))['appointmentId']}"
        for number in (1, 2)
    ]
    path = f"/sent-referral/{journey.referral_id}/case-notes"
    ours, theirs = ok(await journey.as_caseworker("GET", path))["content"]
    who, numbered = {"popFullName": "Jo Bloggs"}, {"referenceNumber": referral["referenceNumber"]}
    case, person = {"crn": journey.crn}, {"popfullname": "Jo Bloggs", "ppFirstName": "Bernard"}
    number = {"referralNumber": referral["referenceNumber"]}
    plan = {**numbered, **who, **case}
    site = "http://throughcare.test"
    return {
        "referral-sent": (mailbox, {
            "organisationName": "Achieve NW (Career Connect)", **numbered, "referralUrl": f"{providers}/details"}),
        "referral-assigned": (worker, {"spFirstName": "Alex", **numbered, "referralUrl": f"{providers}/details"}),
        "initial-assessment-scheduled": (officer, {
            "ppFirstName": "Bernard", **plan, "referralUrl": f"{practitioners}/supplier-assessment"}),
        "action-plan-submitted": (officer, {
            "submitterFirstName": "Bernard", **plan, "actionPlanUrl": f"{practitioners}/action-plan"}),
        "action-plan-approved": (worker, {
            "submitterFirstName": "Alex", **plan, "actionPlanUrl": f"{providers}/action-plan"}),
        "session-poor-behaviour": (officer, {**person, "sessionUrl": f"{pages[0]}/post-session-feedback"}),
        "session-concerns": (officer, {**person, **case, "sessionUrl": f"{pages[0]}/post-session-feedback"}),
        "appointment-not-attended": (officer, {
            **person, **case, "attendanceUrl": f"{pages[1]}/post-session-feedback"}),
        "case-note-sent-pp": (officer, {
            "pp_first_name": "Bernard", **number, **who, **case,
            "caseNoteUrl": f"{site}/probation-practitioner/case-note/{ours['id']}"}),
        "case-note-sent": (worker, {
            "recipientFirstName": "Alex", **number, **who,
            "caseNoteUrl": f"{site}/service-provider/case-note/{theirs['id']}"}),
        "end-of-service-report-submitted": (officer, {
            "ppFirstName": "Bernard", "referralReference": referral["referenceNumber"], **who, **case,
            "endOfServiceReportLink": (
                f"{site}/probation-practitioner/end-of-service-report/{referral['endOfServiceReport']['id']}")}),
    }  # fmt: skip


async def test_each_message_of_a_whole_referral_says_exactly_what_it_must(
    told_of: tuple[Journey, dict[str, Json]],
) -> None:
    journey, found = told_of
    said = {name: (one["to"], one["personalisation"]) for name, one in found.items()}
    assert said == await expected(journey)


async def test_both_sides_and_support_read_what_was_written_to_whom_and_how_far_it_came(
    world: World, told_of: tuple[Journey, dict[str, Json]]
) -> None:
    journey, found = told_of
    path = f"/sent-referral/{journey.referral_id}/notifications"
    lines = ok(await journey.as_practitioner("GET", path))
    assert ok(await journey.as_caseworker("GET", path)) == lines
    assert ok(await (await signed_in(world, SUPPORTERS[0].username)).get(path)) == lines
    assert {one["template"]: one["address"] for one in lines} == {name: one["to"] for name, one in found.items()}
    assert {(one["state"], one["failed"], one["sentAgainAs"]) for one in lines} == {("delivered", False, None)}
    whose = {(one["recipient"], one["name"]) for one in lines}
    assert whose == {
        ("probation-practitioner", "Bernard Beaks"), ("caseworker", "Alex Rivers"),
        ("service-provider", "Achieve NW (Career Connect)"),
    }  # fmt: skip
    assert [one["askedAt"] for one in lines] == sorted((one["askedAt"] for one in lines), reverse=True)


async def test_support_may_read_messages_and_not_the_referral(
    world: World, told_of: tuple[Journey, dict[str, Json]]
) -> None:
    support = await signed_in(world, SUPPORTERS[0].username)
    assert (await support.get(f"/sent-referral/{told_of[0].referral_id}")).status_code == 403
    refused(await support.get(f"/sent-referral/{new_id()}/notifications"), 404, "REFERRAL_NOT_FOUND")


async def failing(world: World, message: Json) -> None:
    """Let Notify say that there is no such mailbox as a message went to."""
    statement = "select notify_id from interventions.notification_request where id = $1"
    [row] = await world.fetch(statement, UUID(message["id"]))
    receipt = {
        "id": str(row["notify_id"]), "reference": message["id"], "to": message["address"],
        "status": "permanent-failure", "created_at": "2024-03-04T12:00:00Z", "completed_at": "2025-03-04T12:00:00Z",
        "sent_at": "2024-03-04T12:00:00Z", "notification_type": "email", "template_id": str(new_id()),
        "template_version": 1,
    }  # fmt: skip
    token = callback_token(world.host.topology.secrets, "interventions")
    client = world.anonymous("interventions")
    reply = await client.post("/notify/callbacks/delivery", json=receipt, headers={"Authorization": f"Bearer {token}"})
    assert reply.status_code == 204, reply.text
    await world.drain()


@pytest.mark.parametrize("kind", ["referral-sent", "referral-assigned", "action-plan-submitted"])
async def test_a_message_that_failed_is_sent_again_once_to_where_its_recipient_is_now(
    world: World, told_of: tuple[Journey, dict[str, Json]], kind: str
) -> None:
    journey, found = told_of
    path = f"/sent-referral/{journey.referral_id}/notifications"
    [message] = [one for one in ok(await journey.as_practitioner("GET", path)) if one["template"] == kind]
    refused(await journey.as_practitioner("POST", f"{path}/{message['id']}/send-again"), 409, "MESSAGE_NOT_FAILED")
    await failing(world, message)
    support = await signed_in(world, SUPPORTERS[0].username)
    sent = [
        ok(await one("POST", f"{path}/{message['id']}/send-again"))["id"]
        for one in (journey.as_caseworker, journey.as_practitioner, support.request)
    ]
    assert len({*sent}) == 1
    await world.drain()
    lines = {one["id"]: one for one in ok(await journey.as_practitioner("GET", path)) if one["template"] == kind}
    before, again = lines[message["id"]], lines[sent[0]]
    assert (before["state"], before["failed"], before["sentAgainAs"]) == ("mailbox-not-found", True, sent[0])
    assert (again["state"], again["address"]) == ("delivered", found[kind]["to"])
    told = [one for one in await mails(world, template=kind) if one["reference"] in {*lines}]
    assert [one["personalisation"] for one in told] == [found[kind]["personalisation"]] * 2


async def test_what_a_message_said_cannot_be_sent_again_once_it_is_forgotten(
    world: World, told_of: tuple[Journey, dict[str, Json]]
) -> None:
    journey, _ = told_of
    path = f"/sent-referral/{journey.referral_id}/notifications"
    [message] = [one for one in ok(await journey.as_practitioner("GET", path)) if one["template"] == "case-note-sent"]
    await failing(world, message)
    forget = "update interventions.notification_request set personalisation = null where id = $1"
    await world.fetch(forget, UUID(message["id"]))
    refused(await journey.as_practitioner("POST", f"{path}/{message['id']}/send-again"), 409, "MESSAGE_FORGOTTEN")
    refused(await journey.as_practitioner("POST", f"{path}/{new_id()}/send-again"), 404, "MESSAGE_NOT_FOUND")


async def test_support_looks_a_referral_up_by_number_or_crn_and_is_told_nobodys_name(
    world: World, told_of: tuple[Journey, dict[str, Json]]
) -> None:
    journey, _ = told_of
    number = (await journey.referral())["referenceNumber"]
    support = await signed_in(world, SUPPORTERS[0].username)
    for sought in (number, f" {number[:4].lower()} {number[4:]}", journey.crn.lower()):
        [one] = ok(await support.get("/support/referrals", params={"q": sought}))
        assert (one["id"], one["crn"], one["standing"]) == (journey.referral_id, journey.crn, "COMPLETED")
    assert one == ok(await support.get(f"/support/referrals/{journey.referral_id}"))
    assert "Bloggs" not in str(one)
    assert ok(await support.get("/support/referrals", params={"q": "nothing"})) == []
    refused(await support.get(f"/support/referrals/{new_id()}"), 404, "REFERRAL_NOT_FOUND")
