"""The bus on PostgreSQL, for one machine: queues by PGMQ, topics and filter policies in the schema ``bus``.

A body is stored as a JSON string, so that it comes back byte for byte; attributes stand in the headers. A
receipt is message id and read count: once a message was handed out again, the earlier receipt fits nothing.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import monotonic
from typing import TypeAlias, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from throughcare.kit.db.listener import Listener
from throughcare.kit.messaging import pgmq_sql as sql
from throughcare.kit.messaging.bus import (
    MAX_DETAIL,
    BusUnavailable,
    Dead,
    DeadReason,
    Depth,
    Outgoing,
    QueueSpec,
    Received,
    Sent,
    Subscriptions,
    UnknownQueue,
    refusal,
)
from throughcare.kit.messaging.filters import Matches, Policy, compile_policy, validate_policy
from throughcare.kit.messaging.pgmq_install import grant, install
from throughcare.kit.messaging.pgmq_waiting import CHANNEL, Waiting

__all__ = ["PgmqBus", "grant", "install"]

POLL_SECONDS = 2.0
ROUTES_SECONDS = 1.0
CONNECT_SECONDS = 10.0
COMMAND_SECONDS = 35.0

SERVER_SETTINGS = {
    "statement_timeout": "30000",
    "idle_in_transaction_session_timeout": "60000",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}

_TABLE = re.compile(r"[a-z0-9_]{1,47}")
_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    ConnectionResetError,
    BrokenPipeError,
)
_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,
)

Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"
T = TypeVar("T")


class PgmqBus:
    """A ``Bus`` on the PostgreSQL database at ``dsn``, into which ``install`` has put the bus."""

    topic_system = queue_system = "pgmq"

    def __init__(self, dsn: str, *, name: str = "throughcare", max_connections: int = 8) -> None:
        self._dsn, self._max_connections = dsn, max_connections
        self._settings = {**SERVER_SETTINGS, "application_name": f"{name}-bus"}
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._waiting = Waiting()
        self._listener = Listener(self._connect)
        self._listener.on(CHANNEL, self._waiting.wake)
        self._routes: dict[str, list[tuple[str, Matches]]] = {}
        self._routes_until = 0.0

    async def start(self) -> None:
        """Connect. Raises ``BusUnavailable`` when the database cannot be reached."""
        try:
            self._pool = await asyncpg.create_pool(
                self._dsn, min_size=1, max_size=self._max_connections, timeout=CONNECT_SECONDS,
                command_timeout=COMMAND_SECONDS, server_settings=self._settings, reset=_nothing_to_reset,
            )  # fmt: skip
            await self._listener.start()
        except (*_LOST, *_AWAY) as error:
            await self.close()
            raise BusUnavailable(f"the bus's database cannot be reached: {type(error).__name__}") from error

    async def close(self) -> None:
        """Give every connection back; safe to call twice."""
        pool, self._pool = self._pool, None
        await self._listener.close()
        self._waiting.wake("")
        if pool is not None:
            try:
                await asyncio.wait_for(pool.close(), CONNECT_SECONDS)
            except (TimeoutError, *_LOST):
                pool.terminate()

    async def create_queue(self, spec: QueueSpec) -> None:
        """Make the queue and its dead-letter queue if they are not there; apply the limits of ``spec``."""
        await self._fetch(sql.CREATE_QUEUE, spec.name, spec.max_receives, spec.visibility)

    async def create_topic(self, topic: str) -> None:
        """Make the topic if it is not there."""
        await self._fetch(sql.CREATE_TOPIC, topic)
        self._routes_until = 0.0

    async def subscribe(self, topic: str, queue: str, policy: Policy) -> None:
        """Let ``queue`` receive what matches ``policy``. Raises ``UnknownQueue``, ValueError."""
        validate_policy(policy)
        try:
            await self._fetch(sql.SUBSCRIBE, topic, queue, json.dumps(policy))
        except asyncpg.ForeignKeyViolationError:
            raise UnknownQueue(f"there is no topic {topic} or no queue {queue}") from None
        self._routes_until = 0.0

    async def unsubscribe(self, topic: str, queue: str) -> None:
        """Stop deliveries from the topic to the queue; no error when there was none."""
        await self._fetch(sql.UNSUBSCRIBE, topic, queue)
        self._routes_until = 0.0

    async def subscriptions(self, topic: str) -> Subscriptions:
        """Who listens to the topic, as of a second ago. Raises ``UnknownQueue``."""
        return Subscriptions(len(await self._subscriptions(topic)))

    async def publish(self, topic: str, messages: Sequence[Outgoing]) -> list[Sent]:
        """Hand messages to every matching queue in one transaction; ids are ``queue:id queue:id …``."""
        subscriptions = await self._subscriptions(topic)
        batches: dict[str, list[Outgoing]] = defaultdict(list)
        picked: dict[str, list[int]] = defaultdict(list)
        answers = [Sent(message.key, error=refusal(message)) for message in messages]
        for place, message in enumerate(messages):
            if answers[place].ok:
                for queue, matches in subscriptions:
                    if matches(message.attributes):
                        batches[queue].append(message)
                        picked[queue].append(place)
        ids: dict[int, list[str]] = defaultdict(list)
        for queue, sent in (await self._send(batches)).items():
            for place, message_id in zip(picked[queue], sent, strict=True):
                ids[place].append(f"{queue}:{message_id}")
        for place, landed in ids.items():
            answers[place] = Sent(messages[place].key, " ".join(landed))
        return answers

    async def send(self, queue: str, messages: Sequence[Outgoing]) -> list[Sent]:
        """Put messages on one queue; one answer per entry, in order. Raises ``UnknownQueue``."""
        answers = {place: Sent(one.key, error=refusal(one)) for place, one in enumerate(messages)}
        taken = [place for place, answer in answers.items() if answer.ok]
        sent = await self._send({queue: [messages[place] for place in taken]} if taken else {})
        for place, message_id in zip(taken, sent.get(queue, []), strict=True):
            answers[place] = Sent(messages[place].key, str(message_id))
        return list(answers.values())

    async def receive(self, queue: str, *, limit: int = 10, wait: float = 0.0) -> list[Received]:
        """Borrow up to ``limit`` messages, waiting up to ``wait`` seconds for the first.

        Raises ``UnknownQueue``.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait
        with self._waiting.watching(queue) as woken:
            while True:
                woken.clear()
                if messages := await self._read(queue, limit):
                    return messages
                due = await self._next_due(queue)
                pause = min(deadline - loop.time(), POLL_SECONDS, due)
                if deadline <= loop.time():
                    return []
                timer = loop.call_later(max(pause, 0.0), woken.set)
                try:
                    await woken.wait()
                finally:
                    timer.cancel()

    async def acknowledge(self, messages: Sequence[Received]) -> None:
        """The messages are done with, in one statement per queue; a lost lease is no error."""
        for queue, leases in _leases(messages).items():
            await self._fetch(sql.ACKNOWLEDGE.format(table=_table(queue)), *leases)

    async def release(self, message: Received, delay: float = 0.0) -> None:
        """Let the message be received again after ``delay`` seconds."""
        statement = sql.RELEASE.format(table=_table(message.queue))
        await self._fetch(statement, *_lease(message), delay, message.queue)

    async def extend(self, messages: Sequence[Received], seconds: float) -> None:
        """Keep the messages hidden for ``seconds`` from now."""
        for queue, leases in _leases(messages).items():
            await self._fetch(sql.EXTEND.format(table=_table(queue)), *leases, seconds)

    async def dead_letter(self, message: Received, reason: DeadReason, detail: str = "") -> None:
        """Move the message to the dead-letter queue with its reason."""
        await self._bury(message.queue, [_lease(message)], reason, detail)

    async def dead(self, queue: str, limit: int = 100) -> list[Dead]:
        """Look at the queue's dead letters without moving them, oldest first. Raises ``UnknownQueue``."""
        rows = await self._fetch(sql.DEAD.format(table=_table(f"{queue}_dlq")), limit)
        return [_dead(queue, row) for row in rows]

    async def redrive(self, queue: str, message_ids: Sequence[str] | None = None) -> int:
        """Move dead letters (all, or those named) back with a fresh receive count; how many moved."""
        statement = sql.REDRIVE.format(table=_table(f"{queue}_dlq"))
        [row] = await self._fetch(statement, queue, None if message_ids is None else _ids(message_ids))
        return int(row["moved"])

    async def drop_dead(self, queue: str, message_ids: Sequence[str]) -> int:
        """Delete dead letters; how many were there."""
        [row] = await self._fetch(sql.DROP_DEAD.format(table=_table(f"{queue}_dlq")), _ids(message_ids))
        return int(row["count"])

    async def purge(self, queue: str) -> int:
        """Delete all messages of a queue or dead-letter queue, those on loan too; how many were found."""
        _table(queue)
        [row] = await self._fetch(sql.PURGE, queue)
        return int(row["purge_queue"])

    async def depth(self, queue: str) -> Depth:
        """Counts of one queue or dead-letter queue. Raises ``UnknownQueue``."""
        [own] = await self._fetch(sql.DEPTH.format(table=_table(queue)))
        dead = 0
        if not queue.endswith("_dlq"):
            [count] = await self._fetch(sql.COUNT.format(table=_table(f"{queue}_dlq")))
            dead = int(count["count"])
        return Depth(int(own["visible"]), int(own["inflight"]), dead, max(0.0, float(own["oldest"])))

    async def _subscriptions(self, topic: str) -> list[tuple[str, Matches]]:
        if monotonic() >= self._routes_until or topic not in self._routes:
            routes: dict[str, list[tuple[str, Matches]]] = defaultdict(list)
            read_at = monotonic()
            for row in await self._fetch(sql.ROUTES):
                subscribed = routes[row["topic"]]
                if row["queue"] is not None:
                    subscribed.append((row["queue"], compile_policy(json.loads(row["policy"]))))
            self._routes, self._routes_until = dict(routes), read_at + ROUTES_SECONDS
        if topic not in self._routes:
            raise UnknownQueue(f"there is no topic {topic}")
        return self._routes[topic]

    async def _send(self, batches: Mapping[str, Sequence[Outgoing]]) -> dict[str, list[int]]:
        if not batches:
            return {}
        values = [value for queue, batch in batches.items() for value in (queue, *_stored(batch))]
        [sent] = await self._fetch(sql.send_to(len(batches)), *values, list(batches))
        return dict(zip(batches, sent, strict=False))

    async def _read(self, queue: str, limit: int) -> list[Received]:
        while rows := await self._fetch(sql.RECEIVE, queue, limit):
            live = [row for row in rows if row["read_ct"] <= row["max_receives"]]
            if live and live[0]["visibility"] % 1:
                await self._fetch(sql.HIDE, queue, [row["msg_id"] for row in live], live[0]["visibility"])
            if len(live) < len(rows):
                exhausted = [row for row in rows if row["read_ct"] > row["max_receives"]]
                leases = [(row["msg_id"], row["read_ct"]) for row in exhausted]
                detail = f"received {exhausted[0]['max_receives']} times"
                await self._bury(queue, leases, "exhausted", detail)
            if live:
                return [_received(queue, row) for row in sorted(live, key=lambda row: int(row["msg_id"]))]
        return []

    async def _next_due(self, queue: str) -> float:
        """Seconds until a message that is hidden now can be received; a moment when one is there already."""
        rows = await self._fetch(sql.NEXT_DUE.format(table=_table(queue)), queue)
        if not rows:
            raise UnknownQueue(f"there is no queue {queue}")
        seconds = rows[0]["seconds"]
        return POLL_SECONDS if seconds is None else max(0.02, float(seconds))

    async def _bury(self, queue: str, leases: Sequence[tuple[int, int]], reason: DeadReason, detail: str) -> None:
        ids, receives = zip(*leases, strict=True)
        statement = sql.BURY.format(table=_table(queue))
        words = detail.replace("\0", "").encode(errors="replace").decode()[:MAX_DETAIL]
        await self._fetch(statement, ids, receives, f"{queue}_dlq", reason, words)

    async def _fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        return await self._with_connection(lambda connection: connection.fetch(statement, *arguments))

    async def _with_connection(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Do ``work``; once more on a new connection when the old one turns out to be gone.

        The bus delivers at least once, so that doing again what may have been done is allowed.
        """
        for last in (False, True):
            pool = self._pool
            if pool is None:
                raise BusUnavailable("the bus is not started")
            try:
                async with pool.acquire(timeout=CONNECT_SECONDS) as connection:
                    return await work(connection)
            except asyncpg.UndefinedTableError as error:
                raise UnknownQueue("there is no such queue, or no bus in this database") from error
            except ValueError:  # a bad argument, which asyncpg counts among its interface errors
                raise
            except _LOST as error:
                await pool.expire_connections()
                if last or pool.is_closing():
                    raise BusUnavailable(f"the bus's database went away: {type(error).__name__}") from error
            except _AWAY as error:
                await pool.expire_connections()
                raise BusUnavailable(f"the bus's database cannot be reached: {type(error).__name__}") from error
        raise AssertionError("unreachable")

    async def _connect(self) -> asyncpg.Connection[asyncpg.Record]:
        return await asyncpg.connect(
            self._dsn,
            timeout=CONNECT_SECONDS,
            command_timeout=COMMAND_SECONDS,
            server_settings=self._settings,
        )


async def _nothing_to_reset(_connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """The bus leaves no state in a session, so that giving a connection back costs no round trip."""


def _table(queue: str) -> str:
    if not _TABLE.fullmatch(queue):
        raise UnknownQueue(f"there is no queue {queue!r}")
    return f"pgmq.q_{queue}"


def _stored(messages: Sequence[Outgoing]) -> tuple[list[str], list[str]]:
    bodies = [json.dumps(message.body, ensure_ascii=False) for message in messages]
    kept = [{name: value for name, value in message.attributes.items() if value} for message in messages]
    return bodies, [json.dumps({"attributes": attributes}, ensure_ascii=False) for attributes in kept]


def _received(queue: str, row: asyncpg.Record) -> Received:
    return Received(
        queue=queue,
        message_id=str(row["msg_id"]),
        receipt=f"{row['msg_id']}:{row['read_ct']}",
        body=row["body"],
        attributes=_headers(row).get("attributes", {}),
        receives=row["read_ct"],
        sent_at=row["enqueued_at"],
    )


def _dead(queue: str, row: asyncpg.Record) -> Dead:
    headers = _headers(row)
    cause = headers.get("dead", {})
    return Dead(
        queue=queue,
        message_id=str(row["msg_id"]),
        body=row["body"],
        attributes=headers.get("attributes", {}),
        reason=cause.get("reason", "unknown"),
        sent_at=row["first_sent_at"] or row["enqueued_at"],
        detail=cause.get("detail", ""),
    )


def _headers(row: asyncpg.Record) -> dict[str, dict[str, str]]:
    return json.loads(row["headers"]) if row["headers"] else {}


def _lease(message: Received) -> tuple[int, int]:
    message_id, _, receives = message.receipt.partition(":")
    return int(message_id), int(receives)


def _leases(messages: Sequence[Received]) -> dict[str, tuple[list[int], list[int]]]:
    leases: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for message in messages:
        message_id, receives = _lease(message)
        leases[message.queue][0].append(message_id)
        leases[message.queue][1].append(receives)
    return leases


def _ids(message_ids: Sequence[str]) -> list[int]:
    return [int(one) for one in message_ids if one.isascii() and one.isdigit() and len(one) < 19]
