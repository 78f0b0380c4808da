"""What has been kept long enough is erased whole, when erasing is switched on, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.service.interventions.journey import (
    Journey,
    appointment,
    begun_draft,
    concluded_referral,
    ok,
    refused,
    schedule_assessment,
    sent_referral,
    tomorrow,
    withdraw,
)
from tests.world import World
from throughcare.kit.settings import BadSettings, read_settings
from throughcare.services.interventions.settings import InterventionsSettings

JOB = "erase-old-referrals"
# What is not erased with a referral: the number that stays taken, and what the kit deletes after days.
ELSEWHERE = {"referral_reference", "outbox", "inbox", "idempotency_key", "notification_request"}


@pytest.fixture
def settings(world: World) -> Iterator[InterventionsSettings]:
    """The service's settings, as they were again after the test."""
    held = world.host.runtimes["interventions"].settings
    assert isinstance(held, InterventionsSettings)
    before = held.model_copy()
    yield held
    held.keep_drafts, held.keep_referrals = before.keep_drafts, before.keep_referrals
    held.erase_referrals = before.erase_referrals


async def run_job(world: World, name: str = JOB) -> str:
    """What a run by hand said."""
    operator = await world.client("interventions", roles=["ROLE_QUEUE_ADMIN"])
    assert ok(await operator.post(f"/operations/jobs/{name}/run"))["outcome"] == "ok"
    rows = ok(await operator.get("/operations/jobs"))
    return str(next(one["detail"] for one in rows if one["name"] == name))


async def age(journey: Journey, **columns: str) -> None:
    """Make a referral older: each column becomes what the SQL expression says."""
    changes = ", ".join(f"{name} = {value}" for name, value in columns.items())
    await journey.world.fetch(f"update interventions.referral set {changes} where id::text = $1", journey.referral_id)


async def mentions(world: World, *texts: str) -> set[str]:
    """The tables of the service in which a row holds one of these texts."""
    tables = await world.fetch("select tablename as name from pg_tables where schemaname = 'interventions'")
    found = set()
    for name in (one["name"] for one in tables):
        pattern = f"({'|'.join(texts)})"
        if await world.fetch(f'select from interventions."{name}" t where t::text ~ $1 limit 1', pattern):
            found.add(name)
    return found


async def ids_of(journey: Journey) -> list[str]:
    """The ids of the things that hang on a referral and are named by others."""
    rows = await journey.world.fetch(
        "select id::text from interventions.appointment where referral_id::text = $1"
        " union all select id::text from interventions.action_plan where referral_id::text = $1"
        " union all select id::text from interventions.delivery_session where referral_id::text = $1"
        " union all select id::text from interventions.supplier_assessment where referral_id::text = $1"
        " union all select id::text from interventions.end_of_service_report where referral_id::text = $1",
        journey.referral_id,
    )
    return [one["id"] for one in rows]


async def written_to(world: World) -> Journey:
    """A referral that ran its course, with a note, a change and a session that was moved."""
    journey = await concluded_referral(world)
    note = {"referralId": journey.referral_id, "subject": "Work", "body": "Has an interview"}
    ok(await journey.as_caseworker("POST", "/case-note", json=note))
    await world.fetch(
        "insert into interventions.changelog (id, referral_id, topic, old_value, new_value, reason_for_change,"
        " changed_at, changed_by) select gen_random_uuid(), id, 'MAXIMUM_ENFORCEABLE_DAYS', '[\"1\"]', '[\"2\"]', 'x',"
        " sent_at, sent_by from interventions.referral where id::text = $1",
        journey.referral_id,
    )
    return journey


