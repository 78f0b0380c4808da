"""Contacts as they go over the wire."""

from __future__ import annotations

from datetime import date, datetime

from throughcare.kit.web.schemas import Wire


class CodedValue(Wire):
    """A code with its description."""

    code: str
    description: str


class EnforcementRead(Wire):
    """What is done about a failure to comply."""

    action: str
    response_date: date


class ContactRead(Wire):
    """An entry in a case record."""

    contact_id: int
    type: CodedValue
    date: date
    start_time: datetime
    end_time: datetime | None
    nsi_id: int | None
    sentence_id: int | None
    location_code: str | None
    team_code: str
    staff_code: str
    notes: str | None
    outcome: CodedValue | None
    attended: bool | None
    complied: bool | None
    rar_activity: bool | None
    hours_credited: float | None
    enforcement: EnforcementRead | None
    external_reference: str | None
    linked_contact_id: int | None
