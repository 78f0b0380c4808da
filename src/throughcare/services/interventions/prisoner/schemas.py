"""A person in prison on the wire."""

from __future__ import annotations

from datetime import date

from throughcare.kit.web.schemas import Wire


class PrisonerDetails(Wire):
    """Where a person is held, and the dates on which they may be released."""

    prison_id: str | None
    prisoner_number: str
    release_date: date | None
    confirmed_release_date: date | None
    non_dto_release_date: date | None
    automatic_release_date: date | None
    post_recall_release_date: date | None
    conditional_release_date: date | None
    actual_parole_date: date | None
    discharge_date: date | None