async def test_a_referral_is_erased_with_everything_that_hangs_on_it(
    world: World, settings: InterventionsSettings
) -> None:
    old = await written_to(world)
    await age(old, concluded_at="concluded_at - interval '9 years'", relevant_sentence_end_date="null")
    named = [old.referral_id, old.crn, *await ids_of(old)]
    assert len(named) > 6
    assert (await mentions(world, *named)) >= {"appointment", "case_note", "changelog", "booking_attempt"}
    reference = (await old.referral())["referenceNumber"]
    settings.erase_referrals = True
    assert await run_job(world) == "1 erased"
    assert (await mentions(world, *named)) - ELSEWHERE == set()
    refused(await old.as_practitioner("GET", f"/sent-referral/{old.referral_id}"), 404, "REFERRAL_NOT_FOUND")
    [kept] = await world.fetch("select * from interventions.referral_reference where reference_number = $1", reference)
    assert (str(kept["referral_id"]), kept["erased_at"].date()) == (old.referral_id, world.clock.today())
    assert await run_job(world) == "0 erased"


async def test_what_is_not_over_for_long_enough_is_kept(world: World, settings: InterventionsSettings) -> None:
    """One that was concluded too lately, one whose sentence ended too lately, and one that goes on."""
    lately, sentenced, running = [await sent_referral(world) for _ in range(3)]
    for one in (lately, sentenced):
        ok(await withdraw(one))
    settings.erase_referrals, settings.keep_referrals = True, timedelta(days=1000)
    await age(lately, concluded_at="concluded_at - interval '999 days'", relevant_sentence_end_date="null")
    await age(sentenced, concluded_at="concluded_at - interval '2000 days'",
              relevant_sentence_end_date="sent_at::date - 999")  # fmt: skip
    await age(running, sent_at="sent_at - interval '3000 days'", relevant_sentence_end_date="null")
    assert await run_job(world) == "0 erased"
    world.clock.advance(timedelta(days=1))
    assert await run_job(world) == "2 erased"
    for one, status in ((lately, 404), (sentenced, 404), (running, 200)):
        reply = await one.as_practitioner("GET", f"/sent-referral/{one.referral_id}")
        assert reply.status_code == status, reply.text


async def test_referrals_are_only_counted_while_erasing_is_not_switched_on(
    world: World, settings: InterventionsSettings
) -> None:
    old = await sent_referral(world)
    ok(await schedule_assessment(old, appointment(tomorrow(world))))
    ok(await withdraw(old))
    await age(old, concluded_at="concluded_at - interval '8 years'", relevant_sentence_end_date="null")
    assert InterventionsSettings().erase_referrals is False
    assert await run_job(world) == "1 to erase, none erased: erasing is switched off"
    assert (await old.referral())["id"] == old.referral_id
    settings.erase_referrals = True
    assert await run_job(world) == "1 erased"


async def test_drafts_are_kept_as_long_as_the_setting_says(world: World, settings: InterventionsSettings) -> None:
    await world.fetch("delete from interventions.draft_referral")
    settings.keep_drafts = timedelta(days=10)
    draft = await begun_draft(world)
    world.clock.advance(timedelta(days=10, seconds=-1))
    assert await run_job(world, "delete-old-drafts") == "0 deleted"
    world.clock.advance(timedelta(seconds=1))
    assert await run_job(world, "delete-old-drafts") == "1 deleted"
    assert (await draft.as_practitioner("GET", f"/draft-referral/{draft.referral_id}")).status_code == 404


@pytest.mark.parametrize(("name", "value"), [("KEEP_DRAFTS", "90"), ("KEEP_REPORTS", "28"), ("KEEP_REFERRALS", "2557")])
def test_a_number_that_means_seconds_is_not_taken_for_days(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    kept: Any = read_settings(InterventionsSettings, "X_")
    assert getattr(kept, name.lower()) == timedelta(days=int(value))
    monkeypatch.setenv(f"X_{name}", f"P{int(value) + 400}D")
    assert getattr(read_settings(InterventionsSettings, "X_"), name.lower()) == timedelta(days=int(value) + 400)
    monkeypatch.setenv(f"X_{name}", value)
    with pytest.raises(BadSettings, match=f"X_{name}"):
        read_settings(InterventionsSettings, "X_")
