"""Registrations as they go over the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.probation.contact.schemas import CodedValue
from throughcare.services.probation.nsi.schemas import Notes
from throughcare.services.probation.registration.model import Registration, type_of


class NewRegistration(Wire):
    """A flag to put on a case."""

    type_code: Annotated[str, Field(max_length=10)]
    start_date: date | None = None
    next_review_date: date | None = None
    notes: Notes | None = None


class Review(Wire):
    """What a review changes."""

    next_review_date: date | None = None
    notes: Notes | None = None


class RegistrationRead(Wire):
    """A flag on a case."""

    registration_id: int
    type: CodedValue
    group: Annotated[str, Field(alias="register")]
    start_date: date
    next_review_date: date | None
    end_date: date | None
    review_period_months: int | None
    notes: str | None
    registering_officer: str
    registering_team: str
    active: bool

    @classmethod
    def of(cls, one: Registration) -> RegistrationRead:
        """The registration with its type's description."""
        kind = type_of(one.type_code)
        return cls(
            registration_id=one.id, type=CodedValue(code=kind.code, description=kind.description),
            group=kind.group, start_date=one.start_date, next_review_date=one.next_review_date,
            end_date=one.end_date, review_period_months=kind.review_months, notes=one.notes,
            registering_officer=one.staff_code, registering_team=one.team_code, active=one.active,
        )  # fmt: skip
