"""Drafting a referral. For probation practitioners who may see the person's case."""

from __future__ import annotations

from uuid import UUID

from fastapi import Response

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PRACTITIONER, check_kind
from throughcare.services.interventions.access.usecases import allow_case, allow_draft
from throughcare.services.interventions.actor.model import GATE, actor_of, kind_of
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.draft import usecases
from throughcare.services.interventions.draft.model import Draft, OasysRisk
from throughcare.services.interventions.draft.schemas import (
    ChosenLevel,
    ChosenOutcomes,
    CreateDraft,
    DraftRisk,
    PatchDraft,
    UnsentDraft,
)
from throughcare.services.interventions.draft.store import DraftStore
from throughcare.services.interventions.refusal.model import AccessRefused, Clash, Closed, Invalid, NotThere, Refused
from throughcare.services.interventions.settings import InterventionsSettings

router = Router(tag="Drafts")


@router.post("/draft-referral", status=201, roles=GATE, errors=[AccessRefused, Refused, Closed])
async def create_draft(body: CreateDraft, ctx: Ctx, response: Response) -> UnsentDraft:
    """Begin a referral for a person whose case the practitioner may see."""
    by = await allow_case(ctx, body.service_user_crn)
    catalogue = await current_catalogue(ctx)
    draft = await usecases.create_draft(
        ctx.uow, crn=body.service_user_crn, intervention_id=body.intervention_id, catalogue=catalogue, by=by
    )
    response.headers["Location"] = f"/draft-referral/{draft.id}"
    return await _shown(ctx, draft)


@router.get("/draft-referrals", roles=GATE, errors=[AccessRefused])
async def list_drafts(ctx: Ctx) -> list[UnsentDraft]:
    """The caller's own drafts that were not sent yet, oldest first."""
    check_kind(kind_of(ctx.user), PRACTITIONER)
    async with ctx.reading(DraftStore) as store:
        drafts = await store.of_author(actor_of(ctx.user).id)
    return [await _shown(ctx, draft) for draft in drafts]


@router.get("/draft-referral/{draft_id}", roles=GATE, errors=[AccessRefused, NotThere])
async def get_draft(draft_id: UUID, ctx: Ctx) -> UnsentDraft:
    """One draft."""
    await allow_draft(ctx, draft_id, change=False)
    async with ctx.reading(DraftStore) as store:
        return await _shown(ctx, await store.get(draft_id))


@router.patch("/draft-referral/{draft_id}", roles=GATE, errors=[AccessRefused, NotThere, Invalid, Clash])
async def change_draft(draft_id: UUID, body: PatchDraft, ctx: Ctx) -> UnsentDraft:
    """Change any fields of a draft; every problem is reported and nothing is saved if there is one."""
    await allow_draft(ctx, draft_id, change=True)
    catalogue = await current_catalogue(ctx)
    return await _shown(ctx, await usecases.change_draft(ctx.uow, draft_id, body.changes(), catalogue=catalogue))


@router.patch(
    "/draft-referral/{draft_id}/complexity-level",
    roles=GATE,
    errors=[AccessRefused, NotThere, Refused, Clash],
)
async def choose_level(draft_id: UUID, body: ChosenLevel, ctx: Ctx) -> UnsentDraft:
    """Choose the complexity level of one selected category."""
    await allow_draft(ctx, draft_id, change=True)
    draft = await usecases.choose_level(
        ctx.uow, draft_id, category_id=body.service_category_id, level_id=body.complexity_level_id,
        catalogue=await current_catalogue(ctx),
    )  # fmt: skip
    return await _shown(ctx, draft)


@router.patch(
    "/draft-referral/{draft_id}/desired-outcomes",
    roles=GATE,
    errors=[AccessRefused, NotThere, Refused, Clash],
)
async def choose_outcomes(draft_id: UUID, body: ChosenOutcomes, ctx: Ctx) -> UnsentDraft:
    """Choose the desired outcomes of one selected category, in place of those chosen before."""
    await allow_draft(ctx, draft_id, change=True)
    draft = await usecases.choose_outcomes(
        ctx.uow, draft_id, category_id=body.service_category_id, outcome_ids=body.desired_outcomes_ids,
        catalogue=await current_catalogue(ctx),
    )  # fmt: skip
    return await _shown(ctx, draft)


@router.patch("/draft-referral/{draft_id}/oasys-risk-information", roles=GATE, errors=[AccessRefused, NotThere, Clash])
async def write_risk(draft_id: UUID, body: DraftRisk, ctx: Ctx) -> DraftRisk:
    """Write the redacted risk texts, in place of those written before."""
    entry = await allow_draft(ctx, draft_id, change=True)
    risk = OasysRisk(**body.model_dump())
    return DraftRisk.model_validate(await usecases.write_risk(ctx.uow, draft_id, risk, by=entry.actor))


@router.get("/draft-referral/{draft_id}/oasys-risk-information", roles=GATE, errors=[AccessRefused, NotThere])
async def get_risk(draft_id: UUID, ctx: Ctx) -> DraftRisk:
    """The redacted risk texts of a draft."""
    await allow_draft(ctx, draft_id, change=False)
    async with ctx.reading(DraftStore) as store:
        kept = await store.find_risk(draft_id)
    if kept is None:
        raise NotThere("RISK_NOT_FOUND", "no risk information has been written for this draft")
    return DraftRisk.model_validate(kept.risk)


async def _shown(ctx: Context, draft: Draft) -> UnsentDraft:
    catalogue = await current_catalogue(ctx)
    shown = UnsentDraft.of(draft, catalogue.interventions[draft.intervention_id])
    shown.changed_at = draft.changed_at
    shown.kept_until = draft.created_at + ctx.settings(InterventionsSettings).keep_drafts
    return shown
