"""How long a search for a person takes among a hundred thousand."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import asyncpg
import httpx2
import uvloop

from benchmarks.frame import Benchmark, Beside, Budget, Figure, in_turn, percentile
from benchmarks.ground import client, hosted, postgres
from throughcare import catalogue
from throughcare.kit.host import Host
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import synthetic_people
from throughcare.services.prisoner_search.identity.model import name_words

ROUNDS, SEARCHES, PEOPLE = 4, 250, 100_000
WHAT = f"""
`POST /prisoner-search/global-search` by first name, last name and date of birth, with a real token, one search after
another, in an index of {PEOPLE:,} synthetic prisoners. Three of four searches are for somebody who is there, the fourth
has another year of birth. The call is made in process. Beside it stands the same look-up as one SQL statement.
"""
STATEMENT = """
    select document from prisoner_search.prisoner
     where last_name_words @> $1 and first_name_words @> $2 and date_of_birth = $3
"""

Wanted = Mapping[str, str]


def measure(folder: Path) -> list[Figure]:
    """The 50th and 99th percentile of a search."""
    return uvloop.run(_measure(folder))


async def _measure(folder: Path) -> list[Figure]:
    services = catalogue.services(["auth", "prisoner_search"])
    with postgres(folder) as dsn:
        connection = await asyncpg.connect(dsn)
        async with hosted(dsn, services) as host:
            wanted = await _index(host)
            await connection.execute("vacuum analyze prisoner_search.prisoner")
            async with client(host, "prisoner_search") as caller:
                contenders: dict[str, Callable[[], Awaitable[list[float]]]] = {
                    "ours": lambda: _search(caller, wanted),
                    "bare": lambda: _select(connection, wanted),
                }
                rounds = await in_turn(ROUNDS, contenders)
        await connection.close()
    return [_figure(rounds, 50, None), _figure(rounds, 99, Budget(50, at_most=True))]


def _figure(rounds: dict[str, list[list[float]]], percent: int, budget: Budget | None) -> Figure:
    ours, bare = ([percentile(one, percent) * 1000 for one in rounds[name]] for name in ("ours", "bare"))
    name = f"search by name and date of birth, p{percent}"
    return Figure(name, "ms", ours, Beside("bare SQL statement", bare), budget)


async def _index(host: Host) -> Sequence[Wanted]:
    """Index the people; a sample of them to look for."""
    runtime = host.runtimes["prisoner_search"]
    seed = runtime.service.seed
    assert seed is not None
    today, chance = datetime(2024, 3, 4, tzinfo=UTC).date(), random.Random(1)
    wanted: list[Wanted] = []
    waiting, indexed = [], 0
    for person in synthetic_people(PEOPLE * 2, today=today, managers=MANAGERS):
        if person.noms is None or not person.bookings:
            continue
        indexed += 1
        waiting.append(person)
        if chance.random() < SEARCHES / PEOPLE and len(wanted) < SEARCHES:
            born = person.date_of_birth if len(wanted) % 4 else person.date_of_birth.replace(year=1900, day=1)
            names = {"firstName": person.first_name, "lastName": person.last_name}
            wanted.append({**names, "dateOfBirth": born.isoformat()})
        if len(waiting) == 1000 or indexed == PEOPLE:
            await seed(runtime.context(), waiting, lambda _: None)
            waiting = []
        if indexed == PEOPLE:
            break
    return wanted


async def _search(caller: httpx2.AsyncClient, wanted: Sequence[Wanted]) -> list[float]:
    found = []
    for number, one in enumerate(wanted):
        started = perf_counter()
        reply = await caller.post("/prisoner-search/global-search", json=one)
        found.append(perf_counter() - started)
        _check(number, reply.raise_for_status().json()["totalElements"])
    return found


def _check(number: int, hits: int) -> None:
    if bool(hits) != bool(number % 4):
        raise RuntimeError("a search did not find who is there, or found who is not")


async def _select(connection: asyncpg.Connection[asyncpg.Record], wanted: Sequence[Wanted]) -> list[float]:
    found = []
    for number, one in enumerate(wanted):
        words = name_words(one["lastName"]), name_words(one["firstName"])
        born = datetime.fromisoformat(one["dateOfBirth"]).date()
        started = perf_counter()
        rows = await connection.fetch(STATEMENT, *words, born)
        found.append(perf_counter() - started)
        _check(number, len(rows))
    return found


BENCHMARK = Benchmark("search", WHAT, measure)
