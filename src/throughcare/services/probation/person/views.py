"""What other services ask about a person."""

from __future__ import annotations

from sqlalchemy import RowMapping, select

from throughcare.kit.db import Views
from throughcare.services.probation.person.model import CaseNotFound, NomsNumberNotFound, Person
from throughcare.services.probation.person.schemas import (
    CaseDetails,
    ContactDetails,
    DisabilityRead,
    MainAddress,
    Name,
    Profile,
)
from throughcare.services.probation.person.store import MAIN, address, disability, person, to_person


class PersonViews(Views):
    """Reads of people."""

    async def get(self, crn: str) -> Person:
        """The person with this CRN. Raises CaseNotFound."""
        row = await self.one_or_none(select(person).where(person.c.crn == crn))
        if row is None:
            raise CaseNotFound
        return to_person(row)

    async def get_by_noms_number(self, noms_number: str) -> Person:
        """The person with this NOMS number. Raises NomsNumberNotFound."""
        row = await self.one_or_none(select(person).where(person.c.noms_number == noms_number))
        if row is None:
            raise NomsNumberNotFound
        return to_person(row)

    async def exists(self, crn: str) -> bool:
        """Whether a case has this CRN."""
        return await self.first(select(person.c.id).where(person.c.crn == crn)) is not None

    async def details(self, crn: str) -> CaseDetails:
        """Everything that a referral needs to know of a person. Raises CaseNotFound."""
        one = await self.get(crn)
        main = await self.first(
            select(address)
            .where(address.c.person_id == one.id, address.c.status == MAIN, address.c.end_date.is_(None))
            .order_by(address.c.start_date.desc(), address.c.id.desc())
        )
        rows = await self.all(
            select(disability)
            .where(disability.c.person_id == one.id)
            .order_by(disability.c.start_date, disability.c.id)
        )
        disabilities = [DisabilityRead.model_validate(dict(row)) for row in rows]
        known = one.details
        return CaseDetails(
            crn=one.crn, name=Name(forename=known.forename, surname=known.surname),
            date_of_birth=known.date_of_birth, gender=known.gender,
            profile=Profile(
                primary_language=known.primary_language, ethnicity=known.ethnicity, religion=known.religion,
                disabilities=disabilities,
            ),
            contact_details=_contact_details(one, main),
        )  # fmt: skip


def _contact_details(one: Person, main: RowMapping | None) -> ContactDetails:
    return ContactDetails(
        no_fixed_abode=one.details.no_fixed_abode,
        main_address=MainAddress.model_validate(dict(main)) if main else None,
        email_address=one.details.email,
        telephone_number=one.details.telephone_number,
        mobile_number=one.details.mobile_number,
    )
