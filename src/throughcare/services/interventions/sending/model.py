"""What must be there before a draft can be sent, and how a referral gets its number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from throughcare.kit.clock import london
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.draft.model import CUSTODY, Draft, OasysRisk
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.refusal.model import Invalid, Problem

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "0123456789"
LOOKALIKES = ({"0", "O"}, {"1", "I"}, {"5", "S"}, {"8", "B"})
CANDIDATES = 10


class Chance(Protocol):
    """A source of randomness."""

    def choice(self, seq: str, /) -> str:
        """One character of ``seq``."""


def reference_candidate(contract_type_name: str, chance: Chance) -> str:
    """A reference number: two letters, four digits, and the first two letters of the contract type's name."""
    letters = "".join(chance.choice(LETTERS) for _ in range(2))
    digits = "".join(chance.choice(DIGITS) for _ in range(4))
    return f"{letters}{digits}{contract_type_name[:2].upper()}"


def is_readable(reference: str) -> bool:
    """Whether no two characters of the reference can be taken for each other."""
    return not any(pair.issubset(reference) for pair in LOOKALIKES)


def check_sendable(draft: Draft, risk: OasysRisk | None) -> None:
    """Raises Invalid with everything that is missing; its code is that of the first."""
    missing = list(_missing(draft, risk))
    if missing:
        problems = [Problem(field, "CANNOT_BE_EMPTY") for field, _ in missing]
        raise Invalid(problems, code=missing[0][1])


def _missing(draft: Draft, risk: OasysRisk | None) -> Iterator[tuple[str, str]]:
    place, chosen = draft.location, draft.selection
    release = (
        place.referral_releasing_12_weeks,
        place.expected_release_date,
        place.expected_release_date_missing_reason,
    )
    if place.person_current_location_type == CUSTODY and all(one is None for one in release):
        yield "expectedReleaseDate", "RELEASE_DATE_MISSING"
    if risk is None and not draft.additional_risk_information:
        yield "additionalRiskInformation", "RISK_MISSING"
    if draft.relevant_sentence_id is None:
        yield "relevantSentenceId", "CANNOT_BE_EMPTY"
    if place.person_current_location_type is None:
        yield "personCurrentLocationType", "LOCATION_MISSING"
    if not chosen.categories:
        yield "serviceCategoryIds", "NO_CATEGORY_SELECTED"
    if not chosen.categories.issubset(chosen.levels):
        yield "complexityLevels", "CANNOT_BE_EMPTY"
    if not chosen.categories.issubset(key for key, outcomes in chosen.outcomes.items() if outcomes):
        yield "desiredOutcomes", "CANNOT_BE_EMPTY"
    if draft.details.completion_deadline is None:
        yield "completionDeadline", "CANNOT_BE_EMPTY"


def risk_written_at(draft: Draft, oasys_written_at: datetime | None) -> datetime:
    """When the risk information was written, on a clock in London without a zone, to the millisecond."""
    written = oasys_written_at or draft.additional_risk_information_updated_at or draft.created_at
    local = london(written).replace(tzinfo=None)
    return local.replace(microsecond=local.microsecond // 1000 * 1000)


def risk_body(draft: Draft, risk: OasysRisk | None, *, by: Actor, written: datetime) -> dict[str, object]:
    """The risk information as risks and needs takes it; the redacted texts only when there are some."""
    body: dict[str, object] = {
        "source": "INTERVENTION_REFERRAL",
        "sourceId": str(draft.id),
        "crn": draft.crn,
        "createdByUser": by.user_id,
        "createdByUserType": by.auth_source,
        "createdDate": written.isoformat(timespec="milliseconds"),
        "riskSummaryComments": draft.additional_risk_information or "",
    }
    if risk is None:
        return body
    redacted = {
        "riskWho": risk.risk_summary_who_is_at_risk,
        "riskWhen": risk.risk_summary_risk_imminence,
        "riskNature": risk.risk_summary_nature_of_risk,
        "concernsSelfHarm": risk.risk_to_self_self_harm,
        "concernsSuicide": risk.risk_to_self_suicide,
        "concernsHostel": risk.risk_to_self_hostel_setting,
        "concernsVulnerability": risk.risk_to_self_vulnerability,
    }
    texts = {name: text or "" for name, text in redacted.items()}
    return {**body, "riskSummaryComments": risk.additional_information or "", "redactedRisk": texts}


def sent_referral(
    draft: Draft, *, reference: str, at: datetime, by: Actor, sentence_end: date | None, risk_id: UUID
) -> Referral:
    """The referral that a complete draft becomes."""
    place = draft.location
    if place.person_current_location_type == CUSTODY and not place.expected_probation_office:
        place = replace(place, expected_probation_office=draft.practitioner.pp_probation_office)
    assert draft.relevant_sentence_id is not None
    return Referral(
        draft.id, reference, draft.created_at, draft.created_by, at, by.id, draft.crn, draft.intervention_id,
        draft.relevant_sentence_id, sentence_end, risk_id, draft.selection, draft.service_user, draft.needs,
        place,
        draft.practitioner, draft.details,
    )  # fmt: skip
