"""What other systems read of a person's referrals, and what pages ask of the prison system."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.service.interventions.journey import (
    CASE_DETAIL,
    CASES,
    CASEWORKER,
    PRACTITIONER,
    READ_ALL,
    Journey,
    appointment,
    assigned_referral,
    choose_level_and_outcome,
    concluded_referral,
    ok,
    opened_case,
    planned_referral,
    refused,
    schedule_session,
    second_referral,
    sent_referral,
    signed_in,
    tomorrow,
    whole_draft,
    withdraw,
)
from tests.service.interventions.outage import Failure, Peers
from tests.service.prisoner_search.custody import Custody
from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.report.model import Report
from throughcare.services.interventions.report.store import ReportStore

pytestmark = pytest.mark.usefixtures("peers")

REFER_AND_MONITOR = "ROLE_INTERVENTIONS_REFER_AND_MONITOR"
ACCOMMODATION = "ROLE_SAS_RM__REFERRAL_RO"
SOMEWHERE_ELSE = {
    "appointmentDeliveryType": "IN_PERSON_MEETING_OTHER", "npsOfficeCode": None,
    "appointmentDeliveryAddress": {
        "firstAddressLine": "Harmony House, Room 4", "townOrCity": "Blackpool", "postCode": "sy4 0re",
    },
}  # fmt: skip


async def accommodation_referral(world: World) -> Journey:
    """A referral for accommodation, sent to a provider with subcontractors."""
    journey = await opened_case(world)
    every = ok(await journey.as_practitioner("GET", "/interventions"))
    shared = await world.fetch(
        "select i.id::text from interventions.intervention i join interventions.contract_subcontractor s"
        " on s.contract_id = i.dynamic_framework_contract_id"
    )
    wanted = {row["id"] for row in shared}
    journey.intervention = next(
        one for one in every if one["contractType"]["code"] == "ACC" and one["id"] in wanted
    )  # fmt: skip
    body = {"serviceUserCrn": journey.crn, "interventionId": journey.intervention["id"]}
    journey.referral_id = ok(await journey.as_practitioner("POST", "/draft-referral", json=body), 201)["id"]
    path = f"/draft-referral/{journey.referral_id}"
    ok(await journey.as_practitioner("PATCH", path, json=whole_draft(journey.sentence_id, world)))
    await choose_level_and_outcome(journey)
    ok(await journey.as_practitioner("POST", f"{path}/send"), 201)
    return journey


async def test_a_person_s_referrals_are_told_with_the_names_of_all_concerned(world: World, peers: Peers) -> None:
    journey = await assigned_referral(world)
    other = await second_referral(journey)
    client = await world.client("interventions", roles=[REFER_AND_MONITOR])
    probation = peers.by_name["probation"]
    del probation.seen[:]
    reply = await client.get(f"/probation-case/{journey.crn}/referral")
    assert len(probation.seen) == 1, "one look-up of the officer, however many referrals"
    first, second = ok(reply, 201)
    assert reply.headers["Location"].endswith(f"/probation-case/{journey.crn}/referral")
    assert (first["id"], second["id"]) == (journey.referral_id, other.referral_id)
    sent = await journey.referral()
    region = journey.intervention["npsRegion"] or journey.intervention["pccRegions"][0]
    assert first == {
        "id": journey.referral_id, "referenceNumber": sent["referenceNumber"],
        "serviceCategories": [journey.intervention["serviceCategories"][0]["name"]],
        "contractType": journey.intervention["contractType"]["name"],
        "referralCreatedAt": sent["referral"]["createdAt"], "referralSentAt": sent["sentAt"],
        "referralConcludedAt": None, "interventionTitle": journey.intervention["title"],
        "referringOfficer": PRACTITIONER.name, "responsibleOfficer": PRACTITIONER.name,
        "serviceProviderUser": CASEWORKER.name, "serviceProviderLocation": region["name"],
        "serviceProviderName": journey.intervention["serviceProvider"]["name"], "isDraft": False,
    }  # fmt: skip


async def test_an_officer_whom_the_case_record_does_not_name_is_stood_in_for(world: World, peers: Peers) -> None:
    journey = await sent_referral(world)
    client = await world.client("interventions", roles=[REFER_AND_MONITOR])
    path = f"/probation-case/{journey.crn}/referral"
    with peers.refusing("probation", 404, "NOT_FOUND", "/responsible-officer"):
        [found] = ok(await client.get(path), 201)
    assert (found["responsibleOfficer"], found["serviceProviderUser"]) == (PRACTITIONER.name, None)
    with peers.failing("probation", Failure.DEAD, "/responsible-officer"):
        assert (await client.get(path)).json()["errorCode"] == "PEER_UNAVAILABLE"
    assert ok(await client.get("/probation-case/X999999/referral"), 201) == []


async def test_the_places_of_delivery_sessions_are_told_the_old_ones_too(world: World) -> None:
    journey = await planned_referral(world)
    ok(await schedule_session(journey, 1, appointment(tomorrow(world), **SOMEWHERE_ELSE)))
    ok(await schedule_session(journey, 1, appointment(tomorrow(world, 14))))
    client = await world.client("interventions", roles=[REFER_AND_MONITOR])
    found = ok(await client.get(f"/appointments-location/{journey.crn}"))
    [referral] = found["referrals"]
    reference = (await journey.referral())["referenceNumber"]
    assert (found["crn"], referral["referral_number"], referral["intervention_title"]) == (
        journey.crn, reference, journey.intervention["title"],
    )  # fmt: skip
    elsewhere, office = referral["appointments"]
    assert {name: value for name, value in elsewhere.items() if name.startswith("appointment_delivery")} == {
        "appointment_delivery_first_address_line": "Harmony House, Room 4",
        "appointment_delivery_second_address_line": "",
        "appointment_delivery_town_city": "Blackpool",
        "appointment_delivery_county": "",
        "appointment_delivery_postcode": "SY40RE",
    }
    assert (elsewhere["superseded_indicator"], office["superseded_indicator"]) == (True, False)
    assert office["appointment_duration_in_minutes"] == 60
    assert office["appointment_delivery_first_address_line"] == ""
    assert ok(await client.get("/appointments-location/X999999")) == {"crn": "X999999", "referrals": []}


async def test_a_referral_for_accommodation_is_live_until_it_is_withdrawn(world: World) -> None:
    journey = await accommodation_referral(world)
    client = await world.client("interventions", roles=[ACCOMMODATION])
    path = f"/sas-referral-details/{journey.crn}"
    [found] = ok(await client.get(path))
    sent = await journey.referral()
    assert (found["status"], found["sentAt"]) == ("LIVE", sent["sentAt"])
    assert found["sentBy"] == sent["sentBy"]
    assert found["referral"]["createdAt"] == sent["referral"]["createdAt"]
    providers = found["referral"]["serviceProviders"]
    assert providers[0] == journey.intervention["serviceProvider"]
    assert len(providers) > 1
    ok(await withdraw(journey))
    assert [one["status"] for one in ok(await client.get(path))] == ["WITHDRAWN"]


async def test_a_referral_for_accommodation_that_ran_its_course_is_completed(world: World) -> None:
    journey, context = await accommodation_referral(world), world.context("interventions")
    async with context.new_uow() as uow:
        referral = await uow.store(ReferralStore).get(UUID(journey.referral_id))
        await uow.store(ReportStore).add(Report(new_id(), referral.id, Mark(uow.now, referral.sent_by)))
        await uow.store(ReferralStore).save(referral.concluded(uow.now))
    client = await world.client("interventions", roles=[ACCOMMODATION])
    [found] = ok(await client.get(f"/sas-referral-details/{journey.crn}"))
    assert found["status"] == "COMPLETED"


async def test_a_provider_s_user_whom_nobody_knows_any_more_is_refused(world: World, peers: Peers) -> None:
    journey = await sent_referral(world)
    with peers.refusing("auth", 404, "NOT_FOUND", "/groups$"):
        reply = await journey.as_caseworker("GET", f"/sent-referral/{journey.referral_id}")
    refused(reply, 403, "SP_NOT_IN_AUTH")


async def test_a_referral_for_something_else_is_not_one_for_accommodation(world: World) -> None:
    journey = await concluded_referral(world)
    client = await world.client("interventions", roles=[ACCOMMODATION])
    refused(await client.get(f"/sas-referral-details/{journey.crn}"), 404, "REFERRAL_NOT_FOUND")


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/probation-case/X1/referral", ACCOMMODATION),
        ("/appointments-location/X1", READ_ALL),
        ("/sas-referral-details/X1", REFER_AND_MONITOR),
    ],
)
async def test_each_door_opens_to_its_own_role_alone(world: World, path: str, role: str) -> None:
    client = await world.client("interventions", roles=[role])
    assert (await client.get(path)).status_code == 403
    assert (await (await signed_in(world, CASEWORKER.username)).get(path)).status_code == 403


async def test_both_sides_read_where_a_prisoner_is(world: World) -> None:
    journey = await sent_referral(world)
    custody = await Custody.of(world)
    number = await custody.prisoner()
    probation = await world.client("probation", roles=[CASES, CASE_DETAIL])
    path = f"/intervention/prisoner/details/{journey.crn}"
    before = await journey.as_practitioner("GET", path)
    assert (before.status_code, before.content) == (200, b"")
    ok(await probation.put(f"/probation-case/{journey.crn}/noms-number", json={"nomsNumber": number}))
    found = ok(await journey.as_practitioner("GET", path))
    assert found["prisonerNumber"] == number
    assert found["prisonId"] == ok(await custody.search.get(f"/prisoner/{number}"))["prisonId"]
    assert ok(await journey.as_caseworker("GET", path)) == found


@pytest.mark.parametrize(("peer", "where"), [("probation", "/identifiers"), ("prisoner_search", "/prisoner/")])
async def test_a_prison_system_that_does_not_answer_leaves_the_page_empty(
    world: World, peers: Peers, peer: str, where: str
) -> None:
    journey = await sent_referral(world)
    probation = await world.client("probation", roles=[CASES, CASE_DETAIL])
    number = await (await Custody.of(world)).person()
    ok(await probation.put(f"/probation-case/{journey.crn}/noms-number", json={"nomsNumber": number}))
    with peers.failing(peer, Failure.DEAD, where):
        reply = await journey.as_practitioner("GET", f"/intervention/prisoner/details/{journey.crn}")
    assert (reply.status_code, reply.content) == (200, b"")


async def test_a_provider_reads_nothing_about_a_person_whom_nobody_referred_to_them(world: World) -> None:
    journey = await opened_case(world)
    client = await signed_in(world, CASEWORKER.username)
    refused(await client.get(f"/intervention/prisoner/details/{journey.crn}"), 403, "SP_CONTRACT_MISMATCH")
