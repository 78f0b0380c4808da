"""Amending a sent referral. For probation practitioners who may see the person's case, until it is concluded."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PRACTITIONER
from throughcare.services.interventions.access.usecases import allow_referral
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.amendment import model, schemas
from throughcare.services.interventions.amendment.usecases import amend_referral
from throughcare.services.interventions.changelog.model import Topic
from throughcare.services.interventions.refusal.model import AccessRefused, Clash, Invalid, NotThere, Refused

router = Router(tag="Amendments")

ERRORS = [AccessRefused, NotThere, Clash, Invalid, Refused]
CATEGORY = "/sent-referral/{referral_id}/service-category/{category_id}"


@router.post(f"{CATEGORY}/amend-complexity-level", status=204, roles=GATE, errors=ERRORS)
async def amend_level(referral_id: UUID, category_id: UUID, body: schemas.AmendLevel, ctx: Ctx) -> None:
    """Choose another complexity level, until an action plan is approved."""
    command = model.AmendLevel(category_id, body.complexity_level_id, body.reason_for_change)
    await _amend(ctx, referral_id, command)


@router.post(f"{CATEGORY}/amend-desired-outcomes", status=204, roles=GATE, errors=ERRORS)
async def amend_outcomes(referral_id: UUID, category_id: UUID, body: schemas.AmendOutcomes, ctx: Ctx) -> None:
    """Choose other desired outcomes, until an action plan is approved."""
    command = model.AmendOutcomes(category_id, body.desired_outcomes_ids, body.reason_for_change)
    await _amend(ctx, referral_id, command)


@router.post("/sent-referral/{referral_id}/amend-needs-and-requirements/{kind}", status=204, roles=GATE, errors=ERRORS)
async def amend_needs(referral_id: UUID, kind: str, body: schemas.AmendNeeds, ctx: Ctx) -> None:
    """Answer one question about needs anew.

    ``kind`` is additional-responsibilities, accessibility-needs, identify-needs or interpreter-required.
    """
    await _amend(ctx, referral_id, model.AmendNeeds(kind, body.given(), body.reason_for_change))


@router.post("/sent-referral/{referral_id}/amend-prison-establishment", status=204, roles=GATE, errors=ERRORS)
async def amend_prison(referral_id: UUID, body: schemas.AmendPrison, ctx: Ctx) -> None:
    """Say that the person is in another prison."""
    command = model.AmendPrison(
        body.person_custody_prison_id, body.old_prison_establishment, body.new_prison_establishment,
        body.reason_for_change,
    )  # fmt: skip
    await _amend(ctx, referral_id, command)


@router.post("/sent-referral/{referral_id}/amend-expected-release-date", status=204, roles=GATE, errors=ERRORS)
async def amend_release(referral_id: UUID, body: schemas.AmendRelease, ctx: Ctx) -> None:
    """Say when the person is expected to be released, or why that is not known."""
    command = model.AmendRelease(body.expected_release_date, body.expected_release_date_missing_reason)
    await _amend(ctx, referral_id, command)


@router.post("/sent-referral/{referral_id}/amend-expected-probation-office", status=204, roles=GATE, errors=ERRORS)
async def amend_expected_office(referral_id: UUID, body: schemas.AmendOffice, ctx: Ctx) -> None:
    """Say which probation office is expected after release."""
    await _amend(ctx, referral_id, model.AmendOffice(body.probation_office, body.silent))


@router.post("/sent-referral/{referral_id}/amend-pp-probation-office", status=204, roles=GATE, errors=ERRORS)
async def amend_office(referral_id: UUID, body: schemas.AmendOffice, ctx: Ctx) -> None:
    """Say which office the practitioner works at."""
    await _amend(ctx, referral_id, schemas.practitioner(Topic.PRACTITIONER_OFFICE, body.probation_office, body))


@router.post("/sent-referral/{referral_id}/amend-probation-practitioner-name", status=204, roles=GATE, errors=ERRORS)
async def amend_name(referral_id: UUID, body: schemas.AmendPractitionerName, ctx: Ctx) -> None:
    """Correct the practitioner's name."""
    await _amend(ctx, referral_id, schemas.practitioner(Topic.PRACTITIONER_NAME, body.pp_name, body))


@router.post("/sent-referral/{referral_id}/amend-probation-practitioner-email", status=204, roles=GATE, errors=ERRORS)
async def amend_email(referral_id: UUID, body: schemas.AmendPractitionerEmail, ctx: Ctx) -> None:
    """Correct the practitioner's address."""
    await _amend(ctx, referral_id, schemas.practitioner(Topic.PRACTITIONER_EMAIL, body.pp_email, body))


@router.post(
    "/sent-referral/{referral_id}/amend-probation-practitioner-phone-number", status=204, roles=GATE, errors=ERRORS
)
async def amend_phone_number(referral_id: UUID, body: schemas.AmendPractitionerPhoneNumber, ctx: Ctx) -> None:
    """Correct the practitioner's number."""
    await _amend(ctx, referral_id, schemas.practitioner(Topic.PRACTITIONER_PHONE_NUMBER, body.pp_phone_number, body))


@router.post(
    "/sent-referral/{referral_id}/amend-probation-practitioner-team-phone-number", status=204, roles=GATE, errors=ERRORS
)
async def amend_team_phone_number(referral_id: UUID, body: schemas.AmendPractitionerTeamPhoneNumber, ctx: Ctx) -> None:
    """Correct the number of the practitioner's team."""
    topic = Topic.PRACTITIONER_TEAM_PHONE_NUMBER
    await _amend(ctx, referral_id, schemas.practitioner(topic, body.pp_team_phone_number, body))


@router.post("/sent-referral/{referral_id}/referral-details", roles=GATE, errors=ERRORS)
async def update_details(referral_id: UUID, body: schemas.UpdateReferralDetails, ctx: Ctx) -> schemas.ReferralDetails:
    """Write a new version of what is asked of the provider."""
    entry = await allow_referral(ctx, referral_id, PRACTITIONER)
    amended, mark = await amend_referral(ctx, referral_id, body.given(), by=entry.actor)
    return schemas.ReferralDetails.of(
        referral_id, amended.referral.details, reason=body.reason_for_change, by=entry.actor.user_id, at=mark.at
    )


async def _amend(ctx: Context, referral_id: UUID, command: model.Command) -> None:
    entry = await allow_referral(ctx, referral_id, PRACTITIONER)
    await amend_referral(ctx, referral_id, command, by=entry.actor)
