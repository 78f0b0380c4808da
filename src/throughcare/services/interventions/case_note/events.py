"""What is announced about case notes, to this service alone. One referral's events keep their order."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.messaging.envelope import DomainEvent
from throughcare.services.interventions.assessment.events import OWN_TOPIC


class CaseNoteSent(
    DomainEvent, type="interventions.case-note.sent", key="referral_id", aggregate="referral", topic=OWN_TOPIC,
    description="A case note was sent",
):  # fmt: skip
    """For this service's own messages. ``tell_officer`` is False when the sender asked that no mail go there."""

    referral_id: UUID
    case_note_id: UUID
    tell_officer: bool
