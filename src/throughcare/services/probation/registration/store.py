"""Registrations."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Integer,
    RowMapping,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from throughcare.kit.db import Store, schema
from throughcare.services.probation.registration.model import Registration, RegistrationNotFound

registration = Table(
    "registration",
    schema("probation"),
    Column("id", BigInteger, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("type_code", Text, nullable=False),
    Column("start_date", Date, nullable=False),
    Column("next_review_date", Date),
    Column("notes", Text),
    Column("staff_code", Text, nullable=False),
    Column("team_code", Text, nullable=False),
    Column("end_date", Date),
    Column("version", Integer, nullable=False),
)


def to_registration(row: RowMapping) -> Registration:
    """The registration that a row of ``registration`` holds."""
    return Registration(**{column.name: row[column.name] for column in registration.c if column.name != "version"})


class RegistrationStore(Store):
    """Loads and writes registrations. Writers of one case hold the lock of its person."""

    async def get(self, person_id: int, registration_id: int) -> Registration:
        """The person's registration with this id. Raises RegistrationNotFound."""
        row = await self.one_or_none(
            select(registration).where(registration.c.person_id == person_id, registration.c.id == registration_id)
        )
        if row is None:
            raise RegistrationNotFound
        return to_registration(row)

    async def has_active(self, person_id: int, type_code: str) -> bool:
        """Whether the person is registered under this type now."""
        statement = select(registration.c.id).where(
            registration.c.person_id == person_id,
            registration.c.type_code == type_code,
            registration.c.end_date.is_(None),
        )
        return await self.first(statement) is not None

    async def add(self, one: Registration) -> Registration:
        """Store a new registration."""
        values = {name: value for name, value in asdict(one).items() if name != "id"}
        row = await self.one_or_none(insert(registration).values(**values, version=1).returning(registration))
        assert row is not None
        return to_registration(row)

    async def save(self, one: Registration) -> None:
        """Write a registration that was loaded."""
        await self.run(
            update(registration)
            .where(registration.c.id == one.id)
            .values(
                next_review_date=one.next_review_date,
                notes=one.notes,
                end_date=one.end_date,
                version=registration.c.version + 1,
            )
        )

    async def remove(self, one: Registration) -> None:
        """Delete a registration that was made in error."""
        await self.run(delete(registration).where(registration.c.id == one.id))
