"""What operators may do and see: consumers, explanations, replay, and a notification's way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.service.integration.telling import (
    CAPACITY,
    KEEPER,
    after_the_window,
    consumer_state,
    notifications,
    opened_case,
    operators,
    prison,
    prisons_of,
    publish,
    registered,
    room_changed,
    told,
)
from tests.service.prison.prisoners import Prison
from tests.world import World

ADMIN = "ROLE_QUEUE_ADMIN"


async def explained(world: World, *questions: dict[str, Any]) -> list[dict[str, Any]]:
    """What the running system says that events lead to."""
    client = await operators(world)
    reply = await client.post("/v1/explanations/events", json={"questions": list(questions)})
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["answers"]
    return found


async def test_a_registered_consumer_is_told_from_then_on_and_a_change_of_its_configuration_counts_at_once(
    world: World,
) -> None:
    made = await registered(world, "fresh-body", filters={"prisons": ["LEI"]})
    assert made == {
        "name": "fresh-body", "queueName": "consumer_fresh_body", "feed": True, "suspended": False,
        "policy": {"eventType": ["PRISON_CAPACITY_CHANGED"], "prisonId": ["LEI"]},
    }  # fmt: skip
    await room_changed(world, "MDI")
    await after_the_window(world)
    assert await told(world, "fresh-body") == []
    await room_changed(world, "MDI")
    await world.drain()
    await registered(world, "fresh-body", filters={"prisons": ["MDI"]})
    await after_the_window(world)
    assert prisons_of(await told(world, "fresh-body")) == ["MDI"]


async def test_a_change_of_configuration_does_not_end_a_suspension(world: World) -> None:
    await registered(world, "strict-body")
    keepers = await world.client("integration", roles=[KEEPER])
    assert (await keepers.put("/v1/consumers/strict-body/suspension", json={"suspended": True})).json()["suspended"]
    assert (await registered(world, "strict-body", feed=False))["suspended"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("fine-body", {"roles": ["no-such-role"]}),
        ("fine-body", {"filters": {"colour": ["red"]}}),
        ("fine-body", {"include": ["/v1/("]}),
        ("fine-body", {"roles": ["ext-prisons-private-prison"]}),
        ("fine-body", {"queueName": "Not A Queue"}),
        ("fine-body", {"queueName": "consumer_mapps_demo"}),
        ("fine-body", {"roles": "full-access"}),
        ("Not-Fine", {}),
    ],
)
async def test_a_configuration_that_cannot_work_is_refused(world: World, name: str, body: dict[str, Any]) -> None:
    keepers = await world.client("integration", roles=[KEEPER])
    assert (await keepers.put(f"/v1/consumers/{name}", json=body)).status_code == 400
    assert (await (await operators(world)).get(f"/v1/consumers/{name}")).status_code == 404


async def test_only_keepers_register_and_only_operators_look(world: World) -> None:
    reader, consumer = await operators(world), await world.client(
        "integration", roles=["ROLE_INTEGRATION__CONSUMER"], client_id="mapps-demo"
    )  # fmt: skip
    for client in (reader, consumer):
        assert (await client.put("/v1/consumers/any-body", json={})).status_code == 403
        assert (await client.put("/v1/consumers/mapps-demo/suspension", json={"suspended": True})).status_code == 403
        assert (await client.post("/v1/consumers/mapps-demo/replay", json={})).status_code == 403
        assert (await client.post("/v1/consumers/mapps-demo/retry", json={})).status_code == 403
    for path in ("consumers", "notifications?hmppsId=X1", "deliveries", "refusals", "totals"):
        assert (await consumer.get(f"/v1/{path}")).status_code == 403
    assert (await consumer.post("/v1/explanations/events", json={"questions": [{"event": {}}]})).status_code == 403


async def test_the_way_of_a_notification_leads_from_its_events_to_each_queue(world: World) -> None:
    crn = await opened_case(world)
    await after_the_window(world)
    await told(world, "mapps-demo")
    causes = [
        await publish(world, "probation-case.registration.added", crn=crn, registerTypeCode="MAPP") for _ in range(2)
    ]
    await after_the_window(world)
    client = await operators(world)
    (found,) = (await client.get("/v1/notifications", params={"sourceEventId": causes[1]})).json()["notifications"]
    assert found["sourceEventIds"] == causes
    assert (found["status"], found["path"]) == ("PROCESSED", f"/v1/persons/{crn}/risks/mappadetail")
    (delivery,) = found["deliveries"]
    assert (delivery["consumer"], delivery["state"], delivery["attempts"]) == ("mapps-demo", "DELIVERED", 1)
    assert (await client.get(f"/v1/notifications/{found['eventId']}")).json() == found
    assert found in await notifications(world, crn)
    assert (await client.get("/v1/notifications/999999999")).status_code == 404
    assert (await client.get("/v1/notifications")).status_code == 400


async def test_what_could_not_be_told_is_on_record(world: World) -> None:
    crn = await opened_case(world)
    cause = await publish(world, "prison-visit.booked", crn=crn)
    await world.drain()
    refused = (await (await operators(world)).get("/v1/refusals", params={"limit": 2})).json()
    assert {(one["sourceEventId"], one["eventType"], one["reason"]) for one in refused} == {
        (cause, "PRISON_VISITS_CHANGED", "prisonId-missing"), (cause, "VISIT_CHANGED", "visitReference-missing"),
    }  # fmt: skip


async def test_a_replay_tells_one_consumer_again_and_only_what_it_may_hear(world: World) -> None:
    leeds, durham = prison(), prison()
    await registered(world, "again-body", filters={"prisons": [leeds, durham]})
    await registered(world, "bystander-body")
    began = world.clock.now()
    await room_changed(world, leeds, durham)
    await after_the_window(world)
    await registered(world, "again-body", filters={"prisons": [leeds]})
    first = await told(world, "again-body")
    await told(world, "bystander-body")
    admins = await world.client("integration", roles=[ADMIN])
    wanted = {"since": began.isoformat(), "eventType": "PRISON_CAPACITY_CHANGED"}
    assert (await admins.post("/v1/consumers/again-body/replay", json=wanted)).json() == {"count": 1}
    await world.drain()
    again = await told(world, "again-body")
    assert again == [one for one in first if one["prisonId"] == leeds]
    assert await told(world, "bystander-body") == []
    nothing = {"until": began.isoformat(), "hmppsId": "X1"}
    assert (await admins.post("/v1/consumers/again-body/replay", json=nothing)).json() == {"count": 0}
    assert (await admins.post("/v1/consumers/no-body/replay", json={})).status_code == 404


async def test_an_explanation_agrees_with_what_is_then_delivered(world: World) -> None:
    whole = await Prison.of(world)
    noms = await whole.prisoner()
    await registered(world, "hearing-body", include=[], roles=["full-access"])
    await registered(world, "narrow-body", include=[], roles=["full-access"], filters={"supervisionStatuses": ["NONE"]})
    await after_the_window(world)
    await told(world, "hearing-body")
    received = "prisoner-offender-search.prisoner.received"
    event = {
        "eventType": received, "version": 1,
        "occurredAt": world.clock.now().isoformat(),
        "personReference": {"identifiers": [{"type": "NOMS", "value": noms}]}, "additionalInformation": {},
    }  # fmt: skip
    (answer,) = await explained(world, {"event": event})
    await publish(world, received, noms=noms)
    await after_the_window(world)
    heard = await told(world, "hearing-body")
    base = heard[0]["url"].partition("/v1/")[0]
    assert sorted((one["eventType"], one["url"].removeprefix(base), one["prisonId"]) for one in heard) == sorted(
        (one["eventType"], one["path"], one["prisonId"]) for one in answer["notifications"]
    )
    assert len(heard) == 23
    assert all("hearing-body" in one["consumers"] for one in answer["notifications"])
    assert not any("narrow-body" in one["consumers"] for one in answer["notifications"])
    assert {one["supervisionStatus"] for one in answer["notifications"]} == {"PRISONS"}


async def test_an_explanation_can_be_given_other_consumers_flags_and_answers(world: World) -> None:
    event = {"eventType": "prison-visit.booked", "occurredAt": "2024-08-14T12:33:34+01:00", "prisonerId": "A5194DY"}
    consumers = {"one": {"include": [CAPACITY], "queueName": "q"}, "two": {"roles": ["full-access"], "queueName": "q"}}
    given, asked = await explained(
        world,
        {"event": event, "consumers": consumers, "lookups": {"nomsToCrn": {"A5194DY": "D453210"}}},
        {"event": event, "consumers": consumers},
    )
    assert [(one["path"], one["consumers"]) for one in given["notifications"]] == [
        ("/v1/persons/D453210/visit/future", ["two"])
    ]
    assert [one["path"] for one in asked["notifications"]] == ["/v1/persons/A5194DY/visit/future"]
    assert {one["reason"] for one in asked["refused"]} == {"prisonId-missing", "visitReference-missing"}


async def test_a_configuration_is_explained_without_being_registered(world: World) -> None:
    client = await operators(world)
    body = {
        "config": {"include": [CAPACITY], "filters": {"prisons": ["LEI"]}, "queueName": "q"},
        "event": {"eventType": "PRISON_CAPACITY_CHANGED", "prisonId": "LEI"},
        "path": "/v1/prison/LEI/capacity",
    }
    assert (await client.post("/v1/explanations/consumers", json=body)).json() == {
        "policy": {"eventType": ["PRISON_CAPACITY_CHANGED"], "prisonId": ["LEI"]}, "deliver": True, "authorised": True,
    }  # fmt: skip


async def test_how_far_a_consumer_is_behind_is_shown_and_measured(world: World) -> None:
    await registered(world, "lagging-body")
    keepers = await world.client("integration", roles=[KEEPER])
    await keepers.put("/v1/consumers/lagging-body/suspension", json={"suspended": True})
    await room_changed(world, prison(), prison())
    await after_the_window(world)
    world.clock.advance(timedelta(minutes=2))
    state = await consumer_state(world, "lagging-body")
    assert (state["waiting"], state["delivered"], state["position"]) == (2, 0, 2)
    assert 120 <= state["lagSeconds"] < 600
    page = (await world.anonymous("integration").get("/metrics")).text
    assert 'integration_deliveries{consumer="lagging-body",state="waiting"} 2.0' in page
    assert 'integration_lag_seconds{consumer="lagging-body"} 1' in page
    assert "integration_oldest_due_seconds" in page
    assert 'integration_notifications_stored_total{event_type="PRISON_CAPACITY_CHANGED"}' in page
