"""What happens to sentences."""

from __future__ import annotations

from throughcare.kit.messaging.envelope import DomainEvent


class SentenceCreated(
    DomainEvent,
    type="probation-case.sentence.created",
    key="crn",
    aggregate="probation-case",
    description="A sentence was added to a probation case",
):
    """A sentence was added; ``event_number`` counts the sentences of the case."""

    crn: str
    event_number: int
