"""Make a referral: the service types, the sentence, outcomes and levels, the days, the date and the reason."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.http.peer import PeerRefused
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.draft.model import checked, of_draft
from throughcare.ui.draft_service.model import (
    chosen_categories,
    first_page,
    lost_with,
    outcome_choices,
    page_after,
    sentence_choices,
    sentence_end,
)
from throughcare.ui.draft_service.schemas import (
    CategoriesForm,
    DaysForm,
    DeadlineForm,
    LevelForm,
    OutcomesForm,
    ReasonForm,
    SentenceForm,
)
from throughcare.ui.form import PRACTITIONER, form_route, open_form
from throughcare.ui.page import page
from throughcare.ui.peers.case import CaseRecord
from throughcare.ui.peers.catalogue import Catalogue, Category, Intervention
from throughcare.ui.peers.drafts import Drafts, Written
from throughcare.ui.referral.views import optional

router = Router(prefix="/referrals/{draft_id}", tag="Make a referral", include_in_schema=False)


@form_route(router, "/service-categories", PRACTITIONER)
async def service_categories(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-27: what kinds of service the referral is for; what goes with one that is taken away is told first."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft = await drafts.draft(draft_id)
    intervention = await ctx.peer(Catalogue, as_user=True).intervention(draft.intervention_id)
    every = sorted(intervention.service_categories, key=lambda one: one.name)
    if len(every) == 1:
        return RedirectResponse(of_draft(draft_id), 303)
    choices = [(str(one.id), one.name) for one in every]
    sheet = await open_form(
        request, ctx, CategoriesForm, {"service_category_ids": [str(one) for one in draft.service_category_ids]},
        later=of_draft(draft_id), prepare=lambda form: setattr(form.service_category_ids, "choices", choices),
    )  # fmt: skip
    picked = sheet.picked("service_category_ids")
    lost = lost_with(draft, intervention, picked) if sheet.valid else []
    agreed = set((await request.form()).getlist("lost")) if sheet.sent else set()
    if sheet.valid and all(str(one.id) in agreed for one in lost):
        with sheet.refusals():
            await drafts.change(draft_id, serviceCategoryIds=picked)
            return await sheet.done(checked(request, draft_id, "relevant-sentence"))
    title = f"What service categories are you referring {draft.service_user.name} to?"
    return await sheet.show(
        "draft_service/service_categories.html", title=title, page_id="MR-27", draft=draft, lost=lost
    )


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
            intervention = await ctx.peer(Catalogue, as_user=True).intervention(draft.intervention_id)
            return await sheet.done(checked(request, draft_id, first_page(draft, intervention)))
    return await sheet.show(
        "draft_service/relevant_sentence.html", title=title, page_id="MR-28", draft=draft, hints=hints
    )


@form_route(router, "/service-category/{category_id}/desired-outcomes", PRACTITIONER)
async def desired_outcomes(request: Request, ctx: Ctx, draft_id: UUID, category_id: UUID) -> Response:
    """MR-29: what the service is to achieve in one category."""
    drafts = ctx.peer(Drafts, as_user=True)
    found = await _category(ctx, draft_id, category_id)
    if isinstance(found, Response):
        return found
    draft, _, category, offered = found
    chosen = draft.outcomes_of(category_id)
    choices = outcome_choices(offered, category, chosen)
    sheet = await open_form(
        request, ctx, OutcomesForm, {"desired_outcomes_ids": [str(one) for one in chosen]},
        later=of_draft(draft_id), prepare=lambda form: setattr(form.desired_outcomes_ids, "choices", choices),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            await drafts.choose_outcomes(draft_id, category_id, sheet.picked("desired_outcomes_ids"))
            return await sheet.done(checked(request, draft_id, f"service-category/{category_id}/complexity-level"))
    title = f"What are the desired outcomes for the {category.name} service?"
    return await sheet.show("draft_service/desired_outcomes.html", title=title, page_id="MR-29", draft=draft)


@form_route(router, "/service-category/{category_id}/complexity-level", PRACTITIONER)
async def complexity_level(request: Request, ctx: Ctx, draft_id: UUID, category_id: UUID) -> Response:
    """MR-30: how complex the work is in one category."""
    drafts = ctx.peer(Drafts, as_user=True)
    found = await _category(ctx, draft_id, category_id)
    if isinstance(found, Response):
        return found
    draft, intervention, category, _ = found
    choices = [(str(one.id), one.title) for one in category.complexity_levels]
    sheet = await open_form(
        request, ctx, LevelForm, {"complexity_level_id": draft.level_of(category_id)},
        later=of_draft(draft_id), prepare=lambda form: setattr(form.complexity_level_id, "choices", choices),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            await drafts.choose_level(draft_id, category_id, sheet.text("complexity_level_id"))
            return await sheet.done(checked(request, draft_id, page_after(category_id, draft, intervention)))
    return await sheet.show(
        "draft_service/complexity_level.html",
        title=f"What is the complexity level for the {category.name} service?",
        page_id="MR-30", draft=draft, hints={str(one.id): one.description for one in category.complexity_levels},
    )  # fmt: skip


async def _category(
    ctx: Ctx, draft_id: UUID, category_id: UUID
) -> tuple[Written, Intervention, Category, Category] | Response:
    """A draft, what it is for, a chosen category with all that it ever had, and with what is offered in it today.

    One that is not chosen leads to the choice of categories. Raises PeerRefused (404) for one that does not exist.
    """
    catalogue = ctx.peer(Catalogue, as_user=True)
    draft = await ctx.peer(Drafts, as_user=True).draft(draft_id)
    intervention, offered = await asyncio.gather(
        catalogue.intervention(draft.intervention_id),
        catalogue.category(category_id, draft.dynamic_framework_contract_reference),
    )
    category = next((one for one in chosen_categories(draft, intervention) if one.id == category_id), None)
    if category is None:
        return RedirectResponse(of_draft(draft_id, "service-categories"), 303)
    return draft, intervention, category, offered


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
    """MR-32: by when the service must be completed; a date after the sentence is saved with a warning.

    A referral that was sent has a page of its own for that, to which the same address leads.
    """
    drafts = ctx.peer(Drafts, as_user=True)
    try:
        draft, case = await asyncio.gather(drafts.draft(draft_id), optional(drafts.case(draft_id), CaseRecord()))
    except PeerRefused as refused:
        if refused.peer_code != "DRAFT_NOT_FOUND" or request.method == "POST":
            raise
        return RedirectResponse(f"/probation-practitioner/referrals/{draft_id}/update-completion-deadline", 303)
    ends = sentence_end(draft, case)
    sheet = await open_form(
        request, ctx, DeadlineForm, {"completion_deadline": draft.completion_deadline}, later=of_draft(draft_id)
    )
    if sheet.valid:
        with sheet.refusals():
            day = sheet.day("completion_deadline")
            await drafts.change(draft_id, completionDeadline=str(day))
            late = ends is not None and day is not None and day > ends
            following = checked(request, draft_id, "reason-for-referral")
            return await sheet.done(following, "deadline-after-sentence" if late else "")
    title = f"What date does the {draft.contract_type_name} referral need to be completed by?"
    return await sheet.show(
        "draft_service/completion_deadline.html", title=title, page_id="MR-32", draft=draft, ends=ends,
        soon=ctx.clock.today() + timedelta(days=60),
    )  # fmt: skip


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
