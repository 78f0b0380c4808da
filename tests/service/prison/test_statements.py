"""What a request costs: how many statements, and none that walks a whole table."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.routing import APIRoute

from tests.service.prison.prisoners import ADMISSION, NAME, Prison
from tests.statements import Executed, analyse, recorded, walks
from tests.world import World
from throughcare import catalogue
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import SyntheticPerson, synthetic_people
from throughcare.services.prison.dev.seeds import booking_id, seed

HOW_MANY = 3000
RECORD, MOVE = 8, 5  # to read somebody whole, and to move them

Case = tuple[str, str, Any, int]


@pytest.fixture(scope="module")
async def person(world: World) -> SyntheticPerson:
    """Somebody in custody with an alert, among thousands."""
    people = list(synthetic_people(HOW_MANY, today=world.clock.today(), managers=MANAGERS))
    await seed(world.context("prison"), people, lambda _: None)
    await analyse(world, "prison")
    return next(one for one in people if one.noms and one.in_custody and one.alerts)


def cases(one: SyntheticPerson) -> dict[str, Case]:
    """A request for each way of asking, in an order that works, and how many statements it may take."""
    door, prison = f"/api/offenders/{one.noms}", one.bookings[-1].prison_id
    latest = booking_id(one, len(one.bookings) - 1)
    identifiers = [
        {"identifierType": "NINO", "identifier": "JE460605B"},
        {"identifierType": "HOREF", "identifier": "T1"},
    ]
    out = {"transferReasonCode": "CRT", "toLocation": "LEEDCC"}
    elsewhere = {"transferReasonCode": "NOTR", "toLocation": "RSI"}
    return {
        "person": ("GET", door, None, RECORD),
        "booking": ("GET", f"/api/bookings/{latest}", None, RECORD),
        "latest booking": ("GET", f"/api/bookings/offenderNo/{one.noms}", None, RECORD),
        "in brief": ("POST", "/api/bookings/offenders", [one.noms, "A0001AA"], 1),
        "prisoner": ("GET", f"/api/prisoners/{one.noms}", None, RECORD),
        "for the index": ("GET", f"/api/prisoner-search/offenders/{one.noms}", None, RECORD),
        "numbers": ("GET", "/api/prisoners/prisoner-numbers", None, 2),
        "identifiers": ("GET", f"{door}/offender-identifiers", None, 2),
        "more identifiers": ("POST", f"{door}/offender-identifiers", identifiers, 4),
        "aliases": ("GET", f"{door}/aliases", None, 2),
        "one more alias": ("POST", f"{door}/aliases", NAME, 3),
        "movements": ("GET", f"/api/movements/offender/{one.noms}", None, 3),
        "all movements": ("GET", f"/api/movements/offender/{one.noms}?allBookings=true", None, 2),
        "prisons": ("GET", "/api/agencies/prisons", None, 0),
        "courts": ("GET", "/api/agencies/type/CRT", None, 0),
        "agency": ("GET", "/api/agencies/LEI", None, 0),
        "to court": ("PUT", f"{door}/court-transfer-out", out, MOVE + 1 + RECORD),
        "from court": ("PUT", f"{door}/court-transfer-in", {"agencyId": prison}, MOVE + 1 + RECORD),
        "absence": ("PUT", f"{door}/temporary-absence-out", {"transferReasonCode": "C5"}, MOVE + 1 + RECORD),
        "back": ("PUT", f"{door}/temporary-absence-arrival", {"agencyId": prison}, MOVE + 1 + RECORD),
        "transfer": ("PUT", f"{door}/transfer-out", elsewhere, MOVE + 1 + RECORD),
        "arrival": ("PUT", f"{door}/transfer-in", {}, MOVE + 1 + RECORD),
        "release": ("PUT", f"{door}/release", {"movementReasonCode": "CR"}, MOVE + 1 + RECORD),
        "recall": ("PUT", f"{door}/recall", {**ADMISSION, "imprisonmentStatus": "LR_ORA"}, MOVE + 2 + RECORD),
        "release again": ("PUT", f"{door}/release", {"movementReasonCode": "CR"}, MOVE + 1 + RECORD),
        "admission": ("POST", f"{door}/booking", ADMISSION, MOVE + 3 + RECORD),
        "new person": ("POST", "/api/offenders", {**NAME, "croNumber": "265416/21G"}, 7 + RECORD - 2),
        "alerts": ("GET", f"/prisoners/{one.noms}/alerts?isActive=true", None, 3),
        "alerts of many": ("POST", "/search/alerts/prison-numbers", [one.noms, "A0001AA"], 1),
        "new alert": ("POST", f"/prisoners/{one.noms}/alerts", {"alertCode": "XTACT"}, 5),
        "alert": ("GET", "/alerts/{alert}", None, 1),
        "changed alert": ("PUT", "/alerts/{alert}", {"description": "seen"}, 5),
        "no alert": ("DELETE", "/alerts/{alert}", None, 5),
        "alert types": ("GET", "/alert-types", None, 0),
        "alert codes": ("GET", "/alert-codes", None, 0),
    }  # fmt: skip


@pytest.fixture(scope="module")
async def asked(world: World, person: SyntheticPerson) -> dict[str, list[Executed]]:
    """What each request asked the database."""
    client, alert, found = (await Prison.of(world)).client, "", {}
    for way, (method, path, body, _) in cases(person).items():
        with recorded(world, "prison") as noted:
            reply = await client.request(method, path.format(alert=alert), json=body)
        assert reply.is_success, (way, reply.text)
        alert = reply.json()["alertUuid"] if way == "new alert" else alert
        found[way] = noted
    return found


async def test_a_request_takes_as_many_statements_as_it_needs(
    asked: dict[str, list[Executed]], person: SyntheticPerson
) -> None:
    expected = {way: statements for way, (_, _, _, statements) in cases(person).items()}
    assert {way: len(noted) for way, noted in asked.items()} == expected


async def test_no_request_walks_a_whole_table_but_to_count_everybody(
    world: World, asked: dict[str, list[Executed]]
) -> None:
    walked = {way: set().union(*await walks(world, noted)) for way, noted in asked.items()}
    assert {way for way, tables in walked.items() if tables} <= {"numbers"}
    paging, counting = sorted(asked["numbers"], key=lambda one: "count(" in one.statement)
    assert "count(" in counting.statement
    assert await walks(world, [paging]) == [set()]


async def test_looking_for_due_alerts_walks_no_table(world: World, person: SyntheticPerson) -> None:
    with recorded(world, "prison") as noted:
        assert await world.host.runtimes["prison"].jobs.run_now("announce-due-alerts") == "ok"
    (looking,) = [one for one in noted if "FROM prison.alert" in one.statement]
    assert await walks(world, [looking]) == [set()]


def test_every_route_is_pinned(person: SyntheticPerson) -> None:
    service = catalogue.service("prison")
    own = [route for router in service.routers() for route in router.api.routes if isinstance(route, APIRoute)]
    asked = [(method, path.partition("?")[0]) for method, path, _, _ in cases(person).values()]
    for route in own:
        hit = [path for method, path in asked if method in (route.methods or ()) and route.path_regex.match(path)]
        assert hit, f"{route.methods} {route.path}"
