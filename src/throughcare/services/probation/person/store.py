"""People, their addresses and disabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    RowMapping,
    Table,
    Text,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from throughcare.kit.db import Store, schema
from throughcare.services.probation.person.model import (
    Address,
    CaseExists,
    CaseNotFound,
    Details,
    Disability,
    NomsNumberTaken,
    Person,
)

person = Table(
    "person",
    schema("probation"),
    Column("id", BigInteger, primary_key=True),
    Column("crn", Text, nullable=False),
    Column("noms_number", Text),
    Column("forename", Text, nullable=False),
    Column("middle_names", Text),
    Column("surname", Text, nullable=False),
    Column("date_of_birth", Date, nullable=False),
    Column("gender", Text, nullable=False),
    Column("ethnicity", Text),
    Column("religion", Text),
    Column("primary_language", Text),
    Column("no_fixed_abode", Boolean, nullable=False),
    Column("email", Text),
    Column("telephone_number", Text),
    Column("mobile_number", Text),
    Column("version", Integer, nullable=False),
)
address = Table(
    "address",
    schema("probation"),
    Column("id", BigInteger, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("building_name", Text),
    Column("address_number", Text),
    Column("street_name", Text),
    Column("district", Text),
    Column("town", Text),
    Column("county", Text),
    Column("postcode", Text),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date),
)
disability = Table(
    "disability",
    schema("probation"),
    Column("id", BigInteger, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("start_date", Date, nullable=False),
    Column("notes", Text),
)
MAIN = "M"
NEXT_CRN = func.nextval("probation.crn_number")


def to_person(row: RowMapping) -> Person:
    """The person that a row of ``person`` holds."""
    details = Details(**{one.name: row[one.name] for one in fields(Details)})
    return Person(row["id"], row["crn"], row["noms_number"], details)


class PersonStore(Store):
    """Loads and writes people."""

    async def get(self, crn: str, *, lock: bool = False) -> Person:
        """The person with this CRN; ``lock`` makes writers of the same case wait. Raises CaseNotFound."""
        found = await self.find(crn, lock=lock)
        if found is None:
            raise CaseNotFound
        return found

    async def find(self, crn: str, *, lock: bool = False) -> Person | None:
        """The person with this CRN, or None."""
        statement = select(person).where(person.c.crn == crn)
        row = await self.one_or_none(statement.with_for_update() if lock else statement)
        return to_person(row) if row else None

    async def find_by_noms_number(self, noms_number: str, *, lock: bool = False) -> Person | None:
        """The person with this NOMS number, or None."""
        statement = select(person).where(person.c.noms_number == noms_number)
        row = await self.one_or_none(statement.with_for_update() if lock else statement)
        return to_person(row) if row else None

    async def add(self, crn: str | None, noms_number: str | None, details: Details) -> Person:
        """A new case, with the next free CRN when none is given. Raises CaseExists, NomsNumberTaken."""
        chosen = crn or await self._next_crn()
        values = {"crn": chosen, "noms_number": noms_number, **asdict(details), "version": 1}
        row = await self.one_or_none(insert(person).values(values).on_conflict_do_nothing().returning(person))
        if row is None:
            raise NomsNumberTaken if await self.find(chosen) is None else CaseExists
        return to_person(row)

    async def save(self, one: Person) -> None:
        """Write the identifiers of a person that was loaded with a lock. Raises NomsNumberTaken."""
        statement = update(person).where(person.c.id == one.id)
        try:
            await self.run(statement.values(noms_number=one.noms_number, version=person.c.version + 1))
        except IntegrityError:
            raise NomsNumberTaken from None

    async def add_address(self, person_id: int, one: Address, since: date) -> None:
        """Make ``one`` the person's main address."""
        values = {"person_id": person_id, "status": MAIN, **asdict(one), "start_date": since}
        await self.run(insert(address).values(values))

    async def add_disabilities(self, person_id: int, all_of_them: Sequence[Disability]) -> None:
        """Record disabilities."""
        await self.run(insert(disability), [{"person_id": person_id, **asdict(one)} for one in all_of_them])

    async def _next_crn(self) -> str:
        while True:
            crn = f"T{await self.count(select(NEXT_CRN)):06}"
            if await self.find(crn) is None:
                return crn
