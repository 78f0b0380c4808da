"""What only the PostgreSQL bus promises: its installation, its role's rights, its number of statements."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from tests.conformance.brokers import ROLE, PostgresBroker
from throughcare.kit.messaging.bus import Outgoing, QueueSpec
from throughcare.kit.messaging.pgmq import PgmqBus, grant, install


@pytest.fixture(scope="module")
async def bus(postgres: PostgresBroker) -> AsyncIterator[PgmqBus]:
    """A started bus of the bus's role."""
    started = PgmqBus(url(postgres, user=ROLE))
    await started.start()
    yield started
    await started.close()


def url(postgres: PostgresBroker, *, user: str = "postgres", database: str = "postgres") -> str:
    """The URL of a database on the server."""
    parts = urlsplit(postgres.owner_dsn)
    return urlunsplit(parts._replace(netloc=f"{user}@", path=f"/{database}"))


async def as_owner(postgres: PostgresBroker, statement: str, database: str = "postgres") -> object:
    """The first value that ``statement`` gives the database's owner."""
    owner = await asyncpg.connect(url(postgres, database=database))
    try:
        return await owner.fetchval(statement)
    finally:
        await owner.close()


async def test_several_processes_may_install_at_once(postgres: PostgresBroker) -> None:
    await as_owner(postgres, "create database fresh")

    async def deploy() -> None:
        owner = await asyncpg.connect(url(postgres, database="fresh"))
        await install(owner)
        await grant(owner, ROLE)
        await owner.close()

    await asyncio.gather(*(deploy() for _ in range(4)))
    bus = PgmqBus(url(postgres, user=ROLE, database="fresh"))
    await bus.start()
    await asyncio.gather(*(bus.create_queue(QueueSpec("arrivals")) for _ in range(4)))
    await bus.send("arrivals", [Outgoing("k", "body")])
    assert len(await bus.receive("arrivals")) == 1
    await bus.close()


async def test_a_queue_that_the_owner_made_is_open_to_the_role(postgres: PostgresBroker, bus: PgmqBus) -> None:
    await as_owner(postgres, "select bus.create_queue('made_at_deployment', 3, 30)")
    await bus.create_queue(QueueSpec("made_at_deployment", max_receives=4))
    await bus.send("made_at_deployment", [Outgoing("k", "body")])
    assert await bus.purge("made_at_deployment") == 1


async def test_the_role_owns_nothing_and_cannot_make_tables(postgres: PostgresBroker, bus: PgmqBus) -> None:
    await bus.create_queue(QueueSpec("of_the_owner"))
    owned = f"select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = '{ROLE}'"
    assert await as_owner(postgres, owned) == 0
    role = await asyncpg.connect(url(postgres, user=ROLE))
    for schema in ("pgmq", "bus", "public"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await role.execute(f"create table {schema}.intruder ()")
    with pytest.raises(asyncpg.CheckViolationError):
        await role.fetchval("select bus.create_queue('Not; a name', 3, 30)")
    await role.close()


async def test_others_may_not_create_queues(postgres: PostgresBroker) -> None:
    await as_owner(postgres, "create role stranger login")
    stranger = await asyncpg.connect(url(postgres, user="stranger"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await stranger.fetchval("select bus.create_queue('strange', 3, 30)")
    await stranger.close()


async def test_a_role_with_an_unusual_name_is_refused(postgres: PostgresBroker) -> None:
    owner = await asyncpg.connect(url(postgres))
    with pytest.raises(ValueError, match="plain role name"):
        await grant(owner, "bus; drop schema bus cascade")
    await owner.close()


async def test_batches_cost_the_same_statements_whatever_their_size(postgres: PostgresBroker, bus: PgmqBus) -> None:
    await as_owner(postgres, "create extension if not exists pg_stat_statements")
    await bus.create_topic("counted")
    for name in ("counted_one", "counted_two"):
        await bus.create_queue(QueueSpec(name))
        await bus.subscribe("counted", name, {})
    messages = [Outgoing(str(number), "body", {"eventType": "a.b.created"}) for number in range(150)]
    await bus.publish("counted", messages[:1])
    first = await bus.receive("counted_one")
    await bus.extend(first, 60)
    await bus.acknowledge(first)
    assert await statements(postgres, lambda: bus.publish("counted", messages)) == 1
    received = await bus.receive("counted_one", limit=150)
    assert len(received) == 150
    assert await statements(postgres, lambda: bus.extend(received, 60)) == 1
    assert await statements(postgres, lambda: bus.acknowledge(received)) == 1
    assert await statements(postgres, lambda: bus.receive("counted_two", limit=150)) == 1


async def statements(postgres: PostgresBroker, call: Callable[[], Awaitable[object]]) -> int:
    """How many statements the role sends for ``call``, without reading the subscriptions once a second."""
    await as_owner(postgres, "select pg_stat_statements_reset()")
    await call()
    counted = (
        "select sum(calls)::int from pg_stat_statements s join pg_roles r on r.oid = s.userid"
        f" where toplevel and rolname = '{ROLE}' and query not like '%from bus.topic t left join%'"
    )
    found = await as_owner(postgres, counted)
    assert isinstance(found, int)
    return found


async def test_each_bus_listens_on_one_connection(postgres: PostgresBroker) -> None:
    before = await postgres.listeners()
    own = PgmqBus(url(postgres, user=ROLE))
    await own.start()
    await asyncio.gather(*(own.receive("made_at_deployment", wait=0.1) for _ in range(5)))
    assert await postgres.listeners() == before + 1
    await own.close()


def test_the_bus_needs_no_second_driver() -> None:
    check = (
        "import sys, throughcare.kit.messaging.pgmq;"
        "print({'pgmq', 'psycopg', 'aiobotocore', 'botocore'} & set(sys.modules))"
    )
    root = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", check],
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "set()\n"
