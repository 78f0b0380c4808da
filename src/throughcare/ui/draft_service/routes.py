"""Make a referral: the sentence, the days, the date and the reason."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.draft.model import checked, of_draft
from throughcare.ui.draft_service.model import sentence_choices
from throughcare.ui.draft_service.schemas import DaysForm, DeadlineForm, ReasonForm, SentenceForm
from throughcare.ui.form import PRACTITIONER, form_route, open_form
from throughcare.ui.page import page
from throughcare.ui.peers.drafts import Drafts

router = Router(prefix="/referrals/{draft_id}", tag="Make a referral", include_in_schema=False)


@form_route(router, "/relevant-sentence", PRACTITIONER)
async def relevant_sentence(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-28: which sentence the referral is for; a dead end with its reason when there is none."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft, case = await asyncio.gather(drafts.draft(draft_id), drafts.case(draft_id))
    title = f"Select the relevant sentence for the {draft.contract_type_name} referral"
    if not case.sentences:
        return page(
            request, "draft_service/no_sentence.html", title=title, page_id="MR-28", draft=draft,
            known=case.sentences is not None,
        )  # fmt: skip
    choices, hints = sentence_choices(case.sentences)
    sheet = await open_form(
        request, ctx, SentenceForm, {"relevant_sentence_id": draft.relevant_sentence_id},
        later=of_draft(draft_id), prepare=lambda form: setattr(form.relevant_sentence_id, "choices", choices),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            await drafts.change(draft_id, relevantSentenceId=int(sheet.text("relevant_sentence_id")))
            return await sheet.done(checked(request, draft_id, "enforceable-days"))
    return await sheet.show(
        "draft_service/relevant_sentence.html", title=title, page_id="MR-28", draft=draft, hints=hints
    )


@form_route(router, "/enforceable-days", PRACTITIONER)
async def enforceable_days(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-31: the most days of the requirement that may be used."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft = await drafts.draft(draft_id)
    sheet = await open_form(
        request, ctx, DaysForm, {"maximum_enforceable_days": draft.maximum_enforceable_days}, later=of_draft(draft_id)
    )
    if sheet.valid:
        with sheet.refusals():
            await drafts.change(draft_id, maximumEnforceableDays=int(sheet.text("maximum_enforceable_days")))
            return await sheet.done(checked(request, draft_id, "completion-deadline"))
    title = "How many days will you use for this service?"
    return await sheet.show("draft_service/enforceable_days.html", title=title, page_id="MR-31", draft=draft)


@form_route(router, "/completion-deadline", PRACTITIONER)
async def completion_deadline(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-32: by when the service must be completed."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft = await drafts.draft(draft_id)
    sheet = await open_form(
        request, ctx, DeadlineForm, {"completion_deadline": draft.completion_deadline}, later=of_draft(draft_id)
    )
    if sheet.valid:
        with sheet.refusals():
            await drafts.change(draft_id, completionDeadline=str(sheet.day("completion_deadline")))
            return await sheet.done(checked(request, draft_id, "reason-for-referral"))
    title = f"What date does the {draft.contract_type_name} referral need to be completed by?"
    return await sheet.show(
        "draft_service/completion_deadline.html",
        title=title,
        page_id="MR-32",
        draft=draft,
        soon=ctx.clock.today() + timedelta(days=60),
    )


@form_route(router, "/reason-for-referral", PRACTITIONER)
async def reason_for_referral(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-33: why the person is referred, and what the provider should know."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft = await drafts.draft(draft_id)
    sheet = await open_form(
        request, ctx, ReasonForm,
        {
            "reason_for_referral": draft.reason_for_referral,
            "reason_for_referral_further_information": draft.reason_for_referral_further_information,
        },
        later=of_draft(draft_id),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            await drafts.change(
                draft_id, reasonForReferral=sheet.text("reason_for_referral"),
                reasonForReferralFurtherInformation=sheet.text("reason_for_referral_further_information"),
            )  # fmt: skip
            return await sheet.done(checked(request, draft_id, "check-all-referral-information"))
    return await sheet.show(
        "draft_service/reason_for_referral.html", title="Reason for referral", page_id="MR-33", draft=draft
    )
