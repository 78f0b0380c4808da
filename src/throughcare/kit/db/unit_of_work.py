"""One use case, one transaction: state, events and the inbox row commit together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction

from throughcare.kit.clock import Clock
from throughcare.kit.db.database import Database, Store
from throughcare.kit.errors import Conflict
from throughcare.kit.failpoints import failpoint
from throughcare.kit.messaging.envelope import DomainEvent, Producer
from throughcare.kit.outbox.table import APPEND, outbox_rows

S = TypeVar("S", bound=Store)

MARK_HANDLED = text("""
    insert into inbox (consumer, event_id, event_type, first_received_at, attempts, processed_at, outcome)
    select :consumer, e.id, e.type, now(), 1, now(), 'ok'
      from unnest(cast(:ids as uuid[]), cast(:types as text[])) as e(id, type)
        on conflict (consumer, event_id) do update
       set processed_at = now(), outcome = 'ok', attempts = inbox.attempts + 1
     where inbox.processed_at is null
    returning event_id
""")


class DuplicateEvent(Exception):
    """The event had its effect before; the message can be acknowledged."""


class StaleVersion(Conflict):
    """The record changed between reading and writing; the caller should read again (409)."""

    code = "STALE_VERSION"
    title = "The record was changed by somebody else"


@dataclass(frozen=True)
class InboxEntry:
    """The events that a reaction is handling: their effect and this mark commit together.

    ``failed`` holds those of a batch that were left out, and why.
    """

    consumer: str
    events: Sequence[tuple[UUID, str]]
    failed: dict[UUID, Exception] = field(default_factory=dict)

    @property
    def remaining(self) -> list[tuple[UUID, str]]:
        """The events that were not left out."""
        return [one for one in self.events if one[0] not in self.failed]


class UnitOfWork:
    """A transaction with an outbox. ``async with uow:`` begins; leaving commits, an exception rolls back."""

    def __init__(self, database: Database, clock: Clock, producer: Producer, inbox: InboxEntry | None = None) -> None:
        self._database, self._clock, self._producer = database, clock, producer
        self._inbox = inbox
        self._connection: AsyncConnection | None = None
        self._transaction: AsyncTransaction | None = None
        self._events: list[DomainEvent] = []
        self._with_commit: list[tuple[str, dict[str, object]]] = []
        self._after_commit: list[Callable[[], None]] = []
        self.fresh: frozenset[UUID] = frozenset()
        self.used = False
        self._committed = False

    @property
    def now(self) -> datetime:
        """The business time."""
        return self._clock.now()

    @property
    def connection(self) -> AsyncConnection:
        """The open connection; only stores need it."""
        if self._connection is None:
            raise RuntimeError("the unit of work has not begun: use it inside 'async with uow:'")
        return self._connection

    def store(self, kind: type[S]) -> S:
        """A store that writes in this transaction."""
        return kind(self.connection)

    def publish(self, event: DomainEvent) -> None:
        """Announce ``event``; it leaves only if this transaction commits."""
        self._events.append(event)

    def with_commit(self, statement: str, **values: object) -> None:
        """Carry out one more statement of the kit's own just before the commit (idempotency keys)."""
        self._with_commit.append((statement, values))

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call ``call`` once the commit is certain."""
        self._after_commit.append(call)

    async def __aenter__(self) -> UnitOfWork:
        if self._connection is not None:
            raise RuntimeError("a unit of work is one transaction: do not nest it")
        if self._inbox is not None and self._committed:
            raise RuntimeError("a reaction has one transaction: its inbox row has been committed already")
        self._connection = await self._database.engine.connect()
        try:
            self._transaction = await self._connection.begin()
            self.used = True
            await failpoint("uow.after_begin")
            await self._mark_inbox()
        except BaseException:
            await self._end(commit=False)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            await self._end(commit=False)
            return
        try:
            await failpoint("uow.after_state")
            await self._append_events()
            for statement, values in self._with_commit:
                await self.connection.execute(text(statement), values)
            await failpoint("uow.before_commit")
        except BaseException:
            await self._end(commit=False)
            raise
        calls = list(self._after_commit)
        await self._end(commit=True)
        self._committed, self._with_commit = True, []
        await failpoint("uow.after_commit")
        for call in calls:
            call()

    async def _mark_inbox(self) -> None:
        if self._inbox is None:
            return
        remaining = self._inbox.remaining
        ids, kinds = [event_id for event_id, _ in remaining], [kind for _, kind in remaining]
        values = {"consumer": self._inbox.consumer, "ids": ids, "types": kinds}
        self.fresh = frozenset((await self.connection.execute(MARK_HANDLED, values)).scalars())
        await failpoint("consume.after_inbox")
        if remaining and not self.fresh:
            raise DuplicateEvent

    async def _append_events(self) -> None:
        if self._events:
            await self.connection.execute(APPEND, {"rows": outbox_rows(self._events, self._producer, self.now)})
            await failpoint("uow.after_outbox")

    async def _end(self, *, commit: bool) -> None:
        connection, transaction = self._connection, self._transaction
        self._connection = self._transaction = None
        self._events, self._after_commit = [], []
        if connection is None:
            return
        try:
            if transaction is not None:
                await (transaction.commit() if commit else transaction.rollback())
        finally:
            await connection.close()
