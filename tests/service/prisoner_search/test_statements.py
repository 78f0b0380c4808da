"""What a request and a reaction cost: how many statements, and none that walks a whole table."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from fastapi.routing import APIRoute

from tests.service.prison.prisoners import NAME
from tests.service.prisoner_search.custody import Custody, publish
from tests.statements import Executed, analyse, recorded, walks
from tests.world import World
from throughcare import catalogue
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import SyntheticPerson, synthetic_people
from throughcare.services.prison.dev.seeds import seed as seed_prison
from throughcare.services.prisoner_search.dev.seeds import seed as seed_index

HOW_MANY = 3000
PRISONS = ["LEI", "MDI", "WWI", "PVI", "NHI", "OUT"]


@pytest.fixture(scope="module")
async def person(world: World) -> SyntheticPerson:
    """Somebody with a cell, an alias and a namesake or two, among thousands."""
    people = list(synthetic_people(HOW_MANY, today=world.clock.today(), managers=MANAGERS))
    for name, seed in (("prison", seed_prison), ("prisoner_search", seed_index)):
        await seed(world.context(name), people, lambda _: None)
        await analyse(world, name)
    return next(one for one in people if one.noms and one.in_custody and one.aliases and one.alerts)


Case = tuple[str, str, dict[str, Any] | None, int]


def cases(one: SyntheticPerson) -> dict[str, Case]:
    """A request for each way of asking, and how many statements it may take."""
    born, prison = one.date_of_birth.isoformat(), one.bookings[-1].prison_id
    name = {"firstName": one.first_name, "lastName": one.last_name}
    whole = {**name, "dateOfBirth": born}
    listed, nobody = f"/prison/{prison}/prisoners", {"lastName": "Nemo", "dateOfBirth": "1901-02-03"}
    other = {"firstName": one.aliases[0].first_name, "lastName": one.aliases[0].last_name}
    keys = {"pncNumber": "1901/1A", "croNumber": "1/01A", "nomsNumber": "Z9999ZZ"}
    wild = {"firstName": f"{one.first_name[:2]}*", "lastName": f"{one.last_name[:3]}*", "prisonIds": PRISONS}
    return {
        "one": ("GET", f"/prisoner/{one.noms}", None, 1),
        "numbers": ("POST", "/prisoner-search/prisoner-numbers", {"prisonerNumbers": [one.noms, "A0001AA"]}, 1),
        "bookings": ("POST", "/prisoner-search/booking-ids", {"bookingIds": [1, 2, 3]}, 1),
        "prison": ("GET", f"/prisoner-search/prison/{prison}", None, 1),
        "beyond the last page": ("GET", f"/prisoner-search/prison/{prison}?page=99", None, 2),
        "name": ("POST", "/global-search", whole, 1),
        "last name": ("POST", "/global-search", {"lastName": one.last_name}, 1),
        "first name outside": ("POST", "/global-search", {"firstName": one.first_name, "location": "OUT"}, 1),
        "alias": ("POST", "/global-search", {**other, "includeAliases": True, "gender": "M"}, 1),
        "identifier": ("POST", "/global-search", {"prisonerIdentifier": one.pnc}, 1),
        "booking id": ("POST", "/global-search", {"prisonerIdentifier": "7"}, 1),
        "no identifier, then name": ("POST", "/global-search", {"prisonerIdentifier": "Z9999ZZ", **name}, 2),
        "within prisons": ("POST", "/prisoner-search/match-prisoners", {**name, "prisonIds": [prison]}, 1),
        "match": ("POST", "/match-prisoners", whole, 1),
        "no match": ("POST", "/match-prisoners", {**nobody, **keys, "firstName": "Captain"}, 8),
        "no match by name": ("POST", "/match-prisoners", {"lastName": "Nemo"}, 4),
        "possible": ("POST", "/prisoner-search/possible-matches", {**whole, "pncNumber": one.pnc}, 1),
        "detail": ("POST", "/prisoner-detail", {**whole, "prisonIds": PRISONS}, 1),
        "detail by wildcards": ("POST", "/prisoner-detail", wild, 1),
        "detail by PNC": ("POST", "/prisoner-detail", {"pncNumber": f"{one.pnc[:9]}*", "prisonIds": PRISONS}, 1),
        "detail by CRO": ("POST", "/prisoner-detail", {"croNumber": "2654*", "prisonIds": PRISONS}, 1),
        "detail by number": ("POST", "/prisoner-detail", {"nomsNumber": "A01*", "prisonIds": [prison]}, 1),
        "people": ("GET", listed, None, 1),
        "people by words": ("GET", f"{listed}?term={one.first_name[:3]}+{one.last_name[:2]}", None, 1),
        "people by alerts": ("GET", f"{listed}?alerts={one.alerts[0]}&sort=cellLocation&cellLocationPrefix=1", None, 1),
        "check": ("PUT", f"/maintain-index/index-prisoner/{one.noms}", None, 4),
        "refresh": ("PUT", "/refresh-index", None, 1),
        "progress": ("GET", "/refresh-index", None, 2),
    }  # fmt: skip


@pytest.fixture(scope="module")
async def asked(world: World, person: SyntheticPerson) -> dict[str, list[Executed]]:
    """What each request asked the index's database."""
    custody = await Custody.of(world)
    found = {}
    for way, (method, path, body, _) in cases(person).items():
        with recorded(world, "prisoner_search") as noted:
            reply = await custody.search.request(method, path, json=body)
        assert reply.is_success, (way, reply.text)
        found[way] = noted
    await world.fetch("update prisoner_search.refresh set finished_at = now() returning 1")
    return found


