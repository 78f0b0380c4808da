"""Outside bodies under abuse: who they are, how a queue of theirs refuses, and whether each has what it may have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable

import asyncpg

from tests.abuse.books import Books, Connection, Line, compare
from throughcare.kit.context import Context
from throughcare.services.integration.consumer.model import Configuration, Consumer, default_queue
from throughcare.services.integration.consumer.usecases import register_consumer

EVERYTHING = ("/.*",)
CONFIGURATIONS = {
    "abuse-all": Configuration(include=EVERYTHING),
    "abuse-leeds": Configuration(include=EVERYTHING, filters={"prisons": ["LEI"]}),
    "abuse-inside": Configuration(include=EVERYTHING, filters={"supervisionStatuses": ["PRISONS"]}),
    "abuse-refusing": Configuration(include=EVERYTHING),
    "abuse-nothing": Configuration(),
}
# The same once more, as a statement about where and in what status somebody was.
MAY: dict[str, Callable[[str, str], bool]] = {
    "abuse-all": lambda prison, status: True,
    "abuse-leeds": lambda prison, status: prison == "LEI",
    "abuse-inside": lambda prison, status: status == "PRISONS",
    "abuse-refusing": lambda prison, status: True,
    "abuse-nothing": lambda prison, status: False,
}
REFUSING = f"pgmq.q_{default_queue('abuse-refusing')}"
MOST_DUPLICATES = 0.01
UNDER_WAY = """
    select (select count(*) from integration.notification where distributed_at is null)
         + (select count(*) from integration.delivery d join integration.consumer c on c.name = d.consumer
             where c.queue_name is not null and d.delivered_at is null and d.dead_at is null)"""


async def collecting(connection: Connection) -> bool:
    """Whether a notification still waits for the end of its window."""
    return bool(await connection.fetchval("select count(*) from integration.notification where open"))


async def register(ctx: Context) -> None:
    """Register the consumers."""
    for name, configuration in CONFIGURATIONS.items():
        await register_consumer(ctx.new_uow(), ctx.bus, Consumer(name, configuration, default_queue(name)))


async def refuse(dsn: str, *, on: bool) -> None:
    """Let one consumer's queue refuse whatever it is sent, or take it again."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        await connection.execute("""
            create or replace function public.refuse() returns trigger language plpgsql as
            $$ begin raise exception 'this queue is full'; end $$""")
        await connection.execute(f"drop trigger if exists refusing on {REFUSING}")
        if on:
            await connection.execute(
                f"create trigger refusing before insert on {REFUSING} execute function public.refuse()"
            )
    finally:
        await connection.close()


async def told(connection: Connection) -> list[Line]:
    """Each notification at each consumer that may hear of it, and nobody else; each change of custody among them."""
    rows = await connection.fetch("select event_id, event_type, audiences from integration.notification")
    heard = {name: await _heard(connection, name) for name in CONFIGURATIONS}
    owed: Books = Counter(
        (name, str(row["event_id"]))
        for row in rows
        for name, may in MAY.items()
        if any(may(*key.split("/")) for key in json.loads(row["audiences"]))
    )
    found: Books = Counter((name, one) for name, ones in heard.items() for one in ones)
    return [
        compare("notifications × permitted consumers = told", owed, Counter(set(found))),
        _duplicates(found),
        await _announced(connection),
    ]


def _duplicates(found: Books) -> Line:
    """Told at least once, and seldom twice."""
    extra = found.total() - len(found)
    allowed = int(found.total() * MOST_DUPLICATES)
    surplus = [f"{extra} duplicates, {allowed} allowed"] if extra > allowed else []
    return Line("told twice, at most 1 %", allowed, extra, (), tuple(surplus))


async def _announced(connection: Connection) -> Line:
    """Every coming and going that prisoner search told of is a change of somebody's status that is told."""
    events = await connection.fetch(
        "select id::text from prisoner_search.outbox where event_type = 'prisoner-offender-search.prisoner.received'"
    )
    sources = await connection.fetch("""
        select distinct unnest(source_event_ids)::text as id from integration.notification
         where event_type = 'PERSON_STATUS_CHANGED'""")
    known = {row["id"] for row in sources}
    owed = _of(row["id"] for row in events)
    return compare(
        "admissions = changes of status to tell", owed, _of(row["id"] for row in events if row["id"] in known)
    )


def _of(ids: Iterable[str]) -> Books:
    return Counter(("event", one) for one in ids)


async def _heard(connection: Connection, name: str) -> list[str]:
    """The notifications that lie on a consumer's queue, which nobody reads meanwhile."""
    table = f"pgmq.q_{default_queue(name)}"
    rows = await connection.fetch(f"select message #>> '{{}}' as body from {table}")
    return [str(json.loads(json.loads(row["body"])["Message"])["eventId"]) for row in rows]
