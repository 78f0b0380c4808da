"""What goes wrong in a running system, so that the pages are seen that show it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.running import COMMAND, Site
from throughcare.kit.db.embedded import EmbeddedPostgres
from throughcare.kit.ids import new_id

QUEUE = "prisoner_search_domain_events"
CAPACITY = "location.inside.prison.signed-op-cap.amended"
CORRELATION = "a-prison-that-grew"


@asynccontextmanager
async def database(site: Site) -> AsyncIterator[asyncpg.Connection]:
    """The database of a running system, as its owner."""
    connection = await asyncpg.connect(EmbeddedPostgres(site.folder / "postgres").start())
    try:
        yield connection
    finally:
        await connection.close()


async def unreadable_message(connection: asyncpg.Connection) -> None:
    """Give a reader what it cannot read."""
    await connection.execute("select pgmq.send($1, $2::jsonb)", QUEUE, json.dumps("{not json"))


async def event(connection: asyncpg.Connection, event_type: str = CAPACITY, *, given_up: bool = False) -> None:
    """An event of a prison that is to be published, or that was tried too often."""
    event_id = str(new_id())
    body = {
        "eventType": event_type, "version": 1, "occurredAt": "2024-03-04T12:00:00Z", "eventId": event_id,
        "personReference": {"identifiers": []}, "additionalInformation": {"key": "ACI"}, "correlationId": CORRELATION,
    }  # fmt: skip
    await connection.execute(
        f"""insert into prison.outbox (id, topic, event_type, event_version, aggregate_type, aggregate_id, payload,
                                       attributes, occurred_at, available_at, dead_at)
            values ($1, 'domain_events', $2, 1, 'test', $5, $3, $4, now(), now(), {"now()" if given_up else "null"})""",
        event_id, event_type, json.dumps(body),
        json.dumps({"eventType": event_type}), event_id,
    )  # fmt: skip


async def refused_deliveries(connection: asyncpg.Connection) -> None:
    """Whatever outside bodies were told, they refused."""
    await connection.execute(
        "update integration.delivery set delivered_at = null, dead_at = now(), attempts = 10, last_error = 'Refused'"
    )


async def failed_message(connection: asyncpg.Connection) -> None:
    """No mailbox is where the newest message went."""
    await connection.execute(
        "update interventions.notification_request set status = 'failed-permanent' where id = "
        "(select request_id from interventions.referral_message order by request_id desc limit 1)"
    )


@asynccontextmanager
async def without(connection: asyncpg.Connection, table: str) -> AsyncIterator[None]:
    """A service that cannot read what it keeps in a table."""
    name = table.rpartition(".")[2]
    await connection.execute(f"alter table {table} rename to {name}_away")
    try:
        yield
    finally:
        await connection.execute(f"alter table {table}_away rename to {name}")


def later(site: Site, how_much: str) -> None:
    """Move the system's clock forward."""
    command = [*COMMAND, "clock", "advance", how_much, "--data", str(site.folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
