"""What people read of the probation case record through a draft or a referral."""

from __future__ import annotations

import pytest

from tests.service.interventions.journey import (
    CASEWORKER,
    OTHER_CASEWORKER,
    PRACTITIONER,
    begun_draft,
    ok,
    refused,
    sent_referral,
    signed_in,
)
from tests.service.interventions.outage import Failure, Peers
from tests.world import World

pytestmark = pytest.mark.usefixtures("peers")


async def test_a_practitioner_reads_person_officer_and_sentences_of_a_draft(world: World) -> None:
    draft = await begun_draft(world)
    found = ok(await draft.as_practitioner("GET", f"/draft-referral/{draft.referral_id}/case-record"))
    assert found["person"]["name"] == {"forename": "Jo", "surname": "Bloggs"}
    assert (found["person"]["crn"], found["person"]["dateOfBirth"]) == (draft.crn, "1990-02-03")
    officer = found["officer"]["name"]
    assert (officer["forename"], officer["surname"]) == (PRACTITIONER.first_name, PRACTITIONER.last_name)
    assert found["officer"]["pdu"]["description"]
    [sentence] = found["sentences"]
    assert sentence["id"] == draft.sentence_id
    assert sentence["mainOffence"] == {"category": "Theft", "subCategory": "Shoplifting"}
    assert sentence["sentence"]["expectedEndDate"] == "2026-01-14"
    assert found == ok(await draft.as_practitioner("GET", f"/case-record/{draft.crn}"))


async def test_a_provider_reads_the_record_of_a_referral_but_not_of_a_case(world: World) -> None:
    sent = await sent_referral(world)
    found = ok(await sent.as_caseworker("GET", f"/sent-referral/{sent.referral_id}/case-record"))
    assert [one["id"] for one in found["sentences"]] == [sent.sentence_id]
    refused(await sent.as_caseworker("GET", f"/case-record/{sent.crn}"), 403, "PP_ONLY")


async def test_a_case_that_is_not_known_is_not_found(world: World) -> None:
    client = await signed_in(world, PRACTITIONER.username)
    assert (await client.get("/case-record/X000000")).status_code in {403, 404}


async def test_without_the_case_record_its_parts_are_missing_and_the_answer_stays(world: World, peers: Peers) -> None:
    sent = await sent_referral(world)
    with peers.failing("probation", Failure.DEAD):
        found = ok(await sent.as_caseworker("GET", f"/sent-referral/{sent.referral_id}/case-record"))
    assert found == {"person": None, "officer": None, "sentences": None}


async def test_whoever_refers_or_books_reads_offices_and_delivery_units(world: World) -> None:
    for username in (PRACTITIONER.username, CASEWORKER.username, OTHER_CASEWORKER.username):
        client = await world.signed_in(username, "probation")
        assert {"code", "description"} <= ok(await client.get("/office-locations"))[0].keys()
        assert ok(await client.get("/probation-delivery-units"))
