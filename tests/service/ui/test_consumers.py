"""Outside bodies in the console: who is behind, what did not arrive and why, and how it is tried again."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest

from tests.service.auth.oauth import new_account
from tests.service.integration.telling import (
    CAPACITY,
    after_the_window,
    consumer_state,
    prison,
    registered,
    room_changed,
)
from tests.service.ui.conftest import Switchboard
from tests.service.ui.test_console import admit
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import PRACTITIONERS
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.integration.dev.seeds import register_demonstration

LIST = "/console/consumers"
REFUSED_TEN_TIMES = "delivered_at = null, dead_at = now(), attempts = 10, last_error = 'Refused'"
REFUSED_ONCE = (
    "delivered_at = null, attempts = 3, last_error = 'Too large', available_at = now() + interval '5 minutes'"
)
NOT_SENT = "delivered_at = null, attempts = 0, available_at = now() + interval '1 hour'"
SAD = ["/console/consumers/nobody", "/console/consumers/nobody/retry", "/console/consumers/nobody/suspension",
       "/console/consumers/%3Cscript%3E", "/console/consumers/" + "x" * 3_000,
       "/console/notifications/999999999", f"/console/events/nowhere/told/{UUID(int=1)}"]  # fmt: skip


async def told(world: World, name: str, count: int = 1) -> list[str]:
    """The prisons of notifications that a new consumer's queue holds."""
    await registered(world, name)
    codes = [prison() for _ in range(count)]
    await room_changed(world, *codes)
    await after_the_window(world)
    return codes


async def change(world: World, name: str, values: str, position: int = 0) -> None:
    """Make deliveries to a consumer stand as if this had happened: all of them, or the one at a place."""
    await world.fetch(
        f"update integration.delivery set {values} where consumer = $1 and $2::bigint in (0, position)", name, position
    )


async def main(operator: Visitor, path: str) -> str:
    """What a page of the console says."""
    page = await operator.get(path)
    assert page.status_code == 200, words(page)
    return words(page)


@pytest.fixture(scope="module")
async def reader(world: World, services: Switchboard) -> Visitor:
    """Somebody who may look and do nothing."""
    account = await new_account(world)
    async with world.context("auth").uow as uow:
        await uow.store(AccountStore).grant_role(account.user_id, "CONSOLE__RO", by="TEST", at=uow.now)
    made = browser(world)
    await made.sign_in(account.username)
    return made


async def test_the_list_tells_of_each_how_far_it_is_and_the_overview_leads_there(
    world: World, operator: Visitor
) -> None:
    await told(world, "well-body", 2)
    shown = await main(operator, LIST)
    stamp = "4 Mar 2024, 12:"
    assert f"well-body On time 0 None 0 {stamp}" in shown
    assert "kiosk-demo On time 0 None 0 None yet" in shown
    await registered(world, "reading-body", queueName=None)
    assert "reading-body On time 0 None 0 Reads the feed" in await main(operator, LIST)
    page = await operator.get("/console")
    assert "consumers are registered; 0 notifications wait for them." in words(page)
    assert f'href="{LIST}"' in page.text


async def test_a_consumer_that_is_behind_is_told_of_at_the_top_with_the_command_until_it_is_suspended(
    world: World, operator: Visitor
) -> None:
    await told(world, "late-body", 2)
    await change(world, "late-body", NOT_SENT)
    age_it = "update integration.notification n set distributed_at = $1 from integration.delivery d"
    where = "where d.notification_id = n.event_id and d.consumer = 'late-body'"
    await world.fetch(f"{age_it} {where}", world.clock.now() - timedelta(minutes=20))
    problem = "2 notifications waiting for late-body, the oldest for 20 minutes."
    for path in ("/console", "/", LIST):
        assert f"{problem} See whether the worker of integration runs: throughcare work integration" in await main(
            operator, path
        )
    assert "late-body Behind 2 20 minutes 0" in await main(operator, LIST)
    await world.fetch("update integration.lane set failures = 4, last_error = 'BusUnavailable' where consumer = $1",
                      "late-body")  # fmt: skip
    advice = "Its queue failed 4 times in a row. See what is wrong with it: throughcare consumers show late-body"
    assert f"{problem} {advice}" in await main(operator, "/console")
    assert "late-body Queue away 2" in await main(operator, LIST)
    assert "Its queue failed 4 times in a row (BusUnavailable)." in await main(operator, f"{LIST}/late-body")
    await world.fetch("update integration.consumer set suspended = true where name = 'late-body'")
    assert problem not in await main(operator, "/console"), "it was decided that it waits"
    assert "late-body Suspended 2" in await main(operator, LIST)


