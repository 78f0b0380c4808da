"""The weekly extracts: made by jobs, read by one machine, replaced whole."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    MISSED,
    PRACTITIONER,
    Journey,
    absence_feedback,
    drafted_report,
    hold_session,
    ok,
    planned_referral,
    refused,
    sent_referral,
    session_feedback,
)
from tests.world import World
from throughcare.kit.context import Context
from throughcare.kit.db.unit_of_work import StaleVersion
from throughcare.services.interventions.extract import usecases
from throughcare.services.interventions.extract.model import Extract
from throughcare.services.interventions.extract.store import ExtractStore
from throughcare.services.interventions.kept_file.usecases import parts_of

ROLE = "ROLE_INTERVENTIONS__EXTRACTS__RO"


async def made(world: World, kind: Extract) -> list[dict[str, str]]:
    """The lines of a file that its job has just made."""
    assert await world.host.runtimes["interventions"].jobs.run_now(f"extract-{kind.value}") == "ok"
    client = await world.client("interventions", roles=[ROLE])
    reply = await client.get(f"/extracts/{kind.file}")
    assert reply.status_code == 200, reply.text
    return list(csv.DictReader(StringIO(reply.text)))


@pytest.fixture(scope="module")
async def journeys(world: World) -> tuple[Journey, Journey]:
    """A referral whose details were changed, with a report that is a draft; and one that was just sent."""
    first = await planned_referral(world, sessions=1)
    await hold_session(first, 1, MISSED, absence_feedback())
    await hold_session(first, 1, ATTENDED, session_feedback())
    report_id = await drafted_report(first)
    [outcome] = (await first.referral())["referral"]["desiredOutcomes"]
    body = {"outcome": {"desiredOutcomeId": outcome["desiredOutcomesIds"][0], "achievementLevel": "ACHIEVED"}}
    ok(await first.as_caseworker("PATCH", f"/draft-end-of-service-report/{report_id}", json=body))
    details = {"furtherInformation": "Afternoons now", "reasonForChange": "New job"}
    ok(await first.as_practitioner("POST", f"/sent-referral/{first.referral_id}/referral-details", json=details))
    first.plan_id = report_id
    return first, await sent_referral(world)


async def test_a_referral_has_one_line_however_often_it_was_amended(
    world: World, journeys: tuple[Journey, Journey]
) -> None:
    rows = await made(world, Extract.REFERRALS)
    assert [row["referral_id"] for row in rows] == [one.referral_id for one in journeys]
    first = rows[0]
    assert (first["referring_officer_id"], first["count_of_sessions_attended"]) == (PRACTITIONER.username, "1")
    assert (first["outcomes_progress"], first["count_of_sessions_expected"]) == ("0.0", "1")


async def test_every_appointment_has_a_line_the_missed_one_too(world: World, journeys: tuple[Journey, Journey]) -> None:
    rows = await made(world, Extract.APPOINTMENTS)
    found = [(row["reason_for_appointment"], row["attended"]) for row in rows]
    assert found == [("saa", "YES"), ("delivery", "NO"), ("delivery", "YES")]
    assert {row["referral_id"] for row in rows} == {journeys[0].referral_id}
    session = await journeys[0].referral()
    assert {row["referral_ref"] for row in rows} == {session["referenceNumber"]}
    assert all(row["delius_appointment_id"].isdigit() and row["duration_in_minutes"] == "60" for row in rows)
    assert [row["notifyppof_attendance_behaviour"] for row in rows] == ["false", "", "false"]


async def test_every_chosen_category_has_a_line_with_its_level(world: World, journeys: tuple[Journey, Journey]) -> None:
    rows = await made(world, Extract.COMPLEXITY)
    category = journeys[0].intervention["serviceCategories"][0]
    assert {row["referral_id"] for row in rows} == {one.referral_id for one in journeys}
    assert {(row["service_category_name"], row["complexity_level_title"]) for row in rows} == {
        (category["name"], category["complexityLevels"][0]["title"])
    }


async def test_outcomes_are_told_once_the_report_is_submitted(world: World, journeys: tuple[Journey, Journey]) -> None:
    assert await made(world, Extract.OUTCOMES) == []
    first = journeys[0]
    ok(await first.as_caseworker("POST", f"/draft-end-of-service-report/{first.plan_id}/submit"))
    [row] = await made(world, Extract.OUTCOMES)
    assert (row["referral_id"], row["achievement_level"]) == (first.referral_id, "ACHIEVED")
    assert row["desired_outcome"]


async def test_a_file_can_be_read_to_its_end_while_the_next_one_is_made(
    world: World, journeys: tuple[Journey, Journey], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usecases, "REFERRALS_A_PART", 1)
    await made(world, Extract.COMPLEXITY)
    context = world.context("interventions")
    old = parts_of(context, await current(context, Extract.COMPLEXITY))
    begun = [await anext(old), await anext(old)]
    await made(world, Extract.COMPLEXITY)
    assert len(begun + [part async for part in old]) == 1 + len(journeys)
    for _ in range(2):
        await made(world, Extract.COMPLEXITY)
    files = await world.fetch("select id, previous_id from interventions.extract_file where id is not null")
    kept = {one for row in files for one in (row["id"], row["previous_id"]) if one}
    parts = await world.fetch("select distinct file_id from interventions.kept_file_part")
    assert {row["file_id"] for row in parts} == kept, "no part is left of what was replaced before"


async def test_a_run_that_was_overtaken_does_not_put_its_file_in_place(
    world: World, journeys: tuple[Journey, Journey]
) -> None:
    await made(world, Extract.COMPLEXITY)
    context = world.context("interventions")
    before = await current(context, Extract.COMPLEXITY)
    async with context.new_uow() as uow:
        [overtaken] = await world.fetch("select gen_random_uuid() as id")
        await uow.store(ExtractStore).begin(Extract.COMPLEXITY.file, overtaken["id"])
    await usecases.make_extract(context, Extract.COMPLEXITY)
    with pytest.raises(StaleVersion):
        async with context.new_uow() as uow:
            await uow.store(ExtractStore).finish(Extract.COMPLEXITY.file, overtaken["id"], at=uow.now, rows=0)
    assert await current(context, Extract.COMPLEXITY) not in {before, overtaken["id"]}


async def current(context: Context, kind: Extract) -> UUID:
    async with context.reading(ExtractStore) as store:
        return (await store.get(kind.file)).id


async def test_the_files_are_listed_with_their_lines_and_there_is_no_other(
    world: World, journeys: tuple[Journey, Journey]
) -> None:
    await made(world, Extract.REFERRALS)
    client = await world.client("interventions", roles=[ROLE])
    listed = {one["name"]: one for one in ok(await client.get("/extracts"))}
    assert listed[Extract.REFERRALS.file]["rows"] == len(journeys)
    refused(await client.get("/extracts/other.csv"), 404, "EXTRACT_NOT_FOUND")


async def test_friday_evening_makes_the_files(world: World, journeys: tuple[Journey, Journey]) -> None:
    now = world.clock.now()
    friday = (now + timedelta(days=(4 - now.weekday()) % 7 or 7)).replace(hour=19, minute=20, second=0)
    world.clock.set(friday)
    await world.host.runtimes["interventions"].jobs.step(world.clock.now())
    client = await world.client("interventions", roles=[ROLE])
    listed = ok(await client.get("/extracts"))
    assert {one["name"] for one in listed} == {one.file for one in Extract}
    assert {one["madeAt"][:16] for one in listed} == {friday.isoformat()[:16]}
