"""What is announced about prisoners, with the names and fields of hmpps-prisoner-search."""

from __future__ import annotations

from throughcare.kit.messaging.envelope import DomainEvent


class PrisonerCreated(
    DomainEvent, type="prisoner-offender-search.prisoner.created", key="noms_number",
    description="A prisoner record has been created",
):  # fmt: skip
    """A prisoner was indexed for the first time."""

    noms_number: str


class PrisonerUpdated(
    DomainEvent, type="prisoner-offender-search.prisoner.updated", key="noms_number",
    description="A prisoner record has been updated",
):  # fmt: skip
    """Something of the document changed; the categories say what, in order."""

    noms_number: str
    categories_changed: list[str]


class PrisonerRemoved(
    DomainEvent, type="prisoner-offender-search.prisoner.removed", key="noms_number",
    description="A prisoner record has been removed",
):  # fmt: skip
    """The prison no longer knows the number."""

    noms_number: str


class PrisonerReceived(
    DomainEvent, type="prisoner-offender-search.prisoner.received", key="noms_number",
    description="A prisoner has been received into prison",
):  # fmt: skip
    """A prisoner came into ``prisonId``."""

    noms_number: str
    reason: str
    prison_id: str


class PrisonerReleased(
    DomainEvent, type="prisoner-offender-search.prisoner.released", key="noms_number",
    description="A prisoner has been released from prison",
):  # fmt: skip
    """A prisoner left ``prisonId``, for good or for a while."""

    noms_number: str
    reason: str
    prison_id: str


class ConvictedStatusChanged(
    DomainEvent, type="prisoner-offender-search.prisoner.convicted-status-changed", key="noms_number",
    description="A prisoner's convicted status has changed",
):  # fmt: skip
    """A prisoner became ``Convicted`` or went back to ``Remand``."""

    noms_number: str
    booking_id: int | None = None
    convicted_status: str


class AlertsUpdated(
    DomainEvent, type="prisoner-offender-search.prisoner.alerts-updated", key="noms_number",
    description="A prisoner had alerts added or removed",
):  # fmt: skip
    """The codes of a prisoner's active alerts changed."""

    noms_number: str
    booking_id: int | None = None
    alerts_added: list[str]
    alerts_removed: list[str]
