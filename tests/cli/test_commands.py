"""Commands that ask and mend a running system, through its own doors."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.conftest import Ask, Run
from tests.world import World
from throughcare import catalogue
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Outgoing
from throughcare.kit.notify import NotificationDeliveryFailed

QUEUE = "probation_domain_events"


@pytest.fixture
async def dead_letter(world: World) -> str:
    """The id of a message that nobody could read."""
    await world.host.bus.purge(f"{QUEUE}_dlq")
    await world.host.bus.send(QUEUE, [Outgoing("a", f"not an event {new_id()}")])
    await world.drain()
    [dead] = await world.host.bus.dead(QUEUE)
    return dead.message_id


async def make_event(world: World, template: str) -> None:
    context = world.context("interventions")
    async with context.uow as uow:
        uow.publish(NotificationDeliveryFailed(request_id=new_id(), template=template, outcome="failed-permanent"))


async def test_queues_show_depth_and_age(ask: Ask) -> None:
    ended = await ask("queues", "--json")
    assert ended.code == 0
    rows = {one["queueName"]: one for one in json.loads(ended.out)}
    assert QUEUE in rows
    assert {"service", "messages", "inFlight", "dead", "parked", "oldestSeconds"} <= rows[QUEUE].keys()
    table = (await ask("queues")).out
    assert "interventions_domain_events" in table
    assert "…" not in table


async def test_a_dead_letter_is_listed_shown_and_dropped(ask: Ask, dead_letter: str) -> None:
    listed = json.loads((await ask("dlq", "list", "--json")).out)
    assert [(one["queue"], one["messageId"], one["reason"]) for one in listed] == [(QUEUE, dead_letter, "malformed")]
    assert dead_letter in (await ask("dlq", "list")).out
    for queue in (QUEUE, f"{QUEUE}_dlq"):
        shown = json.loads((await ask("dlq", "show", queue, dead_letter)).out)
        assert shown["messageId"] == dead_letter
    assert (await ask("dlq", "drop", QUEUE, dead_letter, "--reason", "made by a test")).out == "dropped\n"
    assert (await ask("dlq", "list")).out == "there are no dead letters\n"
    gone = await ask("dlq", "show", QUEUE, dead_letter)
    assert (gone.code, gone.out) == (1, "")
    assert "dlq list" in gone.err


async def test_dead_letters_are_sent_back_one_by_one_or_all(world: World, ask: Ask, dead_letter: str) -> None:
    assert (await ask("dlq", "retry", QUEUE, dead_letter)).out == "sent back\n"
    await world.drain()
    assert (await ask("dlq", "retry", QUEUE)).out == "1 sent back\n"
    unknown = await ask("dlq", "retry", QUEUE, "999999")
    assert (unknown.code, unknown.err) == (
        1,
        "throughcare: probation answered 404: No resource found failure: no such dead letter\n",
    )
    other = await ask("dlq", "retry", "no_such_queue")
    assert "throughcare queues" in other.err
    await world.drain()
    await world.host.bus.purge(f"{QUEUE}_dlq")


async def test_jobs_are_listed_and_run_by_hand(ask: Ask) -> None:
    assert (await ask("jobs", "run", "prison", "clean-up")).out == "ok\n"
    rows = json.loads((await ask("jobs", "list", "--json")).out)
    assert {one["service"] for one in rows} == set(catalogue.PACKAGES)
    run = next(one for one in rows if (one["service"], one["name"]) == ("prison", "clean-up"))
    assert run["outcome"] == "ok"
    counted = "0 to erase, none erased: erasing is switched off"
    assert (await ask("jobs", "run", "interventions", "erase-old-referrals")).out == f"ok: {counted}\n"
    assert counted in (await ask("jobs", "list")).out
    assert (await ask("jobs", "run", "prison", "nothing")).code == 1
    assert "'prisons'" in (await ask("jobs", "run", "prisons", "clean-up")).err


async def test_the_newest_events_are_shown_as_lines_or_json(world: World, ask: Ask) -> None:
    assert (await ask("events", "tail", "--type", "no.such.event")).out == "there are no such events\n"
    for number in range(3):
        await make_event(world, f"sender-{number}")
    rows = [json.loads(one) for one in (await ask("events", "tail", "-n", "2", "--json")).out.splitlines()]
    assert [one["body"]["additionalInformation"]["template"] for one in rows] == ["sender-1", "sender-2"]
    assert all({"service", "eventType", "correlationId", "recordedAt"} <= row.keys() for row in rows)
    lines = (await ask("events", "tail", "--type", "notification.delivery.failed")).out.splitlines()
    assert len(lines) == 3
    assert "interventions" in lines[0]


async def test_the_clock_is_shown_and_moved(world: World, ask: Ask) -> None:
    before = world.clock.now()
    assert (await ask("clock", "show")).out.startswith(f"{before:%Y-%m-%d}")
    assert (await ask("clock", "advance", "1d")).out.startswith("2024-03-05")
    assert (await ask("clock", "set", "2024-03-04T12:00:00Z")).out.startswith("2024-03-04T12:00")
    assert "frozen" in (await ask("clock", "freeze")).out
    assert "frozen" not in (await ask("clock", "freeze", "--off")).out
    wrong = await ask("clock", "advance", "soon")
    assert (wrong.code, "1d, 36h" in wrong.err) == (1, True)


def test_routes_list_everything_with_its_roles(run: Run) -> None:
    rows = json.loads(run("routes", "--json").out)
    assert {one["service"] for one in rows} == set(catalogue.PACKAGES)
    assert all(one["roles"] for one in rows)
    table = run("routes", "--roles", "--service", "notify").out
    assert "/notify/v2/notifications/{notification_id}/pdf" in table
    assert "ROLE_NOTIFY__INBOX" in table
    assert f"{len([one for one in rows if one['service'] == 'notify'])} routes" in table


def test_doctor_tells_what_is_fit_and_makes_nothing(run: Run) -> None:
    ended = run("doctor", "--json")
    checks = {one["check"]: one for one in json.loads(ended.out)}
    assert {"Python", "disk", "page assets", "data folder", "database", "system"} == set(checks)
    broken = run("doctor", "--json", DATABASE_URL="postgresql://127.0.0.1:9/x")
    assert broken.code == 1
    found = next(one for one in json.loads(broken.out) if one["check"] == "database")
    assert (found["ok"], "nobody listens there" in found["detail"]) == (False, True)


@pytest.mark.parametrize("command", [[], ["up"], ["dlq"]])
def test_help_loads_nothing_that_takes_its_time(command: list[str]) -> None:
    program = f"""
import sys
from throughcare.cli import main
sys.argv = ["throughcare", *{command}, "--help"]
try:
    main.run()
except SystemExit:
    print("LOADED", *sys.modules)
"""
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    shown, _, loaded = said.partition("LOADED")
    assert "Usage: throughcare" in shown
    heavy = {"asyncpg", "fastapi", "httpx2", "opentelemetry", "rich.console", "sqlalchemy", "structlog"}
    assert heavy & set(loaded.split()) == set()
