"""Contacts and their enforcements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    Numeric,
    RowMapping,
    Table,
    Text,
    and_,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from throughcare.kit.db import Store, schema
from throughcare.services.probation.contact.model import Assignment, Contact, Kind, Outcome, ReferenceTaken
from throughcare.services.probation.reference.model import contact_outcomes, contact_types

contact = Table(
    "contact",
    schema("probation"),
    Column("id", BigInteger, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("conviction_id", BigInteger),
    Column("nsi_id", BigInteger),
    Column("type_code", Text, nullable=False),
    Column("date", Date, nullable=False),
    Column("start_time", DateTime(timezone=True), nullable=False),
    Column("end_time", DateTime(timezone=True)),
    Column("location_code", Text),
    Column("provider_code", Text, nullable=False),
    Column("team_code", Text, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("notes", Text),
    Column("outcome_code", Text),
    Column("attended", Boolean),
    Column("complied", Boolean),
    Column("rar_activity", Boolean),
    Column("hours_credited", Numeric),
    Column("enforcement", Boolean, nullable=False),
    Column("external_reference", Text),
    Column("linked_contact_id", BigInteger),
    Column("version", Integer, nullable=False),
)
enforcement = Table(
    "enforcement",
    schema("probation"),
    Column("id", BigInteger, primary_key=True),
    Column("contact_id", BigInteger, nullable=False),
    Column("action_code", Text, nullable=False),
    Column("response_date", Date, nullable=False),
    Column("action_taken_at", DateTime(timezone=True), nullable=False),
)
PLAIN_FIELDS = tuple(one.name for one in fields(Contact) if one.name not in {"id", "assignment"})
APPOINTMENT_CODES = (str(Kind.APPOINTMENT), str(Kind.SUPPLIER_ASSESSMENT))


def to_contact(row: RowMapping) -> Contact:
    """The contact that a row of ``contact`` holds."""
    assignment = Assignment(row["provider_code"], row["team_code"], row["staff_code"])
    return Contact(id=row["id"], assignment=assignment, **{name: row[name] for name in PLAIN_FIELDS})


def _values(one: Contact) -> dict[str, object]:
    values = {name: getattr(one, name) for name in PLAIN_FIELDS}
    return {**values, "type_code": str(one.type_code), "date": one.date, **vars(one.assignment)}


class ContactStore(Store):
    """Loads and writes contacts. Writers of one case hold the lock of its person."""

    async def add(self, one: Contact) -> int:
        """Store a new contact; its id. Raises ReferenceTaken."""
        adding = insert(contact).values(**_values(one), version=1)
        found = await self.count(adding.on_conflict_do_nothing().returning(contact.c.id))
        if not found:
            raise ReferenceTaken
        return found

    async def add_all(self, several: Sequence[Contact]) -> None:
        """Store several new contacts."""
        await self.run(insert(contact), [{**_values(one), "version": 1} for one in several])

    async def save(self, one: Contact) -> None:
        """Write a contact that was loaded. Raises ReferenceTaken."""
        values = {**_values(one), "version": contact.c.version + 1}
        try:
            await self.run(update(contact).where(contact.c.id == one.id).values(values))
        except IntegrityError:
            raise ReferenceTaken from None

    async def find_appointment(
        self, nsi_id: int, *, reference: str | None = None, contact_id: int | None = None
    ) -> Contact | None:
        """The NSI's appointment with this external reference, else with this id, or None."""
        mine = (contact.c.nsi_id == nsi_id, contact.c.type_code.in_(APPOINTMENT_CODES))
        for condition in (
            contact.c.external_reference == reference if reference else None,
            contact.c.id == contact_id if contact_id else None,
        ):
            if condition is not None:
                row = await self.one_or_none(select(contact).where(*mine, condition))
                if row is not None:
                    return to_contact(row)
        return None

    async def clashes(self, person_id: int, start: datetime, end: datetime, *, besides: Sequence[int]) -> bool:
        """Whether another appointment without outcome overlaps; ids in ``besides`` do not count."""
        kinds = [code for code, one in contact_types().items() if one.attendance]
        statement = select(contact.c.id).where(
            contact.c.person_id == person_id,
            contact.c.type_code.in_(kinds),
            contact.c.outcome_code.is_(None),
            contact.c.start_time < end,
            contact.c.end_time > start,
            contact.c.id.not_in(besides),
        )
        return await self.first(statement) is not None

    async def withdraw_after(self, nsi_id: int, moment: datetime) -> int:
        """Mark the NSI's appointments that start after ``moment`` and have no outcome as withdrawn; how many."""
        meaning = contact_outcomes()[Outcome.WITHDRAWN]
        statement = (
            update(contact)
            .where(
                contact.c.nsi_id == nsi_id,
                contact.c.type_code.in_(APPOINTMENT_CODES),
                contact.c.outcome_code.is_(None),
                contact.c.start_time > moment,
            )
            .values(
                outcome_code=meaning.code,
                attended=meaning.attended,
                complied=meaning.complied,
                version=contact.c.version + 1,
            )
        )
        return await self.run(statement)

    async def noted(self, nsi_id: int, day: date, heading: str) -> bool:
        """Whether the NSI has a notification of that day whose notes begin with ``heading``."""
        statement = select(contact.c.id).where(
            contact.c.nsi_id == nsi_id,
            contact.c.type_code == str(Kind.NOTIFICATION),
            contact.c.date == day,
            contact.c.notes.startswith(heading, autoescape=True),
        )
        return await self.first(statement) is not None

    async def count_failures(self, conviction_id: int, since: date | None) -> int:
        """On how many days since ``since`` the person failed to comply with this sentence."""
        kinds = [code for code, one in contact_types().items() if one.national_standards]
        statement = select(func.count(contact.c.date.distinct())).where(
            contact.c.conviction_id == conviction_id,
            contact.c.complied.is_(False),
            contact.c.type_code.in_(kinds),
        )
        return await self.count(statement.where(contact.c.date >= since) if since else statement)

    async def under_review(self, conviction_id: int, since: date | None) -> bool:
        """Whether a review of enforcement is open for this sentence."""
        statement = select(contact.c.id).where(
            contact.c.conviction_id == conviction_id,
            contact.c.type_code == str(Kind.ENFORCEMENT_REVIEW),
            contact.c.outcome_code.is_(None),
        )
        return await self.first(statement.where(contact.c.date >= since) if since else statement) is not None

    async def count_rar_days(self, nsi_ids: Sequence[int]) -> int:
        """The days that count towards the rehabilitation activity requirement of these NSIs."""
        statement = select(func.count(contact.c.date.distinct())).where(
            and_(
                contact.c.nsi_id.in_(nsi_ids),
                contact.c.rar_activity.is_(True),
                contact.c.attended.is_not(False),
                contact.c.complied.is_not(False),
            )
        )
        return await self.count(statement)

    async def enforce(self, contact_id: int, action_code: str, *, respond_by: date, at: datetime) -> bool:
        """Record an enforcement action for a contact, once; whether this was the first time."""
        if await self.first(select(enforcement.c.id).where(enforcement.c.contact_id == contact_id)) is not None:
            return False
        values = {
            "contact_id": contact_id, "action_code": action_code, "response_date": respond_by,
            "action_taken_at": at,
        }  # fmt: skip
        await self.run(insert(enforcement).values(values))
        return True
