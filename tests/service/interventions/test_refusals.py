"""Every refusal has the one envelope, whoever refuses: a feature, the look at the request, or the router."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from tests.service.interventions.journey import CASEWORKER, PRACTITIONER, Json, ok, ready_draft, refused, signed_in
from tests.service.interventions.outage import Peers
from tests.world import World

pytestmark = pytest.mark.usefixtures("peers")

DRAFTS, SUMMARIES = "/draft-referral", "/sent-referrals/summaries"
NO_DRAFT = f"{DRAFTS}/00000000-0000-7000-8000-000000000000"
EMPTY, FORMAT, VALUE = "CANNOT_BE_EMPTY", "INVALID_FORMAT", "INVALID_VALUE"


async def answer(world: World, method: str, path: str, content: str | None) -> Json:
    client = await signed_in(world, PRACTITIONER.username)
    reply = await client.request(method, path, content=content, headers={"Content-Type": "application/json"})
    body: Json = reply.json()
    assert body["status"] == reply.status_code, reply.text
    assert {"error", "message", "code", "errorCode", "userMessage", "title", "detail"} <= body.keys()
    assert body["code"] == body["errorCode"]
    return body


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "error", "wrong"),
    [
        ("POST", DRAFTS, "{", 400, "validation error", {"body": FORMAT}),
        ("POST", DRAFTS, "[]", 400, "validation error", {"body": FORMAT}),
        ("POST", DRAFTS, '{"interventionId": "x"}', 400, "validation error",
         {"serviceUserCrn": EMPTY, "interventionId": FORMAT}),
        ("PATCH", NO_DRAFT, '{"personCurrentLocationType": "MOON"}', 400, "Illegal argument provided",
         {"personCurrentLocationType": VALUE}),
        ("GET", f"{DRAFTS}/12", None, 400, "invalid parameter", {"draft_id": FORMAT}),
        ("GET", f"{SUMMARIES}?page=x&size=0", None, 400, "invalid parameter", {"page": FORMAT, "size": FORMAT}),
        ("GET", "/nothing", None, 404, "Not Found", None),
        ("DELETE", SUMMARIES, None, 405, "Method Not Allowed", None),
        ("POST", DRAFTS, f'{{"a": "{"x" * 1_100_000}"}}', 413, HTTPStatus(413).phrase, None),
        ("GET", "/extracts", None, 403, "access denied", None),
        ("GET", NO_DRAFT, None, 404, "entity not found", None),
        ("GET", f"{SUMMARIES}?sort=fullName", None, 400, "Bad Request", None),
    ],
)  # fmt: skip
async def test_a_refusal_says_what_kind_it_is_and_which_fields_are_wrong(
    world: World, method: str, path: str, content: str | None, status: int, error: str, wrong: dict[str, str] | None
) -> None:
    body = await answer(world, method, path, content)
    assert (body["status"], body["error"]) == (status, error)
    found = body.get("validationErrors")
    assert (None if found is None else {one["field"]: one["error"] for one in found}) == wrong
    assert "MOON" not in str(body)


async def test_a_request_without_a_token_is_refused_in_the_same_envelope(world: World) -> None:
    reply = await world.anonymous("interventions").get("/draft-referrals")
    assert (reply.status_code, reply.json()["error"], reply.json()["code"]) == (401, "Unauthorized", "UNAUTHORISED")


async def test_when_no_reference_number_is_free_nothing_is_sent_and_it_can_be_tried_again(world: World) -> None:
    journey = await ready_draft(world)
    await world.fetch("create function taken() returns trigger language plpgsql as 'begin return null; end'")
    await world.fetch(
        "create trigger taken before insert on interventions.referral_reference for each row execute function taken()"
    )
    path = f"{DRAFTS}/{journey.referral_id}"
    body = refused(await journey.as_practitioner("POST", f"{path}/send"), 503, "REFERENCE_EXHAUSTED")
    assert body["error"] == "Service Unavailable"
    assert await journey.nsis() == []
    assert ok(await journey.as_practitioner("GET", path))["id"] == journey.referral_id
    await world.fetch("drop trigger taken on interventions.referral_reference")
    assert ok(await journey.as_practitioner("POST", f"{path}/send"), 201)["referenceNumber"]
    again = refused(await journey.as_practitioner("POST", f"{path}/send"), 409, "DRAFT_ALREADY_SENT")
    assert again["error"] == "entity already exists"


async def test_a_provider_user_whom_the_directory_does_not_know_reaches_nothing(world: World, peers: Peers) -> None:
    caseworker = await signed_in(world, CASEWORKER.username)
    with peers.refusing("auth", 404, "USER_NOT_FOUND", where="/groups"):
        body = refused(await caseworker.get(SUMMARIES), 403, "SP_NOT_IN_AUTH")
    assert (body["error"], body["accessErrorCodes"]) == ("access error", ["SP_NOT_IN_AUTH"])
    assert len(body["accessErrors"]) == 1
    ok(await caseworker.get(SUMMARIES))
