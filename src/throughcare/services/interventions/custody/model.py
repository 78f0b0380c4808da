"""Where the prison system says that a referred person is, beside what their practitioner wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from throughcare.services.interventions.draft.model import CUSTODY, Location

MATCH, NO_MATCH = "match", "no match"
NOMS_NOT_FOUND, NOMS_FAILED = "noms not found", "noms lookup failed"
PRISONER_NOT_FOUND, SEARCH_FAILED = "prisoner not found", "prisoner search failed"


@dataclass(frozen=True)
class NomisLocation:
    """Place and dates as the prison system has them."""

    nomis_prison_id: str | None = None
    nomis_release_date: date | None = None
    nomis_confirmed_release_date: date | None = None
    nomis_non_dto_release_date: date | None = None
    nomis_automatic_release_date: date | None = None
    nomis_post_recall_release_date: date | None = None
    nomis_conditional_release_date: date | None = None
    nomis_actual_parole_date: date | None = None
    nomis_discharge_date: date | None = None


@dataclass(frozen=True)
class Lookup:
    """What a look-up found; whether the dates agree is None where there are not two."""

    result: str
    location: NomisLocation = NomisLocation()
    release_date_agrees: bool | None = None


def compare(written: Location, found: NomisLocation) -> Lookup:
    """The result of a look-up that found the person."""
    same_prison = written.person_custody_prison_id == found.nomis_prison_id
    dates = (written.expected_release_date, found.nomis_release_date)
    agrees = None if None in dates else dates[0] == dates[1]
    return Lookup(MATCH if same_prison else NO_MATCH, found, agrees)


def is_in_custody(location: Location) -> bool:
    """Whether the referral was written for a person in prison."""
    return location.person_current_location_type == CUSTODY
