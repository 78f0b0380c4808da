"""Referrals that were found, on the wire."""

from __future__ import annotations

from datetime import date
from typing import Literal

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.overview.schemas import SentReferralSummary


class FoundReferral(SentReferralSummary):
    """A line of what was found."""

    date_of_birth: date | None
    standing: Literal["OPEN", "COMPLETED", "CANCELLED"]


class FoundReferrals(Wire):
    """The best hits first; ``more`` tells whether there are others than these."""

    content: list[FoundReferral]
    more: bool
