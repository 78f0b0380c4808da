"""The way of the public original, for comparison: a message a transaction with its look-ups inside, sent one by one.

Source: ministryofjustice/hmpps-integration-api, package ``events``. As there, ten listeners take one message each, open
a transaction, ask probation and prisoner search one call after another, insert one row per type that applies, commit,
and delete the message; the publisher claims a thousand rows and then sends each to one consumer after another, with a
transaction of its own for its new state. Faster than there: the calls cross no network, what a consumer may see is
computed once instead of for each message, and the publisher does not wait ten seconds between its runs.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from time import monotonic
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import httpx2

from throughcare.kit.clock import real_now
from throughcare.services.integration.change.model import Change, plan, read_change
from throughcare.services.integration.event_type.model import decide_types
from throughcare.services.integration.person.model import Person

LISTENERS, CLAIM, ANSWER_AGE, MOST_ANSWERS = 10, 1000, 2.0, 100
QUEUE = "original_events"
SCHEMA = """
create schema original;
create table original.event_notification (
  event_id serial primary key, hmpps_id varchar(15), event_type varchar(60), url varchar(200), prison_id varchar(15),
  status varchar(20), claim_id varchar(40), last_modified_datetime timestamp not null, metadata varchar
);
create unique index on original.event_notification (url, event_type) where status = 'PENDING';
create index on original.event_notification (status, last_modified_datetime);
create index on original.event_notification (claim_id);
"""
STORE = """
insert into original.event_notification (hmpps_id, event_type, url, prison_id, status, last_modified_datetime, metadata)
values ($1, $2, $3, $4, 'PENDING', $5, $6) on conflict (url, event_type) where status = 'PENDING' do nothing
"""
CLAIM_ROWS = """
update original.event_notification set claim_id = $1, status = 'PROCESSING' where event_id in (
  select event_id from original.event_notification where status = 'PENDING'
   order by last_modified_datetime limit $2)
"""
CLAIMED = "select * from original.event_notification where claim_id = $1 order by last_modified_datetime"
SENT = "update original.event_notification set status = 'PROCESSED' where event_id = $1"

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"


class Original:
    """Listener and publisher on one database."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._answers: dict[tuple[str, str], tuple[float, Any]] = {}

    async def prepare(self) -> None:
        """Make the table and the queue."""
        await self._pool.execute(SCHEMA)
        await self._pool.execute("select pgmq.create($1)", QUEUE)

    async def listen(self, client: httpx2.AsyncClient) -> int:
        """Handle what is on the queue; how many messages. ``client`` may call probation and prisoner search."""
        return sum(await asyncio.gather(*(self._listener(client) for _ in range(LISTENERS))))

    async def publish(self, queues: Sequence[str]) -> int:
        """Send what is pending to every queue; how many notifications."""
        done = 0
        claim = f"claim-{real_now().timestamp()}"
        await self._pool.execute(CLAIM_ROWS, claim, CLAIM)
        for row in await self._pool.fetch(CLAIMED, claim):
            for queue in queues:
                await self._pool.fetch("select pgmq.send($1, $2::jsonb)", queue, json.dumps(_message(row)))
            await self._pool.execute(SENT, row["event_id"])
            done += 1
        return done

    async def _listener(self, client: httpx2.AsyncClient) -> int:
        done = 0
        while rows := await self._pool.fetch("select msg_id, message from pgmq.read($1, 30, 1)", QUEUE):
            await self._handle(json.loads(json.loads(rows[0]["message"])), client)
            await self._pool.fetch("select pgmq.delete($1, $2::bigint)", QUEUE, rows[0]["msg_id"])
            done += 1
        return done

    async def _handle(self, body: dict[str, Any], client: httpx2.AsyncClient) -> None:
        change = _change(body)
        types = decide_types(change)
        async with self._pool.acquire() as connection, connection.transaction():
            person = await self._look_up(change, client)
            for one in plan(change, types, person).notifications:
                values = one.hmpps_id, one.event_type, f"http://localhost{one.path}", one.prison_id
                metadata = json.dumps({"supervisionStatus": one.supervision_status})
                await connection.execute(STORE, *values, real_now().replace(tzinfo=None), metadata)

    async def _look_up(self, change: Change, client: httpx2.AsyncClient) -> Person:
        """Three calls for somebody known by CRN and prison number, the last two remembered for two seconds."""
        assert change.crn is not None
        assert change.prison_number is not None
        cases_path, wanted = "/probation-integration-api/search/probation-cases", json.dumps({"crn": change.crn})
        await _ask(client, "get", f"/probation-integration-api/exists-in-delius/crn/{change.crn}")
        prisoner = await self._remembered(client, "get", f"/prisoner-search/prisoner/{change.prison_number}")
        cases = await self._remembered(client, "post", cases_path, wanted)
        managed = bool(cases) and cases[0].get("activeProbationManagedSentence", False)
        inside = prisoner.get("status", "").startswith("ACTIVE")
        status = "PRISONS" if inside else "PROBATION" if managed else "NONE"
        return Person(change.crn, prisoner.get("prisonId"), status)

    async def _remembered(self, client: httpx2.AsyncClient, method: str, path: str, body: str = "") -> Any:
        held = self._answers.get((path, body))
        if held is not None and held[0] > monotonic() - ANSWER_AGE:
            return held[1]
        answer = await _ask(client, method, path, body)
        self._answers[path, body] = (monotonic(), answer)
        if len(self._answers) > MOST_ANSWERS:
            del self._answers[next(iter(self._answers))]
        return answer


async def _ask(client: httpx2.AsyncClient, method: str, path: str, body: str = "") -> Any:
    headers = {"Content-Type": "application/json"} if body else {}
    reply = await client.request(method, path, content=body or None, headers=headers)
    return reply.raise_for_status().json()


def _change(body: dict[str, Any]) -> Change:
    return read_change(
        UUID(body["eventId"]), body["eventType"], datetime.fromisoformat(body["occurredAt"]),
        reference=body.get("personReference"), information=body.get("additionalInformation"), prison_id=None,
        prisoner_id=None, detail_url=None,
    )  # fmt: skip


def _message(row: asyncpg.Record) -> dict[str, object]:
    told = {
        "eventId": row["event_id"], "hmppsId": row["hmpps_id"], "eventType": row["event_type"],
        "prisonId": row["prison_id"], "url": row["url"],
        "lastModifiedDateTime": row["last_modified_datetime"].isoformat(),
    }  # fmt: skip
    return {
        "Type": "Notification", "MessageId": str(row["event_id"]), "Message": json.dumps(told),
        "Timestamp": real_now().isoformat(), "MessageAttributes": {"eventType": {"Value": row["event_type"]}},
    }  # fmt: skip
