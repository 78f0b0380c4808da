"""Referrals are moved to another contract: looked at first, all or none, on the record."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.service.interventions.journey import (
    CASEWORKER,
    Journey,
    assigned_referral,
    ok,
    refused,
    second_referral,
    sent_referral,
    signed_in,
)
from tests.world import World
from throughcare.seeding.accounts import DEMO_CONTRACT

ROLE = "ROLE_INTERVENTIONS__CONTRACTS__RW"
PATH = "/contract-transfers"


async def contract_like(world: World, kind: str) -> str:
    """The reference of another contract of this type."""
    rows = await world.fetch(
        "select d.contract_reference as reference from interventions.dynamic_framework_contract d"
        " join interventions.contract_type t on t.id = d.contract_type_id"
        " where t.code = $1 and d.contract_reference <> $2 order by 1",
        kind, DEMO_CONTRACT,
    )  # fmt: skip
    return str(rows[0]["reference"])


async def order(world: World, references: list[str], target: str, **changes: Any) -> httpx2.Response:
    client = await world.client("interventions", roles=[ROLE])
    body = {"source": DEMO_CONTRACT, "target": target, "references": references, "reason": "New provider", **changes}
    return await client.post(PATH, json=body)


async def reference_of(journey: Journey) -> str:
    return str((await journey.referral())["referenceNumber"])


async def test_an_order_is_looked_at_first_and_changes_nothing(world: World) -> None:
    journey = await assigned_referral(world)
    reference, target = await reference_of(journey), await contract_like(world, "ETE")
    answer = ok(await order(world, [reference], target))
    assert answer == {
        "id": None,
        "referrals": [
            {"referralId": journey.referral_id, "referenceNumber": reference, "assigned": True, "concluded": False}
        ],
    }
    assert (await journey.referral())["interventionId"] == journey.intervention["id"]
    client = await world.client("interventions", roles=[ROLE])
    assert reference not in [one for row in ok(await client.get(PATH)) for one in row["references"]]


async def test_access_follows_the_new_contract_and_the_case_says_so(world: World) -> None:
    journey = await assigned_referral(world)
    other = await second_referral(journey)
    references, target = [await reference_of(journey), await reference_of(other)], await contract_like(world, "ETE")
    answer = ok(await order(world, references, target, dryRun=False))
    assert [one["referenceNumber"] for one in answer["referrals"]] == references
    caseworker = await signed_in(world, CASEWORKER.username)
    for one in (journey, other):
        refused(await caseworker.get(f"/sent-referral/{one.referral_id}"), 403, "SP_PROVIDER_MISMATCH")
        now = await one.referral()
        moved = ok(await one.as_practitioner("GET", f"/intervention/{now['interventionId']}"))
        notes = ok(await one.as_practitioner("GET", f"/sent-referral/{one.referral_id}/case-notes"))["content"]
        assert [note["subject"] for note in notes] == ["Case transferred"]
        assert journey.intervention["title"] in notes[0]["body"]
        assert moved["title"] in notes[0]["body"]
        assert now["assignedTo"]["username"] == CASEWORKER.username
    page = ok(await caseworker.get("/sent-referrals/summaries", params={"size": 1000}))
    assert not {one["id"] for one in page["content"]} & {journey.referral_id, other.referral_id}
    client = await world.client("interventions", roles=[ROLE])
    record = next(one for one in ok(await client.get(PATH)) if one["id"] == answer["id"])
    assert (record["source"], record["target"], record["references"]) == (DEMO_CONTRACT, target, references)
    assert (record["reason"], record["carriedOutBy"].startswith("test-client")) == ("New provider", True)


async def test_one_reference_that_is_wrong_keeps_all_where_they_are(world: World) -> None:
    journey = await sent_referral(world)
    reference, target = await reference_of(journey), await contract_like(world, "ETE")
    for dry_run in (True, False):
        reply = await order(world, [reference, "ZZ9999ZZ"], target, dryRun=dry_run)
        body = refused(reply, 400, "REFERRALS_NOT_MOVABLE")
        assert body["message"] == f"ZZ9999ZZ is not under {DEMO_CONTRACT}"
    assert (await journey.referral())["interventionId"] == journey.intervention["id"]
    twice = refused(await order(world, [reference, reference], target), 400, "REFERRALS_NOT_MOVABLE")
    assert twice["message"] == f"{reference} is named more than once"


async def test_a_contract_that_does_not_cover_the_category_is_refused(world: World) -> None:
    journey = await sent_referral(world)
    reference, target = await reference_of(journey), await contract_like(world, "ACC")
    body = refused(await order(world, [reference], target, dryRun=False), 400, "REFERRALS_NOT_MOVABLE")
    assert body["message"] == f"{reference} is for a category that {target} does not cover"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"target": "NOWHERE"}, "CONTRACT_UNKNOWN"),
        ({"source": "NOWHERE"}, "CONTRACT_UNKNOWN"),
        ({"target": DEMO_CONTRACT}, "CONTRACT_THE_SAME"),
    ],
)
async def test_contracts_must_be_two_that_exist(world: World, changes: dict[str, str], code: str) -> None:
    ends = {"target": await contract_like(world, "ETE"), **changes}
    refused(await order(world, ["ZZ9999ZZ"], **ends), 400, code)


async def test_an_order_without_references_or_reason_names_what_is_missing(world: World) -> None:
    reply = await order(world, [], "X", reason=" ")
    assert reply.status_code == 400
    assert {one["field"] for one in reply.json()["errors"]} == {"references", "reason"}