async def test_what_was_given_up_is_shown_with_its_error_and_tried_again_after_confirmation(
    world: World, operator: Visitor
) -> None:
    await told(world, "dead-body", 3)
    await change(world, "dead-body", REFUSED_TEN_TIMES)
    problem = (
        "3 deliveries to dead-body given up after too many attempts. Mend the cause, then try again: "
        "throughcare consumers retry dead-body"
    )
    assert problem in await main(operator, "/console")
    assert "dead-body Dead deliveries 0 None 3" in await main(operator, LIST)
    own = f"{LIST}/dead-body"
    page = await operator.get(own)
    assert "PRISON_CAPACITY_CHANGED, notification" in words(page)
    assert "10 Refused Try again to deliver notification" in words(page)
    assert f'href="{own}/retry?position=2"' in page.text
    form = await operator.get(f"{own}/retry?position=2")
    assert heading(form) == "Try delivery 2 again"
    answer = await operator.send(form, f"{own}/retry", {"position": "2"})
    assert (answer.status_code, answer.headers["location"]) == (303, own)
    assert "Success What had failed is tried again." in await main(operator, own)
    await world.drain()
    state = await consumer_state(world, "dead-body")
    assert (state["dead"], state["waiting"], state["delivered"]) == (2, 0, 1)
    nothing = await operator.send(form, f"{own}/retry", {"position": "2"})
    assert nothing.status_code == 303
    assert "Important There is nothing to try again: it has arrived meanwhile." in await main(operator, own)
    form = await operator.get(f"{own}/retry")
    assert heading(form) == "Try again what dead-body did not get"
    assert "2 deliveries are tried at once" in words(form)
    assert (await operator.send(form, f"{own}/retry")).status_code == 303
    await world.drain()
    assert (await consumer_state(world, "dead-body"))["delivered"] == 3
    assert "Nothing was given up for dead-body." in await main(operator, f"{own}/retry")
    assert "given up after" not in await main(operator, "/console")


async def test_what_failed_and_waits_for_its_next_attempt_is_tried_at_once(world: World, operator: Visitor) -> None:
    await told(world, "stuck-body", 2)
    await change(world, "stuck-body", REFUSED_ONCE, 1)
    await change(world, "stuck-body", NOT_SENT, 2)
    own = f"{LIST}/stuck-body"
    page = await operator.get(own)
    assert "3 Too large Try again to deliver" in words(page)
    assert "0 None Comes by itself" in words(page)
    form = await operator.get(f"{own}/retry?position=1")
    assert (await operator.send(form, f"{own}/retry", {"position": "1"})).status_code == 303
    await world.drain()
    state = await consumer_state(world, "stuck-body")
    assert (state["waiting"], state["delivered"]) == (1, 1), "the other keeps its time"


async def test_a_policy_is_told_in_words(world: World, operator: Visitor) -> None:
    await registered(world, "limited-body", filters={"prisons": ["MDI", "LEI"], "supervisionStatuses": []})
    shown = await main(operator, f"{LIST}/limited-body")
    assert "Event types 1 type Which PRISON_CAPACITY_CHANGED" in shown
    assert "Prisons MDI, LEI Supervision statuses None, so nothing reaches it Roles None" in shown
    assert f"Further endpoints {CAPACITY}" in shown
    assert "Told by its queue consumer_limited_body and the feed On its queue 0 messages that it has not read" in shown
    assert "Newest place None: nothing was for it so far" in shown
    assert "Nothing waits for it." in shown
    assert "Nothing was given up." in shown
    await registered(world, "mute-body", include=[], queueName=None, feed=False)
    shown = await main(operator, f"{LIST}/mute-body")
    assert "Event types None: it is told nothing Prisons Every prison, and what is about none" in shown
    assert "Told by no door: it is told nothing" in shown


async def test_more_than_a_page_holds_is_counted(world: World, operator: Visitor) -> None:
    await told(world, "busy-body", 60)
    await change(world, "busy-body", NOT_SENT)
    await change(world, "busy-body", REFUSED_TEN_TIMES, 60)
    shown = await main(operator, f"{LIST}/busy-body")
    assert "Shown are the 50 oldest of 59." in shown
    await change(world, "busy-body", REFUSED_TEN_TIMES)
    assert "then try again. Shown are the 50 oldest of 60." in await main(operator, f"{LIST}/busy-body")
    await change(world, "busy-body", "delivered_at = now(), dead_at = null")


