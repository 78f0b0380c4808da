"""Contract transfers on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.transfer import model

Said = Annotated[str, Field(pattern=r"\S", max_length=500)]


class OrderTransfer(Wire):
    """Referrals to move to another contract; only to look at while ``dryRun``, which holds unless said otherwise."""

    source: Said
    target: Said
    references: Annotated[list[Said], Field(min_length=1, max_length=500)]
    reason: Said
    dry_run: bool = True

    def order(self) -> model.Order:
        """What is asked for."""
        return model.Order(self.source, self.target, self.references, self.reason)


class MovedReferral(Wire):
    """A referral of the order: whether somebody works on it, who loses it then, and whether it is over."""

    referral_id: UUID
    reference_number: str
    assigned: bool
    concluded: bool

    @classmethod
    def of(cls, one: Referral) -> Self:
        """The referral as it was."""
        return cls(
            referral_id=one.id, reference_number=one.reference_number, assigned=one.assignment is not None,
            concluded=one.concluded_at is not None,
        )  # fmt: skip


class OrderedTransfer(Wire):
    """What was, or would be, moved. ``id`` names the entry in the record of transfers; None for a dry run."""

    id: UUID | None
    referrals: list[MovedReferral]


class RecordedTransfer(Wire):
    """A transfer that was carried out."""

    id: UUID
    source: str
    target: str
    references: list[str]
    reason: str
    carried_out_at: datetime
    carried_out_by: str

    @classmethod
    def of(cls, one: model.Transfer) -> Self:
        """The entry of the record."""
        return cls(
            id=one.id, source=one.order.source, target=one.order.target, references=list(one.order.references),
            reason=one.order.reason, carried_out_at=one.carried_out_at, carried_out_by=one.carried_out_by,
        )  # fmt: skip
