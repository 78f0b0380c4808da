"""Convictions as they go over the wire."""

from __future__ import annotations

from datetime import date

from throughcare.kit.web.schemas import Wire
from throughcare.services.probation.person.schemas import CaseDetail


class SentenceRead(Wire):
    """A sentence."""

    description: str
    start_date: date
    expected_end_date: date | None
    has_rar: bool
    rar_count: int


class OffenceRead(Wire):
    """The main offence."""

    category: str
    sub_category: str


class ConvictionRead(Wire):
    """A conviction; ``id`` is what a referral calls the relevant sentence id."""

    id: int
    date: date
    sentence: SentenceRead
    main_offence: OffenceRead
    failure_to_comply_count: int


class CaseConvictions(Wire):
    """A person with their active convictions."""

    case_detail: CaseDetail
    convictions: list[ConvictionRead]


class CaseConviction(Wire):
    """A person with one of their convictions."""

    case_detail: CaseDetail
    conviction: ConvictionRead