async def test_a_consumer_is_suspended_and_told_again_after_confirmation(world: World, operator: Visitor) -> None:
    await told(world, "held-body")
    own = f"{LIST}/held-body"
    form = await operator.get(f"{own}/suspension")
    assert heading(form) == "Suspend held-body"
    assert "throughcare consumers suspend held-body" in words(form)
    answer = await operator.send(form, f"{own}/suspension", {"suspended": "yes"})
    assert (answer.status_code, answer.headers["location"]) == (303, own)
    assert "The consumer is suspended: what is for it is held." in await main(operator, own)
    await room_changed(world, prison())
    await after_the_window(world)
    shown = await main(operator, own)
    assert "Suspended What is for it is held until the suspension ends. End the suspension" in shown
    assert "Waiting 1 notification, the oldest for" in shown
    form = await operator.get(f"{own}/suspension")
    assert heading(form) == "End the suspension of held-body"
    assert "1 notification that was held is told at once" in words(form)
    assert (await operator.send(form, f"{own}/suspension", {"suspended": "no"})).status_code == 303
    assert "The suspension has ended: what was held is told now." in await main(operator, own)
    await world.drain()
    assert (await consumer_state(world, "held-body"))["delivered"] == 2


async def test_from_an_event_to_each_consumers_queue(world: World, operator: Visitor, services: Switchboard) -> None:
    correlation = f"test-{new_id()}"
    await admit(world, correlation)
    await world.drain()
    chain = await operator.get(f"/console/events/{correlation}")
    (event_id,) = {str(one["eventId"]) for one in await world.events("prisoner-offender-search.prisoner.created")
                   if one["correlationId"] == correlation}  # fmt: skip
    way = f"/console/events/{correlation}/told/{event_id}"
    assert f'href="{way}"' in chain.text
    shown = await main(operator, way)
    assert "prisoner-offender-search.prisoner.created, 4 Mar 2024, " in shown
    assert re.search(r"Collects further changes 4 Mar 2024, [\d:]+ Not yet decided", shown)
    await after_the_window(world)
    page = await operator.get(way)
    assert "PERSON_STATUS_CHANGED, notification" in words(page)
    assert "mapps-demo Delivered 4 Mar 2024, " in words(page)
    assert "kiosk-demo Delivered" not in words(page)
    assert re.search(r"[A-Z_]+, 4 Mar 2024, [\d:]+: The event does not tell the prison\.", words(page))
    (row, *_) = await world.fetch(
        "select event_id from integration.notification where source_event_ids @> array[$1::uuid]"
        " and event_type = 'PERSON_STATUS_CHANGED'", event_id
    )  # fmt: skip
    one = await main(operator, f"/console/notifications/{row['event_id']}")
    assert "PERSON_STATUS_CHANGED, because of 1 domain event." in one
    assert event_id in one
    assert "State Nothing of it waits" in one
    assert re.search(r"mapps-demo Delivered 4 Mar 2024, [\d:]+ 1 None None needed", one)
    dead = f"set {REFUSED_TEN_TIMES} where notification_id = $1 and consumer = 'mapps-demo'"
    await world.fetch(f"update integration.delivery {dead}", row["event_id"])
    again = f"Try again to deliver notification {row['event_id']} to mapps-demo"
    assert f"mapps-demo Dead: Refused {again}" in await main(operator, way)
    assert f"mapps-demo Dead Not yet 10 Refused {again}" in await main(
        operator, f"/console/notifications/{row['event_id']}"
    )
    await world.fetch(
        "insert into integration.refusal (source_event_id, domain_event, event_type, reason, refused_at)"
        " values ($1, 'x', 'PRISON_REGIME_CHANGED', 'locationKey-invalid', $2)", new_id(), world.clock.now()
    )  # fmt: skip
    assert "PRISON_REGIME_CHANGED" not in await main(operator, way), "that was another event"
    with services.away("integration"):
        partly = await main(operator, way)
        overview = await main(operator, "/console")
        listed = await main(operator, LIST)
        away = await operator.get(f"{LIST}/mapps-demo")
    assert "Not everything may be shown: integration did not answer." in partly
    assert partly.count("Could not be read: the integration service does not answer.") == 2
    assert "prisoner-offender-search.prisoner.created" in partly
    assert "Outside bodies Could not be read." in overview
    assert "prisoner_search Up 0" in overview
    assert "The integration service does not answer, so nothing can be shown." in listed
    assert away.status_code == 503


