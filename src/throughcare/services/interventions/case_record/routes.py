"""The case record of a person, for the practitioner who refers them and the provider who works with them."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PEOPLE
from throughcare.services.interventions.access.usecases import allow_case, allow_draft, allow_referral
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.case_record.schemas import CaseRecord
from throughcare.services.interventions.case_record.usecases import read_case
from throughcare.services.interventions.draft.store import DraftStore
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.refusal.model import AccessRefused, NotThere

router = Router(tag="Case records")


@router.get("/case-record/{crn}", roles=GATE, errors=[AccessRefused, NotThere])
async def get_case(crn: str, ctx: Ctx) -> CaseRecord:
    """The record of a case that the practitioner may see, before a referral is begun."""
    await allow_case(ctx, crn)
    return await read_case(ctx, crn)


@router.get("/draft-referral/{draft_id}/case-record", roles=GATE, errors=[AccessRefused, NotThere])
async def get_case_of_draft(draft_id: UUID, ctx: Ctx) -> CaseRecord:
    """The record of the person whom a draft is about, with every active sentence."""
    await allow_draft(ctx, draft_id, change=False)
    async with ctx.reading(DraftStore) as store:
        draft = await store.get(draft_id)
    return await read_case(ctx, draft.crn)


@router.get("/sent-referral/{referral_id}/case-record", roles=GATE, errors=[AccessRefused, NotThere])
async def get_case_of_referral(referral_id: UUID, ctx: Ctx) -> CaseRecord:
    """The record of the person who was referred, with the sentence that the referral names."""
    await allow_referral(ctx, referral_id, PEOPLE)
    async with ctx.reading(ReferralStore) as store:
        sent = await store.get(referral_id)
    return await read_case(ctx, sent.crn, sentence_id=sent.relevant_sentence_id)
