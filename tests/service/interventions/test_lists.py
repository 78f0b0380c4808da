"""Lists of referrals, through their door."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    CASE_DETAIL,
    CASES,
    CASEWORKER,
    OTHER_CASEWORKER,
    OTHER_PRACTITIONER,
    PRACTITIONER,
    Journey,
    Json,
    assign,
    assigned_referral,
    concluded_referral,
    drafted_report,
    hold_session,
    ok,
    planned_referral,
    refused,
    sent_referral,
    session_feedback,
    signed_in,
    withdraw,
)
from tests.service.interventions.outage import Failure, Peers
from tests.world import World
from throughcare.services.interventions.progress.model import Closing
from throughcare.services.interventions.progress.views import read_delivery
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.report.store import ReportStore

pytestmark = pytest.mark.usefixtures("peers")


async def page(world: World, username: str, **wanted: Any) -> Json:
    client = await signed_in(world, username)
    found: Json = ok(await client.get("/sent-referrals/summaries", params=wanted))
    return found


async def ids(world: World, username: str, **wanted: Any) -> set[str]:
    return {one["id"] for one in (await page(world, username, size=1000, **wanted))["content"]}


async def test_a_summary_says_what_a_list_shows(world: World) -> None:
    journey = await assigned_referral(world)
    reference = (await journey.referral())["referenceNumber"]
    [line] = (await page(world, CASEWORKER.username, search=reference))["content"]
    assert (line["id"], line["referenceNumber"], line["interventionTitle"]) == (
        journey.referral_id,
        reference,
        "GM - ETE",
    )
    assert line["assignedTo"]["username"] == CASEWORKER.username
    assert line["serviceUser"] == {"crn": journey.crn, "firstName": "jo", "lastName": "BLOGGS"}
    assert line["serviceProvider"] == {"name": "Achieve NW (Career Connect)", "id": "ACHIEVE_NW"}
    assert (line["location"], line["locationType"], line["isReferralReleasingIn12Weeks"]) == (
        "Derby: Derwent Centre",
        "COMMUNITY",
        None,
    )
    assert (line["concludedAt"], line["expectedReleaseDate"]) == (None, None)


async def test_the_location_of_a_person_in_custody_is_the_prison(world: World) -> None:
    journey = await sent_referral(
        world, personCurrentLocationType="CUSTODY", personCustodyPrisonId="LEI", expectedReleaseDate="2024-10-01"
    )
    found = (await page(world, CASEWORKER.username, size=1000))["content"]
    [line] = [one for one in found if one["id"] == journey.referral_id]
    assert (line["location"], line["expectedReleaseDate"]) == ("LEI", "2024-10-01")


async def test_without_an_office_or_unit_there_is_no_location(world: World) -> None:
    journey = await sent_referral(world, ppProbationOffice="")
    found = (await page(world, CASEWORKER.username, size=1000))["content"]
    [line] = [one for one in found if one["id"] == journey.referral_id]
    assert line["location"] == "Not available"


async def test_each_filter_takes_yes_no_or_nothing(world: World) -> None:
    unassigned, mine = await sent_referral(world), await assigned_referral(world)
    done, gone = await concluded_referral(world), await sent_referral(world)
    ok(await withdraw(gone))
    owed = await planned_referral(world, 2)
    await hold_session(owed, 1, ATTENDED, session_feedback())
    ok(await withdraw(owed))
    made = {one.referral_id: one for one in (unassigned, mine, done, gone, owed)}

    async def found(**wanted: Any) -> list[Journey]:
        return [made[one] for one in await ids(world, CASEWORKER.username, **wanted) if one in made]

    def same(one: list[Journey], *others: Journey) -> bool:
        return {journey.referral_id for journey in one} == {journey.referral_id for journey in others}

    assert same(await found(), unassigned, mine, done, gone, owed)
    assert same(await found(completed="true"), done)
    assert same(await found(cancelled="true"), gone)
    assert same(await found(completed="false", cancelled="false"), unassigned, mine, owed)
    assert same(await found(unassigned="true"), unassigned, gone)
    assert same(await found(unassigned="false", completed="false", cancelled="false"), mine, owed)
    report_id = await drafted_report(owed)
    assert same(await found(completed="false", cancelled="false"), unassigned, mine, owed)
    ok(await owed.as_caseworker("POST", f"/draft-end-of-service-report/{report_id}/submit"))
    assert same(await found(completed="true"), done, owed)


async def test_a_caseworker_lists_what_is_theirs(world: World) -> None:
    journey = await sent_referral(world)
    ok(await assign(journey, OTHER_CASEWORKER.username))
    theirs = await ids(world, CASEWORKER.username, assignedTo=OTHER_CASEWORKER.user_id)
    assert journey.referral_id in theirs
    assert journey.referral_id not in await ids(world, CASEWORKER.username, assignedTo=CASEWORKER.user_id)
    ok(await assign(journey, CASEWORKER.username))
    assert journey.referral_id not in await ids(world, CASEWORKER.username, assignedTo=OTHER_CASEWORKER.user_id)


@pytest.mark.parametrize(
    ("search", "hit"),
    [
        ("Mary-Ann O'Neil", True), ("MARY-ANN O'NEIL", True), ("  mary-ann o'neil ", True),
        ("Mary-Ann", False), ("O'Neil", False), ("Mary Ann O'Neil", False), ("", False), ("   ", False),
        ("%", False), ("AA0000AA", False),
    ],
)  # fmt: skip
async def test_a_name_is_found_whole_in_any_case(world: World, search: str, hit: bool) -> None:
    journey = await sent_referral(world, serviceUser={"firstName": "Mary-Ann", "lastName": "O'Neil"})
    assert (journey.referral_id in await ids(world, CASEWORKER.username, search=search)) is hit


async def test_lists_are_sorted_and_paged_from_one(world: World) -> None:
    for name in ("Zebra", "Aardvark", "Mole"):
        await sent_referral(world, serviceUser={"firstName": "Same", "lastName": name})
    first = await page(world, CASEWORKER.username, sort="serviceUserData.lastName,desc", size=2, page=1)
    assert first["content"][0]["serviceUser"]["lastName"] == "Zebra"
    assert (first["number"], first["size"], first["first"], first["numberOfElements"]) == (0, 2, True, 2)
    again = await page(world, CASEWORKER.username, sort="serviceUserData.lastName,desc", size=2)
    assert again == first
    second = await page(world, CASEWORKER.username, sort="serviceUserData.lastName,desc", size=2, page=2)
    assert second["number"] == 1
    assert not {one["id"] for one in first["content"]} & {one["id"] for one in second["content"]}
    assert second["totalElements"] == first["totalElements"] == len(await ids(world, CASEWORKER.username))
    sent = [one["sentAt"] for one in (await page(world, CASEWORKER.username, size=1000))["content"]]
    assert sent == sorted(sent)
    client = await signed_in(world, CASEWORKER.username)
    refused(await client.get("/sent-referrals/summaries", params={"sort": "crn"}), 400, "SORT_UNKNOWN")


@pytest.mark.parametrize(
    "key",
    ["sentAt", "referenceNumber", "intervention.title", "assignments.assignedTo.userName",
     "intervention.dynamicFrameworkContract.primeProvider.name", "referralLocation.expectedReleaseDate"],
)  # fmt: skip
async def test_every_sort_key_sorts(world: World, key: str) -> None:
    up = (await page(world, CASEWORKER.username, sort=key, size=1000))["content"]
    down = (await page(world, CASEWORKER.username, sort=f"{key},desc", size=1000))["content"]
    assert {one["id"] for one in up} == {one["id"] for one in down}


async def test_a_practitioner_lists_their_referrals_and_those_of_their_cases(world: World) -> None:
    journey = await sent_referral(world)
    assert journey.referral_id in await ids(world, PRACTITIONER.username)
    assert journey.referral_id not in await ids(world, OTHER_PRACTITIONER.username)
    managed = await sent_referral(world, case={"managerUsername": OTHER_PRACTITIONER.username})
    assert managed.referral_id in await ids(world, OTHER_PRACTITIONER.username)
    assert managed.referral_id in await ids(world, PRACTITIONER.username)


async def test_a_case_that_is_closed_to_the_practitioner_leaves_their_list(world: World) -> None:
    journey = await sent_referral(world)
    probation = await world.client("probation", roles=[CASES, CASE_DETAIL])
    limits = {"excludedFrom": [PRACTITIONER.username]}
    ok(await probation.put(f"/probation-case/{journey.crn}/access-limitations", json=limits))
    found = await page(world, PRACTITIONER.username, size=1000)
    assert journey.referral_id not in {one["id"] for one in found["content"]}
    assert found["totalElements"] == len(found["content"])
    assert journey.referral_id in await ids(world, CASEWORKER.username)


async def test_without_managed_cases_the_list_holds_the_practitioners_own(world: World, peers: Peers) -> None:
    mine = await sent_referral(world, case={"managerUsername": OTHER_PRACTITIONER.username})
    with peers.failing("probation", Failure.DEAD, "/managed-cases"):
        assert mine.referral_id in await ids(world, PRACTITIONER.username)
        assert mine.referral_id not in await ids(world, OTHER_PRACTITIONER.username)


async def provider_lines(world: World, username: str, kind: str | None = None) -> dict[str, Json]:
    client = await signed_in(world, username)
    params = {} if kind is None else {"dashboardType": kind}
    found = ok(await client.get("/sent-referrals/summary/service-provider", params=params))
    return {one["referralId"]: one for one in found}


async def test_the_older_dashboards_of_a_provider(world: World) -> None:
    fresh, mine, done, gone = (
        await sent_referral(world), await assigned_referral(world), await concluded_referral(world),
        await sent_referral(world),
    )  # fmt: skip
    ok(await withdraw(gone))
    tried = await planned_referral(world, 1)
    ok(await withdraw(tried))
    made = {one.referral_id: one for one in (fresh, mine, done, gone, tried)}
    expected = {
        None: [fresh, mine, done, tried], "MyCases": [mine], "OpenCases": [fresh, mine], "UnassignedCases": [fresh],
        "CompletedCases": [done, tried],
    }  # fmt: skip
    for kind, journeys in expected.items():
        found = await provider_lines(world, CASEWORKER.username, kind)
        assert found.keys() & made.keys() == {one.referral_id for one in journeys}, kind
    shown = (await provider_lines(world, CASEWORKER.username))[done.referral_id]
    assert shown == {
        "referralId": done.referral_id, "sentAt": shown["sentAt"], "interventionTitle": "GM - ETE",
        "referenceNumber": (await done.referral())["referenceNumber"], "assignedToUserName": CASEWORKER.username,
        "serviceUserFirstName": "jo", "serviceUserLastName": "BLOGGS", "hasEndOfServiceReport": True,
        "endOfServiceReportSubmitted": True,
    }  # fmt: skip
    client = await signed_in(world, CASEWORKER.username)
    path = "/sent-referrals/summary/service-provider"
    refused(await client.get(path, params={"dashboardType": "x"}), 400, "DASHBOARD_TYPE_UNKNOWN")
    practitioner = await signed_in(world, PRACTITIONER.username)
    refused(await practitioner.get(path), 403, "SP_ONLY")


async def test_every_line_agrees_with_the_facts_it_stands_for(world: World) -> None:
    moved = await assigned_referral(world)
    body = {"probationOffice": "Leeds"}
    path = f"/sent-referral/{moved.referral_id}/amend-pp-probation-office"
    assert (await moved.as_practitioner("POST", path, json=body)).status_code == 204
    assert (await page(world, CASEWORKER.username, size=1000, sort="sentAt,desc"))["content"][0]["location"] == "Leeds"
    completed = await ids(world, CASEWORKER.username, completed="true")
    cancelled = await ids(world, CASEWORKER.username, cancelled="true")
    rows = await world.fetch("select referral_id, assigned_to, started from interventions.referral_summary")
    assert len(rows) == len(await world.fetch("select 1 from interventions.referral")) > 10
    async with world.context("interventions").reading(ReferralStore) as store:
        for row in rows:
            sent = await store.get(row["referral_id"])
            delivery = await read_delivery(store, sent.id)
            report = await ReportStore(store.connection).find_of_referral(sent.id)
            closing = Closing(
                sent.concluded_at, sent.withdrawal.requested_at if sent.withdrawal else None,
                has_report=report is not None, report_submitted=report is not None and report.submitted is not None,
            )  # fmt: skip
            shown = (str(sent.id) in completed, str(sent.id) in cancelled, row["started"])
            assert shown == (closing.completed, closing.cancelled(delivery.stage), delivery.started)
            assert row["assigned_to"] == (sent.assignment.assigned_to if sent.assignment else None)