async def test_a_request_takes_as_many_statements_as_it_needs(
    asked: dict[str, list[Executed]], person: SyntheticPerson
) -> None:
    expected = {way: statements for way, (_, _, _, statements) in cases(person).items()}
    assert {way: len(noted) for way, noted in asked.items()} == expected


async def test_no_request_walks_a_whole_table(world: World, asked: dict[str, list[Executed]]) -> None:
    walked = {way: set().union(*await walks(world, noted)) for way, noted in asked.items()}
    few = {"refresh", "refresh_failure"}
    assert {way: tables for way, tables in walked.items() if tables - few} == {}


def test_every_route_is_pinned(person: SyntheticPerson) -> None:
    service = catalogue.service("prisoner_search")
    own = [route for router in service.routers() for route in router.api.routes if isinstance(route, APIRoute)]
    asked = [(method, path.partition("?")[0]) for method, path, _, _ in cases(person).values()]
    for route in own:
        hit = [path for method, path in asked if method in (route.methods or ()) and route.path_regex.match(path)]
        assert hit, f"{route.methods} {route.path}"


@pytest.mark.parametrize(
    ("how", "prison_reads", "index_statements"),
    [
        ("what is known", 8, 3),
        ("an alert", 8, 6),
        ("another name", 8, 7),
    ],
)
async def test_a_reaction_takes_as_many_statements_as_it_needs(
    world: World, person: SyntheticPerson, how: str, prison_reads: int, index_statements: int
) -> None:
    custody = await Custody.of(world)
    number = await custody.prisoner()
    prison = custody.prison.client
    if how == "an alert":
        await prison.post(f"/prisoners/{number}/alerts", json={"alertCode": "XA"})
    elif how == "another name":
        await prison.post(f"/api/offenders/{number}/aliases", json=NAME)
    else:
        (event, *_) = [one for one in await world.events("prison.person.created") if number in str(one)]
        await publish(world, [{**event, "eventId": str(new_id())}])
    relay, (consumer,) = world.host.runtimes["prison"].relay, world.host.runtimes["prisoner_search"].consumers
    while await relay.step():
        pass
    with recorded(world, "prison", "prisoner_search") as noted:
        handled = await consumer.step()
    assert handled == 1
    by_service = Counter(one.service for one in noted)
    assert by_service == {"prison": prison_reads, "prisoner_search": index_statements}, noted


async def test_a_page_of_a_refresh_takes_three_statements_and_four_for_each_prisoner(
    world: World, person: SyntheticPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("throughcare.services.prisoner_search.refresh.jobs.PAGE", 20)
    custody = await Custody.of(world)
    await custody.search.put("/refresh-index")
    (worker,) = world.host.runtimes["prisoner_search"].service.workers
    with recorded(world, "prisoner_search") as noted:
        checked = await worker.step(world.host.runtimes["prisoner_search"].context())
    assert checked == 20
    assert len(noted) == 3 + 4 * checked
    assert set().union(*await walks(world, noted)) <= {"refresh"}
    await world.fetch("update prisoner_search.refresh set finished_at = now() returning 1")