async def test_an_event_that_tells_nobody_anything_says_so(world: World, operator: Visitor) -> None:
    correlation = f"test-{new_id()}"
    await admit(world, correlation)
    await world.drain()
    (event_id,) = {str(one["eventId"]) for one in await world.events("prison.person.created")
                   if one["correlationId"] == correlation}  # fmt: skip
    shown = await main(operator, f"/console/events/{correlation}/told/{event_id}")
    assert "None. The event triggers no type that outside bodies are told of" in shown


async def test_an_event_that_could_not_be_handled_leads_to_its_dead_letter(world: World, operator: Visitor) -> None:
    correlation = f"test-{new_id()}"
    await admit(world, correlation)
    await world.drain()
    event = next(one for one in await world.events("prisoner-offender-search.prisoner.created")
                 if one["correlationId"] == correlation)  # fmt: skip
    await world.fetch(
        "update integration.inbox set processed_at = null, outcome = 'dead', attempts = 5 where event_id = $1",
        event["eventId"],
    )
    await world.fetch("delete from integration.notification where source_event_ids @> array[$1::uuid]",
                      event["eventId"])  # fmt: skip
    shown = await main(operator, f"/console/events/{correlation}/told/{event['eventId']}")
    assert "Integration: Dead letter. See why among the dead letters" in shown
    assert "None so far: the event has not been handled." in shown


async def test_whoever_may_only_look_is_offered_nothing_else(world: World, reader: Visitor) -> None:
    await told(world, "watched-body")
    await change(world, "watched-body", REFUSED_TEN_TIMES)
    own = f"{LIST}/watched-body"
    looking = await world.client("ui", roles=["ROLE_CONSOLE__RO"])
    page = await reader.get(own)
    assert "10 Refused" in words(page)
    assert "/retry" not in page.text
    assert "/suspension" not in page.text
    for path in (f"{own}/retry", f"{own}/suspension"):
        reply = await reader.get(path)
        assert (reply.status_code, heading(reply)) == (403, "You do not have permission to view this page")
        sent = await looking.post(path, data={"suspended": "yes"})
        assert (sent.status_code, sent.json()["errorCode"]) == (403, "ROLE_MISSING")
    assert (await consumer_state(world, "watched-body"))["dead"] == 1
    await change(world, "watched-body", "delivered_at = now(), dead_at = null")


async def test_a_form_without_its_token_changes_nothing(world: World, operator: Visitor) -> None:
    await told(world, "forged-body")
    for path in (f"{LIST}/forged-body/suspension", f"{LIST}/forged-body/retry"):
        reply = await operator.http.post(path, data={"suspended": "yes"}, headers={"Origin": "http://throughcare.test"})
        assert reply.status_code == 403
    assert (await consumer_state(world, "forged-body"))["suspended"] is False


@pytest.mark.parametrize("position", ["0", "-1", "x", str(2**63)])
async def test_a_place_that_is_none_is_refused(operator: Visitor, position: str) -> None:
    assert (await operator.get(f"{LIST}/mapps-demo/retry?position={position}")).status_code == 400
    form = await operator.get(f"{LIST}/mapps-demo/suspension")
    assert (await operator.send(form, f"{LIST}/mapps-demo/retry", {"position": position})).status_code == 400


@pytest.mark.parametrize("path", SAD)
async def test_what_is_not_there_is_a_page_that_says_so(operator: Visitor, path: str) -> None:
    reply = await operator.get(path)
    assert (reply.status_code, heading(reply)) == (404, "Page not found")


async def test_these_pages_are_not_for_practitioners(world: World, services: Switchboard) -> None:
    visitor = browser(world)
    await visitor.sign_in(PRACTITIONERS[0].username)
    for path in (LIST, f"{LIST}/mapps-demo", "/console/notifications/1"):
        assert (await visitor.get(path)).status_code == 403
    await visitor.http.aclose()


async def test_where_nobody_is_registered_the_page_says_how(world: World, operator: Visitor) -> None:
    await world.fetch("delete from integration.consumer")
    try:
        assert "No consumer is registered." in await main(operator, LIST)
        assert "throughcare consumers add NAME --role ROLE" in await main(operator, LIST)
        assert "Nobody is registered." in await main(operator, "/console")
    finally:
        await register_demonstration(world.host.runtimes["integration"])
