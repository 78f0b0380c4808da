"""The registrations of a case."""

from __future__ import annotations

from sqlalchemy import select

from throughcare.kit.db import Views
from throughcare.services.probation.registration.model import RegistrationNotFound
from throughcare.services.probation.registration.schemas import RegistrationRead
from throughcare.services.probation.registration.store import registration, to_registration


class RegistrationViews(Views):
    """Reads of registrations."""

    async def list(self, person_id: int, *, active_only: bool) -> list[RegistrationRead]:
        """The person's registrations, newest first."""
        statement = select(registration).where(registration.c.person_id == person_id)
        if active_only:
            statement = statement.where(registration.c.end_date.is_(None))
        rows = await self.all(statement.order_by(registration.c.start_date.desc(), registration.c.id.desc()))
        return [RegistrationRead.of(to_registration(row)) for row in rows]

    async def get(self, person_id: int, registration_id: int) -> RegistrationRead:
        """One registration of the person. Raises RegistrationNotFound."""
        row = await self.one_or_none(
            select(registration).where(registration.c.person_id == person_id, registration.c.id == registration_id)
        )
        if row is None:
            raise RegistrationNotFound
        return RegistrationRead.of(to_registration(row))
