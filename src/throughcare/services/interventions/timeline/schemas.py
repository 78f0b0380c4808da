"""What happened to a referral, on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.actor.model import SYSTEM, Actor
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.notification.model import Recipient, State
from throughcare.services.interventions.timeline import model

Actors = Mapping[UUID, Actor]


class TimelineAppointment(Wire):
    """Which appointment it is about; those of the supplier assessment have neither session number nor plan."""

    appointment_time: datetime
    duration_in_minutes: int
    session_number: int | None
    action_plan_id: UUID | None


class TimelineChange(Wire):
    """What was changed, as people read it, each value at most 300 characters long."""

    topic: str
    description: str
    old_value: Sequence[str]
    new_value: Sequence[str]


class TimelineMessage(Wire):
    """Which message was written, to whom, and how far it came."""

    template: str
    recipient: Recipient
    name: str
    state: State
    failed: bool
    sent_again_as: UUID | None


class TimelineItem(Wire):
    """One thing that happened. ``id`` is that of the record which tells it: appointment, plan, change, note, message.

    ``by`` is absent where nobody did it. Texts have at most 300 characters. ``subject`` is that of a case note,
    ``code`` the reason of an end, ``assignedTo`` the caseworker, ``version`` that of a plan.
    """

    kind: model.Kind
    at: datetime
    id: UUID
    by: AuthUser | None
    text: str
    reason: str
    subject: str | None
    code: str | None
    assigned_to: AuthUser | None
    requested_by: str | None
    version: int | None
    appointment: TimelineAppointment | None
    change: TimelineChange | None
    message: TimelineMessage | None

    @classmethod
    def of(cls, one: model.Item, actors: Actors) -> Self:
        """The item with those whom it names."""
        return cls(
            kind=one.kind, at=one.at, id=one.id, by=None if one.by == SYSTEM.id else AuthUser.find(actors, one.by),
            text=one.text, reason=one.reason, subject=one.subject, code=one.code,
            assigned_to=AuthUser.find(actors, one.to), requested_by=one.requested_by, version=one.version,
            appointment=_appointment(one), change=_change(one), message=_message(one),
        )  # fmt: skip


def _appointment(one: model.Item) -> TimelineAppointment | None:
    held = one.meeting
    if held is None:
        return None
    return TimelineAppointment(
        appointment_time=held.at, duration_in_minutes=held.minutes, session_number=held.session_number,
        action_plan_id=held.plan_id,
    )  # fmt: skip


def _change(one: model.Item) -> TimelineChange | None:
    if one.change is None:
        return None
    topic = one.change.change.topic
    return TimelineChange(topic=topic.value, description=topic.description, old_value=one.old, new_value=one.new)


def _message(one: model.Item) -> TimelineMessage | None:
    said = one.notification
    if said is None:
        return None
    return TimelineMessage(
        template=said.template, recipient=said.letter.recipient, name=said.letter.name, state=said.state,
        failed=said.state.failed, sent_again_as=said.sent_again_as,
    )  # fmt: skip
