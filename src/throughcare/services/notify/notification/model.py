"""A message and what becomes of it.

Statuses and what they mean: docs.notifications.service.gov.uk, "message statuses".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, cast
from uuid import UUID

from throughcare.services.notify.account.model import Caller
from throughcare.services.notify.recipient.model import SIMULATED, TEST_KEY_OUTCOMES
from throughcare.services.notify.template.model import Channel, Content, Template

Outcome = Literal["delivered", "permanent-failure", "temporary-failure", "technical-failure"]

OUTCOMES: tuple[Outcome, ...] = ("delivered", "permanent-failure", "temporary-failure", "technical-failure")
FAILURES = frozenset({"permanent-failure", "temporary-failure", "technical-failure"})
OPEN = frozenset({"created", "sending", "pending"})
FILTERS = frozenset(
    {
        *OPEN, *OUTCOMES, "sent", "failed", "accepted", "received", "cancelled", "pending-virus-check",
        "virus-scan-failed", "validation-failed", "returned-letter",
    }
)  # fmt: skip
RETENTION = timedelta(days=7)
LARGEST_INBOX = 10_000


@dataclass(frozen=True)
class Timing:
    """How long after acceptance a message is with the provider, and how long after it is delivered."""

    sending_after: timedelta = timedelta()
    delivered_after: timedelta = timedelta()


@dataclass(frozen=True)
class Notification:
    """One message as it is kept. ``outcome`` is what it will come to, at ``next_change_at`` the earliest."""

    id: UUID
    service_id: UUID
    service: str
    key_name: str
    key_type: str
    channel: Channel
    template_id: UUID
    template_key: str
    template_version: int
    recipient: str
    recipient_normal: str
    subject: str | None
    body: str
    personalisation: Mapping[str, object]
    request: Mapping[str, object]
    reference: str | None
    reply_to: str | None
    unsubscribe_url: str | None
    status: str
    outcome: str
    created_at: datetime
    sent_at: datetime | None = None
    completed_at: datetime | None = None
    next_change_at: datetime | None = None

    @property
    def simulated(self) -> bool:
        """Whether the recipient only pretends: such a message is answered and not kept."""
        return self.recipient_normal in SIMULATED

    def ends(self, status: Outcome, at: datetime) -> Notification:
        """The message with a final status."""
        return replace(self, status=status, completed_at=at, sent_at=self.sent_at or at, next_change_at=None)


@dataclass(frozen=True)
class Change:
    """A status that a message took, when, and why: ``accepted``, ``clock``, or who asked for it."""

    notification_id: UUID
    status: str
    at: datetime
    cause: str


@dataclass(frozen=True)
class Origin:
    """What a message is made from, apart from its recipient: template, filled content and request."""

    template: Template
    content: Content
    personalisation: Mapping[str, object]
    request: Mapping[str, object]
    reference: str | None = None
    reply_to: str | None = None
    unsubscribe_url: str | None = None


def new_notification(
    notification_id: UUID, caller: Caller, *, recipient: str, normal: str, origin: Origin, now: datetime,
    timing: Timing,
) -> Notification:  # fmt: skip
    """The message that ``caller`` asked for. With a test key some recipients never get it."""
    template, content = origin.template, origin.content
    outcome = TEST_KEY_OUTCOMES.get(normal, "delivered") if caller.key.type == "test" else "delivered"
    return Notification(
        id=notification_id, service_id=caller.account.id, service=caller.account.slug,
        key_name=caller.key.name, key_type=caller.key.type, channel=template.type, template_id=template.id,
        template_key=template.key, template_version=template.version, recipient=recipient,
        recipient_normal=normal, subject=content.subject, body=content.body,
        personalisation=origin.personalisation, request=origin.request, reference=origin.reference,
        reply_to=origin.reply_to, unsubscribe_url=origin.unsubscribe_url, status="created", outcome=outcome,
        created_at=now, next_change_at=now + timing.sending_after,
    )  # fmt: skip


def progress(one: Notification, now: datetime, timing: Timing) -> tuple[Notification, Sequence[Change]]:
    """``one`` as it stands at ``now`` by the status clock, and the changes that bring it there."""
    changes: list[Change] = []
    sending_at = one.created_at + timing.sending_after
    final_at = max(sending_at, one.created_at + timing.delivered_after)
    if one.status == "created" and sending_at <= now:
        one = replace(one, status="sending", sent_at=sending_at, next_change_at=final_at)
        changes.append(Change(one.id, "sending", sending_at, "clock"))
    if one.status == "sending" and final_at <= now:
        one = one.ends(cast("Outcome", one.outcome), final_at)
        changes.append(Change(one.id, one.status, final_at, "clock"))
    return one, changes


def wanted_statuses(given: Iterable[str]) -> frozenset[str]:
    """The statuses that a filter asks for: ``failed`` stands for every failure."""
    wanted = frozenset(given)
    return (wanted - {"failed"}) | FAILURES if "failed" in wanted else wanted


def wire_time(moment: datetime) -> str:
    """An instant in UTC as the Notify API writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
