"""Sending what was asked for: at least once towards Notify, and once towards the reader.

Notify has no idempotency key. A request's id is the message's reference, so before anything is tried again
Notify is asked whether it has the message already (docs.notifications.service.gov.uk, "get the status of
multiple messages").
"""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from joserfc.errors import JoseError
from sqlalchemy import RowMapping, TextClause

from throughcare.kit.db.database import Queries
from throughcare.kit.http.peer import PeerRefused, PeerUnavailable
from throughcare.kit.notify import table
from throughcare.kit.notify.cipher import MailCipher
from throughcare.kit.notify.client import NotificationSeen, NotifyPeer, notify_peer
from throughcare.kit.notify.keys import template_id
from throughcare.kit.notify.settings import MailSettings
from throughcare.kit.telemetry import metrics
from throughcare.kit.telemetry.logs import get_logger

if TYPE_CHECKING:
    from throughcare.kit.context import Context

log = get_logger(__name__)

BATCH = 10
LEASE_SECONDS = 180
REFUSED_PAUSE = 300.0
DELAYS = (5.0, 30.0, 120.0, 600.0, 3600.0)


@dataclass(frozen=True)
class Outcome:
    """What an attempt came to, in a word; the statement that records it, and what that says."""

    what: str
    statement: TextClause
    values: dict[str, object]
    key_refused: bool = False


def backoff(attempts: int) -> float:
    """Seconds until the next try: 5 s after the first, 30 s, 2 min, 10 min, then an hour, each ±20 %."""
    return DELAYS[min(attempts, len(DELAYS)) - 1] * random.uniform(0.8, 1.2)


async def send_due(ctx: Context) -> int:
    """One step of the worker ``send-mail``: hand what is due to Notify and record how that went; how many."""
    async with ctx.runtime.database.writing(Queries) as queries:
        values = {"lease": LEASE_SECONDS, "batch": BATCH}
        claimed = (await queries.connection.execute(table.CLAIM, values)).mappings().all()
    if not claimed:
        return 0
    sender = _Sender(ctx)
    outcomes = await asyncio.gather(*(sender.attempt(row) for row in claimed))
    for row, outcome in zip(claimed, outcomes, strict=True):
        metrics.notify_requests_total.labels(row["template_key"], outcome.what).inc()
    async with ctx.runtime.database.writing(Queries) as queries:
        for outcome in outcomes:
            await queries.connection.execute(outcome.statement, outcome.values)
        if any(one.key_refused for one in outcomes):
            await queries.connection.execute(table.HOLD_ALL, {"delay": REFUSED_PAUSE})
            log.error("Notify refuses this service's key", labels={"service": ctx.runtime.name})
    return len(claimed)


class _Sender:
    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._peer: NotifyPeer = notify_peer(ctx)
        self._cipher = MailCipher(ctx.secrets, ctx.runtime.name)
        self._template_ids = ctx.settings(MailSettings).notify_templates

    async def attempt(self, row: RowMapping) -> Outcome:
        try:
            if row["attempts"] > 1 and (found := await self._peer.find_by_reference(row["id"])):
                return self._accepted(row, found)
            if row["expired"]:
                return self._ended(row, "abandoned", "Expired")
            return self._accepted(row, await self._send(row))
        except PeerRefused as refused:
            return self._refused(row, refused)
        except PeerUnavailable as error:
            return self._later(row, error.developer_message.rpartition(": ")[2])
        except JoseError as error:
            log.error("a message cannot be read with this system's secret", labels={"request_id": row["id"]})
            return self._later(row, type(error).__name__)

    async def _send(self, row: RowMapping) -> NotificationSeen:
        key: str = row["template_key"]
        message = json.loads(self._cipher.open(row["personalisation"]))
        return await self._peer.send_email(
            to=self._cipher.open(row["recipient_ciphertext"]),
            template_id=self._template_ids.get(key) or template_id(key),
            personalisation=message["values"],
            reference=row["id"],
            sanitise=message["sanitise"],
        )

    def _accepted(self, row: RowMapping, seen: NotificationSeen) -> Outcome:
        values = {
            "id": row["id"],
            "notify_id": seen.id,
            "version": seen.template.version,
            "now": self._ctx.now,
        }
        return Outcome("accepted", table.ACCEPT, values)

    def _ended(self, row: RowMapping, status: str, error: str) -> Outcome:
        labels = {
            "request_id": row["id"],
            "template": row["template_key"],
            "outcome": status,
            "reason": error,
        }
        log.error("a message will not be sent", labels=labels)
        return Outcome(status, table.END, {"id": row["id"], "status": status, "error": error, "now": self._ctx.now})

    def _later(self, row: RowMapping, error: str) -> Outcome:
        if row["expired"]:
            return self._ended(row, "abandoned", error)
        log.warning("a message waits", labels={"request_id": row["id"], "reason": error, "attempts": row["attempts"]})
        delay = backoff(row["attempts"])
        return Outcome("retry", table.POSTPONE, {"id": row["id"], "error": error, "delay": delay})

    def _refused(self, row: RowMapping, refused: PeerRefused) -> Outcome:
        error = error_class(refused)
        if refused.peer_status in {401, 403}:
            values = {"id": row["id"], "error": error, "delay": REFUSED_PAUSE}
            return Outcome("key-refused", table.POSTPONE, values, key_refused=True)
        return self._ended(row, "failed-permanent", error)


def error_class(refused: PeerRefused) -> str:
    """The class of error in Notify's answer, never its message, which may name the recipient."""
    errors = refused.body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    found = first.get("error") if isinstance(first, dict) else None
    return found if isinstance(found, str) and len(found) <= 100 else f"Status{refused.peer_status}"


def request_id(text: str | None) -> UUID | None:
    """The request that a message's reference names; None when it is not one of ours."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
