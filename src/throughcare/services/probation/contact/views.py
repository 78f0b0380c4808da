"""The contacts of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from throughcare.kit.db import Views
from throughcare.services.probation.contact.schemas import CodedValue, ContactRead, EnforcementRead
from throughcare.services.probation.contact.store import contact, enforcement
from throughcare.services.probation.person.model import CaseNotFound
from throughcare.services.probation.person.store import person
from throughcare.services.probation.reference.model import Code, contact_outcomes, contact_types


class ContactViews(Views):
    """Reads of contacts."""

    async def list(self, crn: str, *, limit: int, offset: int) -> tuple[list[ContactRead], int]:
        """One page of a case's contacts, newest first, and how many there are. Raises CaseNotFound."""
        row = await self.one_or_none(select(person.c.id).where(person.c.crn == crn))
        if row is None:
            raise CaseNotFound
        mine = contact.c.person_id == row["id"]
        statement = (
            select(contact, enforcement.c.action_code, enforcement.c.response_date)
            .outerjoin(enforcement, enforcement.c.contact_id == contact.c.id)
            .where(mine)
            .order_by(contact.c.start_time.desc(), contact.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        total = await self.count(select(func.count()).select_from(contact).where(mine))
        return [_read(dict(found)) for found in await self.all(statement)], total


def _read(row: dict[str, Any]) -> ContactRead:
    acted = row["action_code"] is not None
    values = {
        **row,
        "contact_id": row["id"],
        "sentence_id": row["conviction_id"],
        "type": _coded(contact_types(), row["type_code"]),
        "outcome": _coded(contact_outcomes(), row["outcome_code"]) if row["outcome_code"] else None,
        "enforcement": None,
    }
    if acted:
        values["enforcement"] = EnforcementRead(action=row["action_code"], response_date=row["response_date"])
    return ContactRead.model_validate(values)


def _coded(codes: Mapping[str, Code], code: str) -> CodedValue:
    return CodedValue(code=code, description=codes[code].description)
