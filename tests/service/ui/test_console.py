"""The console: what is wrong is plain to see, what to do about it stands beside it, and can be done."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from tests.service.ui.conftest import Switchboard
from tests.service.ui.dead import EVENT, QUEUE, address, bury, event
from tests.service.ui.visitor import Visitor, heading, words
from tests.world import BASE_URL, World
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Outgoing

WHOLE = "[" * 200 + "]" * 200


async def overview(operator: Visitor) -> str:
    page = await operator.get("/console")
    assert (page.status_code, heading(page)) == (200, "Console")
    return words(page)


async def letters(world: World) -> int:
    return len(await world.host.bus.dead(QUEUE))


@pytest.fixture(autouse=True)
async def clean(world: World) -> None:
    """No dead letters, nothing waiting."""
    for queue in (QUEUE, f"{QUEUE}_dlq"):
        await world.host.bus.purge(queue)
    await world.drain()


async def test_a_system_that_is_well_says_so(operator: Visitor) -> None:
    shown = await overview(operator)
    assert "All well 9 services up, nothing waits too long, no dead letters." in shown
    assert "Important" not in shown
    assert "Business time is 4 Mar 2024, 1" in shown


async def test_a_service_that_is_down_is_named_with_its_broken_part_and_the_command(
    operator: Visitor, services: Switchboard
) -> None:
    with services.unwell("notify", "mailer"):
        shown = await overview(operator)
    assert "1 thing needs attention notify is down: mailer. See what it needs: throughcare doctor" in shown
    assert "notify Down mailer" in shown
    assert "All well" not in shown


async def test_a_service_that_does_not_answer_leaves_a_gap_and_the_rest_is_shown(
    operator: Visitor, services: Switchboard
) -> None:
    with services.away("probation"):
        shown = await overview(operator)
        home = words(await operator.get("/"))
    assert "1 thing needs attention probation does not answer. See whether it runs: throughcare doctor" in shown
    assert "probation does not answer." in home
    assert "probation No answer Could not be read" in shown
    assert "Queues of probation Could not be read" in shown
    assert "Without those of probation, which could not be read." in shown
    assert "prisoner_search Up 0" in shown


async def test_an_event_that_is_not_published_for_five_minutes_is_a_problem(world: World, operator: Visitor) -> None:
    await outbox_row(world, "created_at", "now() - interval '6 minutes'")
    try:
        shown = await overview(operator)
    finally:
        await world.fetch("delete from prison.outbox where aggregate_type = 'test'")
    assert "1 event of prison not published, the oldest for 6 minutes." in shown
    assert "See whether its worker and the bus run: throughcare doctor" in shown


async def test_events_that_were_given_up_are_published_again_after_confirmation(
    world: World, operator: Visitor
) -> None:
    await outbox_row(world, "dead_at", "now()")
    assert "1 event of prison given up after too many attempts to publish." in await overview(operator)
    page = await operator.get("/console/outbox/prison")
    assert "1 event was given up after too many attempts." in words(page)
    answer = await operator.send(page, "/console/outbox/prison")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert "Success The events will be published again." in await overview(operator)
    assert "will be published again" not in await overview(operator), "it is told once"
    await world.drain()
    rows = await world.fetch("select published_at from prison.outbox where aggregate_type = 'test'")
    assert all(row["published_at"] for row in rows)
    assert "Nothing has been given up." in words(await operator.get("/console/outbox/prison"))
    await world.fetch("delete from prison.outbox where aggregate_type = 'test'")


async def outbox_row(world: World, column: str, value: str) -> None:
    """An event of prison that waits, or was given up."""
    body = event(eventType="prison.test.happened")
    statement = f"""
        insert into prison.outbox (id, topic, event_type, event_version, aggregate_type, aggregate_id, payload,
                                   attributes, occurred_at, available_at, {column})
        values ($1, 'domain_events', 'prison.test.happened', 1, 'test', '1', $2, $3, now(), now(), {value})
    """
    attributes = json.dumps({"eventType": "prison.test.happened"})
    await world.fetch(statement, body["eventId"], json.dumps(body), attributes)


async def test_a_queue_whose_oldest_message_waits_for_half_an_hour_is_a_problem(
    world: World, operator: Visitor
) -> None:
    await world.host.bus.send(QUEUE, [Outgoing("one", "{}", {"eventType": EVENT})])
    await world.fetch(f"update pgmq.q_{QUEUE} set enqueued_at = now() - interval '45 minutes'")
    shown = await overview(operator)
    assert f"1 message waiting on {QUEUE}, the oldest for 45 minutes." in shown
    assert "See whether the worker of prisoner_search runs: throughcare work prisoner_search" in shown


async def test_a_dead_letter_is_shown_with_queue_event_reason_and_age_and_sent_back(
    world: World, operator: Visitor
) -> None:
    first = await bury(world)
    shown = await overview(operator)
    assert f"1 dead letter of {QUEUE}. Mend the cause, then send back: throughcare dlq retry {QUEUE}" in shown
    row = rf"{EVENT} {QUEUE} Not readable: the body is not JSON \d+ seconds? Look at message {first}"
    assert re.search(row, shown)
    page = await operator.get(address(first))
    assert heading(page) == "Dead letter"
    assert "{not json" in words(page)
    answer = await operator.send(page, address(first))
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert "Success The message was sent back to its queue." in await overview(operator)
    assert await letters(world) == 0
    await world.drain()
    assert await letters(world) == 1, "its reader tried again, and failed again"


async def test_a_dead_letter_is_dropped_for_a_reason_alone(world: World, operator: Visitor) -> None:
    page = f"{address(await bury(world))}/drop"
    form = await operator.get(page)
    for reason, error in (
        ("", "Enter why this message can be dropped"), ("  no ", "The reason must have 4 characters or more"),
        ("x" * 201, "The reason must have 200 characters or fewer"),
    ):  # fmt: skip
        refused = await operator.send(form, page, {"reason": reason})
        assert refused.status_code == 400
        assert refused.text.count(error) == 2
        assert "<title>Error: Drop this message" in refused.text
        assert reason.strip() in refused.text
        assert await letters(world) == 1
    answer = await operator.send(form, page, {"reason": "Sent twice <b>"})
    assert answer.status_code == 303
    assert "Success The message was dropped." in await overview(operator)
    assert await letters(world) == 0
    again = await operator.send(form, page, {"reason": "Sent twice"})
    assert again.status_code == 303
    assert "Important The message is no longer a dead letter" in await overview(operator)


async def test_every_dead_letter_of_a_queue_is_sent_back_after_confirmation(world: World, operator: Visitor) -> None:
    await bury(world)
    await bury(world, event(eventType="other.thing.happened"))
    page = f"/console/dead-letters/prisoner_search/{QUEUE}_dlq"
    form = await operator.get(page)
    assert "2 messages go back to the queue" in words(form)
    answer = await operator.send(form, page)
    assert answer.status_code == 303
    assert await letters(world) == 0
    assert "It has no dead letters." in words(await operator.get(page))


async def test_more_dead_letters_than_a_page_holds_are_counted(world: World, operator: Visitor) -> None:
    await world.host.bus.send(QUEUE, [Outgoing(str(number), "{", {"eventType": EVENT}) for number in range(60)])
    await world.drain()
    shown = await overview(operator)
    assert "Shown are 50 of 60, the oldest of each queue; throughcare dlq list shows more." in shown
    assert f"60 dead letters of {QUEUE}." in shown


async def test_a_dead_letters_body_tells_who_it_is_about_to_holders_of_the_role_alone(world: World) -> None:
    body = event(eventType="other.thing.happened")
    found = await bury(world, body)
    path = f"/queue-admin/dlq/{QUEUE}_dlq/messages/{found}"
    reader = await world.client("prisoner_search", roles=["ROLE_CONSOLE__RO"])
    masked = (await reader.get(path)).json()["body"]
    assert masked["personReference"]["identifiers"] == [{"type": "NOMS", "value": "***"}]
    assert masked["additionalInformation"]["note"] == "about *** and ***"
    assert masked["eventId"] == body["eventId"]
    whole = await world.client("prisoner_search", roles=["ROLE_QUEUE_ADMIN", "ROLE_QUEUE_ADMIN__BODY"])
    assert (await whole.get(path)).json()["body"] == body
    assert (await reader.get(f"/queue-admin/dlq/{QUEUE}_dlq/messages/0")).json()["errorCode"] == "MESSAGE_NOT_FOUND"
    assert (await reader.get("/queue-admin/dlq/other_dlq/messages/0")).json()["errorCode"] == "QUEUE_NOT_FOUND"


@pytest.mark.parametrize("poison", ["[" * 90_000, WHOLE, '{"a":' * 200 + "1" + "}" * 200, "\u2028<script>"])
async def test_poison_can_be_looked_at(world: World, operator: Visitor, poison: str) -> None:
    page = await operator.get(address(await bury(world, poison)))
    assert (page.status_code, heading(page)) == (200, "Dead letter")
    assert "<script>" not in page.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    "path",
    [address("999"), address("-1"), address("x' or 1=1"), address("1", "other_queue"), address("1", QUEUE, "nobody"),
     f"{address('999')}/drop", "/console/dead-letters/nobody/x", "/console/outbox/nobody", "/console/events/nowhere-1",
     "/console/events/%3Cscript%3E", "/console/events/" + "x" * 3_000],
)  # fmt: skip
async def test_what_is_not_there_is_a_page_that_says_so(operator: Visitor, path: str) -> None:
    reply = await operator.get(path)
    assert (reply.status_code, heading(reply)) == (404, "Page not found")
    assert "O. Ops" in words(reply)


async def test_from_an_event_to_all_that_the_same_request_caused_and_what_became_of_each(
    world: World, operator: Visitor, services: Switchboard
) -> None:
    correlation = f"test-{new_id()}"
    await admit(world, correlation)
    page = await operator.get(f"/console/events/{correlation}")
    assert "prison.person.created 4 Mar 2024, " in words(page)
    assert "by prison: Waiting in the outbox" in words(page)
    assert "not settled" in words(page)
    await world.drain()
    shown = words(await operator.get(f"/console/events/{correlation}"))
    assert "All settled" in shown
    assert shown.index("prison.person.created") < shown.index("prisoner-offender-search.prisoner.created")
    assert "→ prisoner_search: handled" in shown
    latest = await operator.get("/console")
    assert f'href="/console/events/{correlation}#event-' in latest.text
    with services.away("integration"):
        partly = await operator.get(f"/console/events/{correlation}")
    assert "Not everything may be shown: integration did not answer." in words(partly)


async def test_an_event_that_a_reader_refused_is_marked_where_its_chain_is_shown(
    world: World, operator: Visitor
) -> None:
    correlation = f"test-{new_id()}"
    await admit(world, correlation)
    await world.drain()
    await world.fetch(
        "update prisoner_search.inbox set processed_at = null, outcome = 'dead', attempts = 5 where event_type = $1",
        "prison.person.created",
    )
    shown = words(await operator.get(f"/console/events/{correlation}"))
    assert "1 event not settled" in shown
    assert "prisoner_search: Dead letter after 5 attempts See the dead letters" in shown


async def admit(world: World, correlation: str) -> None:
    """Have a person made in prison, under a correlation id of ours."""
    prison = await world.client("prison", roles=["ROLE_BOOKING_CREATE", "ROLE_VIEW_PRISONER_DATA"])
    body = {"firstName": "Jo", "lastName": "Bloggs", "dateOfBirth": "1990-02-03", "gender": "M"}
    allowed, headers = {"allowNameDuplicate": True}, {"X-Correlation-Id": correlation}
    reply = await prison.post("/api/offenders", json=body, params=allowed, headers=headers)
    assert reply.is_success, reply.text


async def test_times_of_events_are_business_time_on_one_line(world: World, operator: Visitor) -> None:
    await admit(world, f"test-{new_id()}")
    page = await operator.get("/console")
    assert '<time class="tc-nowrap" datetime="2024-03-04T1' in page.text
    assert str(page.url) == f"{BASE_URL}/console"


async def test_the_clock_is_moved_by_its_role_and_by_no_form(world: World, operator: Visitor) -> None:
    mover = await world.client("ui", roles=["ROLE_CONSOLE__CLOCK", "ROLE_CONSOLE__RO"])
    before = world.clock.now()
    assert (await mover.put("/console/clock", json={"advanceSeconds": 60})).status_code == 200
    assert timedelta(seconds=60) <= world.clock.now() - before < timedelta(seconds=120)
    for body in ({"advanceSeconds": -1}, {"advanceSeconds": "soon"}, {"set": "2024-03-05T09:00:00"}, {"set": "never"}):
        assert (await mover.put("/console/clock", json=body)).status_code == 400
    reader = await world.client("ui", roles=["ROLE_CONSOLE__RO"])
    assert (await reader.put("/console/clock", json={"frozen": True})).status_code == 403
    assert (await reader.get("/console/clock")).json()["settable"] is True
