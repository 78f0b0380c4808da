"""A copy for a test environment holds nothing personal, can be worked with, and fails on what nobody classified."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.conftest import SECRETS, clone, database_url, drop
from tests.service.interventions.amending import WHY, amended
from tests.service.interventions.journey import (
    CASEWORKER,
    PRACTITIONER,
    READ_ALL,
    Journey,
    Json,
    appointment,
    begin,
    ok,
    planned_referral,
    schedule_session,
    second_referral,
    signed_in,
    tomorrow,
    whole_draft,
)
from tests.world import World, hosted
from throughcare import catalogue
from throughcare.cli.errors import CommandError
from throughcare.cli.mask import mask as command
from throughcare.services.interventions.actor.model import SYSTEM, Actor
from throughcare.services.interventions.masking.model import EMPTIED, REGISTER, Kind, classified
from throughcare.services.interventions.masking.store import opened
from throughcare.services.interventions.masking.usecases import NotMasked, mask

WRITTEN = (
    Kind.TEXT,
    Kind.NAME,
    Kind.EMAIL,
    Kind.TELEPHONE,
    Kind.ADDRESS,
    Kind.PLACE,
    Kind.CODE,
    Kind.STATED,
    Kind.LANGUAGE,
)
MARKER = "zebedee"


@dataclass
class Copy:
    """A database after it was masked, and what had been in it."""

    url: str
    old: World
    journey: Journey
    other: Journey
    draft: Journey
    before: dict[str, list[Json]]
    changed: dict[str, int]

    async def rows(self, table: str) -> list[Json]:
        """The rows of a table now."""
        return (await everything(self.url))[table]


async def everything(url: str) -> dict[str, list[Json]]:
    """Every row of every table of the service, by table, in the order of its key."""
    connection = await asyncpg.connect(url)
    names = [
        r["t"] for r in await connection.fetch("select tablename t from pg_tables where schemaname='interventions'")
    ]
    found = {}
    for name in names:
        rows = await connection.fetch(f'select to_jsonb(t)::text as row from interventions."{name}" t order by 1')
        found[name] = [json.loads(one["row"]) for one in rows]
    await connection.close()
    return found


async def lived_in(world: World) -> tuple[Journey, Journey, Journey]:
    """Two referrals and a draft of one person, with a row in nearly every table."""
    custody = {
        "personCurrentLocationType": "CUSTODY",
        "personCustodyPrisonId": "LEI",
        "expectedReleaseDate": "2024-06-01",
    }
    journey = await planned_referral(world, sessions=1, **custody)
    where = {"firstAddressLine": "1 The Street", "postCode": "LS1 4AP"}
    elsewhere = {"appointmentDeliveryType": "IN_PERSON_MEETING_OTHER", "appointmentDeliveryAddress": where}
    ok(await schedule_session(journey, 1, appointment(tomorrow(world), npsOfficeCode=None, **elsewhere)))
    note = {"referralId": journey.referral_id, "subject": MARKER, "body": MARKER, "sendEmail": False}
    ok(await journey.as_caseworker("POST", "/case-note", json=note))
    await amended(journey, "amend-needs-and-requirements/identify-needs", additionalNeedsInformation=MARKER, **WHY)
    await amended(journey, "amend-probation-practitioner-name", ppName=MARKER)
    await amended(journey, "amend-prison-establishment", personCustodyPrisonId="MDI", oldPrisonEstablishment="Leeds",
                  newPrisonEstablishment="Moorland", **WHY)  # fmt: skip
    other = await second_referral(journey)
    draft = await begin(Journey(world, journey.crn, journey.sentence_id))
    path = f"/draft-referral/{draft.referral_id}"
    ok(await draft.as_practitioner("PATCH", path, json=whole_draft(draft.sentence_id, world)))
    ok(await draft.as_practitioner("PATCH", f"{path}/oasys-risk-information", json={"riskToSelfSuicide": MARKER}))
    await world.drain()
    return journey, other, draft


async def write_everywhere(world: World) -> None:
    """Write a marker into every column that may hold anything that somebody typed, and rows where none is yet."""
    transfer = {"source": "A", "target": "B", "reference_numbers": ["AB1234CD"], "reason": MARKER,
                "carried_out_at": "2024-03-04T12:00:00Z", "carried_out_by": CASEWORKER.username,
                "id": "01a22449-a100-7000-8000-000000000001"}  # fmt: skip
    onboarding = {"files": {"mailbox": f"{MARKER}@real.example.test", "type": "ACC"}, "changes": {"created": []},
                  "carried_out_at": "2024-03-04T12:00:00Z", "carried_out_by": CASEWORKER.username,
                  "id": "01a22449-a100-7000-8000-000000000002"}  # fmt: skip
    marking = {"appointment_ids": [], "reason": MARKER, "carried_out_at": "2024-03-04T12:00:00Z",
               "carried_out_by": CASEWORKER.username, "id": "01a22449-a100-7000-8000-000000000003"}  # fmt: skip
    made = {"contract_transfer": transfer, "contract_onboarding": onboarding, "stale_marking": marking}
    for name, row in made.items():
        await world.fetch(
            f"insert into interventions.{name}"
            f" select * from jsonb_populate_record(null::interventions.{name}, $1::jsonb)",
            json.dumps(row),
        )
    for name, masked in REGISTER.items():
        written = [column for column, kind in masked.columns.items() if kind in WRITTEN]
        if written:
            values = ", ".join(f"{column} = '{MARKER} {column}'" for column in written)
            await world.fetch(f"update interventions.{name} set {values}")


@pytest.fixture(scope="module")
async def copy(server: str, template: str) -> AsyncIterator[Copy]:
    url = await clone(server, template)
    async with hosted(url, catalogue.services(), secrets=SECRETS) as world:
        journeys = await lived_in(world)
        await write_everywhere(world)
        before = await everything(url)
    changed = await mask(url, live=None, others=[])
    yield Copy(url, world, *journeys, before, changed)
    await drop(server, url)


async def test_nothing_of_a_person_is_left_anywhere(copy: Copy) -> None:
    before = json.dumps(copy.before).lower()
    after = json.dumps(await everything(copy.url)).lower()
    people = [copy.journey.crn, "BLOGGS", "1990-02-03", "2024-06-01", PRACTITIONER.username, PRACTITIONER.user_id,
              CASEWORKER.username, CASEWORKER.user_id, MARKER, "LS14AP",
              *(one["id"] for one in copy.before["actor"] if one["auth_source"] != SYSTEM.auth_source)]  # fmt: skip
    for one in people:
        assert one.lower() in before, f"{one} was never there"
        assert one.lower() not in after
    empty = {name for name, masked in REGISTER.items() for kind in masked.columns.values()
             if kind is not Kind.KEPT and not copy.before[name]}  # fmt: skip
    assert empty <= {"referral_nomis_location", "end_of_service_report", "end_of_service_report_outcome"}


async def test_what_waits_to_be_sent_or_told_is_gone(copy: Copy) -> None:
    assert copy.before["outbox"]
    assert copy.before["notification_request"]
    now = await everything(copy.url)
    assert {name for name in EMPTIED if now[name]} == set()


async def test_a_person_is_the_same_made_up_person_everywhere(copy: Copy) -> None:
    now = await everything(copy.url)
    ids = {copy.journey.referral_id, copy.other.referral_id}
    crns = {one["crn"] for name in ("referral", "referral_summary", "draft_referral") for one in now[name]}
    assert len(crns) == 1
    assert re.fullmatch("[A-Z][0-9]{6}", crns.pop())
    people = now["referral_service_user_data"] + now["draft_referral"]
    assert len({(one["first_name"], one["last_name"], one["date_of_birth"]) for one in people}) == 1
    assert len(people) == 3
    assert {one["referral_id"] for one in now["referral_service_user_data"]} == ids
    [name] = {one["full_name"] for one in now["referral_summary"]}
    assert name == f"{people[0]['first_name']} {people[0]['last_name']}".lower()
    [actor] = [one for one in now["actor"] if one["auth_source"] == "auth"]
    assert {one["assignee"] for one in now["referral_summary"]} == {actor["user_name"]}
    assert {one["assigned_to"] for one in now["referral_summary"]} == {actor["id"]}
    assert Actor("", "auth", actor["user_name"]).id == UUID(actor["id"])


async def test_shapes_stay(copy: Copy) -> None:
    """Null stays null, a text about as long, a list a list; codes, ids and moments stay as they are."""
    now = await everything(copy.url)
    for name, masked in REGISTER.items():
        assert len(now[name]) == len(copy.before[name]), name
        for column, kind in masked.columns.items():
            assert [one[column] is None for one in now[name]].count(True) == [
                one[column] is None for one in copy.before[name]
            ].count(True)
            if kind is Kind.KEPT:
                kept = [sorted(str(one[column]) for one in rows[name]) for rows in (copy.before, now)]
                assert kept[0] == kept[1], f"{name}.{column}"
    lengths = {len(one["body"]) for one in now["case_note"]}
    written = len(f"{MARKER} body")
    assert all(written / 2 - 1 <= one <= written for one in lengths)
    assert {one["post_code"] for one in now["appointment"]} == {None, "ZZ993VZ"}
    [move] = [one for one in now["changelog"] if one["topic"] == "PRISON_ESTABLISHMENT"]
    assert isinstance(move["old_value"]["values"], list)
    [onboarded] = now["contract_onboarding"]
    assert onboarded["files"] == {"mailbox": "mailbox@example.test", "type": "ACC"}


async def test_the_service_works_with_a_masked_copy(copy: Copy) -> None:
    async with hosted(copy.url, catalogue.services(), secrets=SECRETS) as world:
        machine = await world.client("interventions", roles=[READ_ALL])
        read = ok(await machine.get(f"/sent-referral/{copy.journey.referral_id}"))
        assert read["serviceUserCRN"] != copy.journey.crn
        caseworker = await signed_in(world, CASEWORKER.username)
        page = ok(await caseworker.get("/sent-referrals/summaries"))
        assert {one["id"] for one in page["content"]} == {copy.journey.referral_id, copy.other.referral_id}
        log = ok(await caseworker.get(f"/sent-referral/{copy.journey.referral_id}/change-log"))
        assert len(log) == 3
        for one in log:
            ok(await caseworker.get(f"/sent-referral/change-log/{one['changelogId']}"))
        subject = await world.client("interventions", roles=["ROLE_SAR_DATA_ACCESS"])
        told = ok(await subject.get("/subject-access-request", params={"crn": read["serviceUserCRN"]}))
        assert len(told["content"]["referral"]) == 2


async def test_every_column_that_can_hold_words_or_dates_is_classified(server: str, template: str) -> None:
    async with opened(database_url(server, template)) as store:
        assert await store.columns() == classified()


async def refusal(url: str, again: str = "") -> str:
    """Why the command leaves a database as it is."""
    with pytest.raises((NotMasked, CommandError)) as caught:
        await asyncio.to_thread(command, url, again)
    return str(caught.value)


@pytest.fixture
async def restored(server: str, template: str) -> AsyncIterator[tuple[str, asyncpg.Connection[Any]]]:
    """A copy with everything in it and one member of staff, and a connection to it."""
    url = await clone(server, template)
    connection = await asyncpg.connect(url)
    actor = "insert into interventions.actor values (gen_random_uuid(), 'auth', $1, 'x')"
    await connection.execute(actor, CASEWORKER.username)
    yield url, connection
    await connection.close()
    await drop(server, url)


async def test_a_database_that_may_not_be_masked_is_left_alone(
    server: str, restored: tuple[str, asyncpg.Connection[Any]], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    url, connection = restored
    assert "more than interventions (auth, bus, integration" in await refusal(url)
    for name in [*(set(catalogue.PACKAGES) - {"interventions"}), "bus", "pgmq"]:
        await connection.execute(f"drop schema if exists {name} cascade")
    await connection.execute("set application_name = 'throughcare-interventions'")
    assert "services are connected" in await refusal(url)
    await connection.execute("reset application_name")
    monkeypatch.setenv("DATABASE_URL", url)
    assert "this is the database of DATABASE_URL" in await refusal(url)
    assert "repeat the URL" in await refusal(url, server)
    monkeypatch.setenv("DATABASE_URL", server)
    await connection.execute("alter table interventions.case_note add column mood text")
    assert (await refusal(url)).startswith("case_note.mood: not in the copy, or not known here.")
    await connection.execute("alter table interventions.case_note drop column mood")
    assert "there is no such database" in await refusal(database_url(server, "gone"))
    names = "select user_name from interventions.actor where user_id = 'x'"
    assert await connection.fetchval(names) == CASEWORKER.username
    monkeypatch.setenv("DATABASE_URL", url)
    await asyncio.to_thread(command, url, url)
    assert re.search(r"^actor +1 *$", capsys.readouterr().out, re.MULTILINE)
    assert await connection.fetchval("select user_name from interventions.actor") != CASEWORKER.username
