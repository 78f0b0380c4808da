"""A provider asks for a report, sees it grow, is told of it and fetches it; nobody else does."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from io import StringIO

import httpx2
import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    CASEWORKER,
    MISSED,
    OTHER_CASEWORKER,
    Journey,
    Json,
    absence_feedback,
    assessed_referral,
    concluded_referral,
    hold_session,
    mails,
    ok,
    planned_referral,
    problems,
    refused,
    sent_referral,
    session_feedback,
    signed_in,
    withdraw,
)
from tests.service.interventions.outage import Failure, Peers
from tests.world import START, World, query_of
from throughcare.services.interventions.performance_report import usecases
from throughcare.services.interventions.performance_report.model import COLUMNS

pytestmark = pytest.mark.usefixtures("peers")

PATH = "/reports/service-provider/performance"
READY, FAILED = "service-provider-performance-report-ready", "service-provider-performance-report-failed"


async def ask(world: World, first: str = "2024-03-01", last: str = "2024-12-31", who: str = "") -> str:
    """The path of the progress of a report that was just asked for."""
    client = await signed_in(world, who or CASEWORKER.username)
    reply = await client.post(PATH, json={"fromDate": first, "toDate": last})
    assert (reply.status_code, reply.content) == (202, b""), reply.text
    return reply.headers["Location"]


async def progress(world: World, where: str) -> Json:
    found: Json = ok(await (await signed_in(world, CASEWORKER.username)).get(where))
    return found


async def fetch(world: World, file: str, who: str = "") -> httpx2.Response:
    return await (await signed_in(world, who or CASEWORKER.username)).get(f"{PATH}/file/{file}")


async def written(world: World, first: str = "2024-03-01", last: str = "2024-12-31") -> list[dict[str, str]]:
    """The rows of a report."""
    where = await ask(world, first, last)
    await world.drain()
    reply = await fetch(world, (await progress(world, where))["file"])
    assert reply.status_code == 200, reply.text
    return list(csv.DictReader(StringIO(reply.text)))


@pytest.fixture(scope="module")
async def journeys(world: World) -> list[Journey]:
    """Referrals at every stage, in the order in which they were sent."""
    world.clock.set(START)
    made = [await sent_referral(world)]
    made.append(await concluded_referral(world))
    world.clock.set(world.clock.now() + timedelta(days=1))
    made.append(await assessed_referral(world))
    made.append(await planned_referral(world, sessions=3))
    await hold_session(made[-1], 1, MISSED, absence_feedback())
    await hold_session(made[-1], 1, ATTENDED, session_feedback())
    ok(await withdraw(made[-1]))
    await world.drain()
    return made


async def test_a_report_is_written_told_of_and_fetched(world: World, journeys: list[Journey]) -> None:
    where = await ask(world)
    before = await progress(world, where)
    assert (before["state"], before["referralsWritten"], before["referralsInAll"]) == ("WAITING", 0, 4)
    assert before["file"] is None
    await world.drain()
    after = await progress(world, where)
    assert (after["state"], after["referralsWritten"]) == ("READY", 4)
    [mail] = [one for one in await mails(world, template=READY) if one["to"] == CASEWORKER.email]
    assert mail["personalisation"]["serviceProviderFirstName"] == CASEWORKER.first_name
    url = mail["personalisation"]["reportUrl"]
    assert "/service-provider/performance-report/download?" in url
    assert query_of(url)["filename"] == after["file"]
    reply = await fetch(world, after["file"])
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == (
        'attachment; filename="performance-report-2024-03-01-to-2024-12-31.csv"'
    )
    listed = ok(await (await signed_in(world, CASEWORKER.username)).get(PATH))
    assert listed[0] == after
    assert (before["sizeInBytes"], after["sizeInBytes"]) == (None, len(reply.content))
    assert datetime.fromisoformat(after["expiresAt"]) == datetime.fromisoformat(after["finishedAt"]) + timedelta(
        days=28
    )


async def test_each_referral_has_one_line_in_the_order_of_sending(world: World, journeys: list[Journey]) -> None:
    rows = await written(world)
    assert [row["referral_id"] for row in rows] == [one.referral_id for one in journeys]
    assert list(rows[0]) == list(COLUMNS)
    new, concluded, assessed, withdrawn = rows
    assert (new["caseworker_id"], new["date_saa_first_arranged"], new["outcomes_to_be_achieved_count"]) == ("", "", "1")
    assert concluded["caseworker_id"] == CASEWORKER.username
    assert (concluded["count_of_sessions_expected"], concluded["count_of_sessions_attended"]) == ("1", "1")
    assert (concluded["referral_end_state"], concluded["outcomes_achieved"]) == ("completed", "0.0")
    assert (assessed["saa_attended_on_time"], assessed["count_of_sessions_expected"]) == ("true", "")
    [reason] = await world.fetch("select description from interventions.withdrawal_reason where code = 'MOV'")
    assert (withdrawn["referral_end_state"], withdrawn["end_requested_by_pp_reason"]) == (
        "cancelled", reason["description"],
    )  # fmt: skip
    assert withdrawn["count_of_sessions_attended"] == "1"
    assert withdrawn["date_of_first_attended_session"] > withdrawn["date_saa_first_attended"]


async def test_days_of_sending_are_those_in_london_both_included(world: World, journeys: list[Journey]) -> None:
    sent = [(await one.referral())["sentAt"][:10] for one in journeys]
    rows = await written(world, sent[0], sent[0])
    assert len(rows) == sent.count(sent[0])
    assert await written(world, "2024-01-01", "2024-03-03") == []


async def test_a_report_is_there_for_whoever_asked_alone(world: World, journeys: list[Journey]) -> None:
    where = await ask(world)
    await world.drain()
    file = (await progress(world, where))["file"]
    other = await signed_in(world, OTHER_CASEWORKER.username)
    refused(await other.get(where), 404, "REPORT_NOT_FOUND")
    refused(await fetch(world, file, OTHER_CASEWORKER.username), 404, "REPORT_NOT_FOUND")
    assert ok(await other.get(PATH)) == []
    refused(await fetch(world, "guess.csv"), 404, "REPORT_NOT_FOUND")
    refused(await journeys[0].as_practitioner("GET", f"{PATH}/file/{file}"), 403, "SP_ONLY")
    refused(await journeys[0].as_practitioner("GET", PATH), 403, "SP_ONLY")


async def test_a_report_cannot_be_fetched_before_it_is_whole(world: World, journeys: list[Journey]) -> None:
    where = await ask(world)
    rows = await world.fetch(
        "select file from interventions.performance_report where id::text = $1", where.split("/")[-1]
    )
    refused(await fetch(world, rows[0]["file"]), 404, "REPORT_NOT_FOUND")
    await world.drain()
    assert (await fetch(world, rows[0]["file"])).status_code == 200


async def test_a_report_goes_on_where_it_was_left_and_doubles_nothing(
    world: World, journeys: list[Journey], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usecases, "REFERRALS_A_PART", 1)
    where = await ask(world)
    ctx = world.context("interventions")
    assert await usecases.write_some(ctx) == 1
    assert await usecases.write_some(world.context("interventions")) == 1
    half = await progress(world, where)
    assert (half["state"], half["referralsWritten"]) == ("RUNNING", 2)
    await world.drain()
    whole = await progress(world, where)
    reply = await fetch(world, whole["file"])
    rows = list(csv.DictReader(StringIO(reply.text)))
    assert [row["referral_id"] for row in rows] == [one.referral_id for one in journeys]


async def test_a_report_that_keeps_failing_is_given_up_and_told_of(world: World, journeys: list[Journey]) -> None:
    where = await ask(world)
    report_id = where.split("/")[-1]
    await world.fetch(
        "insert into interventions.kept_file_part (file_id, ordinal, content) values ($1::uuid, 0, 'in the way')",
        report_id,
    )
    for attempt in range(usecases.MOST_ATTEMPTS):
        assert (await progress(world, where))["state"] == "WAITING", attempt
        assert await usecases.write_some(world.context("interventions")) == 1
        assert await usecases.write_some(world.context("interventions")) == 0, "not again at once"
        await world.fetch("update interventions.performance_report set not_before = now()")
    assert (await progress(world, where))["state"] == "FAILED"
    await world.drain()
    [mail] = [one for one in await mails(world, template=FAILED) if one["to"] == CASEWORKER.email]
    assert mail["personalisation"] == {
        "serviceProviderFirstName": CASEWORKER.first_name, "jobInstanceId": report_id,
    }  # fmt: skip


async def test_an_old_report_is_deleted_with_its_file(world: World, journeys: list[Journey]) -> None:
    where = await ask(world)
    await world.drain()
    report_id, jobs = where.split("/")[-1], world.host.runtimes["interventions"].jobs
    count = "select count(*) as parts from interventions.kept_file_part where file_id = $1::uuid"
    world.clock.set(world.clock.now() + timedelta(days=27))
    assert await jobs.run_now("delete-old-reports") == "ok"
    assert (await world.fetch(count, report_id))[0]["parts"] == 1
    world.clock.set(world.clock.now() + timedelta(days=2))
    assert await jobs.run_now("delete-old-reports") == "ok"
    assert (await world.fetch(count, report_id))[0]["parts"] == 0
    refused(await (await signed_in(world, CASEWORKER.username)).get(where), 404, "REPORT_NOT_FOUND")


async def test_what_was_asked_for_wrongly_is_refused(world: World, journeys: list[Journey], peers: Peers) -> None:
    client = await signed_in(world, CASEWORKER.username)
    backwards = await client.post(PATH, json={"fromDate": "2024-03-02", "toDate": "2024-03-01"})
    assert problems(backwards) == {("toDate", "INVALID_VALUE")}
    wrong = await client.post(PATH, json={"fromDate": "soon", "toDate": "9999-12-31"})
    assert {one["field"] for one in wrong.json()["errors"]} == {"fromDate", "toDate"}
    reply = await journeys[0].as_practitioner("POST", PATH, json={"fromDate": "2024-03-01", "toDate": "2024-03-02"})
    refused(reply, 403, "SP_ONLY")
    with peers.failing("auth", Failure.DEAD, "/groups"):
        reply = await client.post(PATH, json={"fromDate": "2024-03-01", "toDate": "2024-03-02"})
        refused(reply, 503, "PEER_UNAVAILABLE")
