"""Criminogenic needs: sections of a full assessment, scored against a threshold.

Source: ministryofjustice/hmpps-assess-risks-and-needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from throughcare.kit.errors import BadRequest
from throughcare.services.risks_and_needs.reference.model import Section, sections


class SectionUnknown(BadRequest):
    """There is no such section, or it was given twice (400)."""

    code = "SECTION_UNKNOWN"
    title = "Each section of an assessment can be given once, by its code"


class Standing(StrEnum):
    """Whether a section is a need."""

    IDENTIFIED = "IDENTIFIED"
    NOT_IDENTIFIED = "NOT_IDENTIFIED"
    UNANSWERED = "UNANSWERED"


@dataclass(frozen=True)
class Need:
    """What an assessment says of one section; a score of None was not given."""

    section_code: str
    score: int | None
    risk_of_harm: bool | None = None
    risk_of_reoffending: bool | None = None

    @property
    def section(self) -> Section:
        """The section. Raises SectionUnknown."""
        found = sections().get(self.section_code)
        if found is None:
            raise SectionUnknown
        return found

    @property
    def standing(self) -> Standing:
        """Whether it is a need; a section without a threshold never is."""
        if self.score is None:
            return Standing.UNANSWERED
        threshold = self.section.threshold
        return Standing.IDENTIFIED if threshold is not None and self.score >= threshold else Standing.NOT_IDENTIFIED


def check(needs: tuple[Need, ...]) -> None:
    """Raises SectionUnknown."""
    codes = [one.section.code for one in needs]
    if len(codes) != len(set(codes)):
        raise SectionUnknown
