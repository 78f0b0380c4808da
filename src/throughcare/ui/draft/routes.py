"""Make a referral: who is referred, what kind of referral it is, and the list of everything to do."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.errors import Unavailable
from throughcare.kit.http.peer import PeerRefused
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.draft.model import first_question, kind_of, of_draft, task_list
from throughcare.ui.draft.schemas import (
    CUSTODY,
    NO,
    YES,
    AllocatedForm,
    CaseForm,
    DeletionForm,
    PersonForm,
    PlaceForm,
    ReleaseForm,
)
from throughcare.ui.draft.views import candidate, find_person
from throughcare.ui.finder.views import offered
from throughcare.ui.form import PRACTITIONER, Sheet, form_route, open_form, owner_of
from throughcare.ui.page import done, page
from throughcare.ui.peers.case import CasePerson
from throughcare.ui.peers.catalogue import Catalogue
from throughcare.ui.peers.drafts import Drafts, Written
from throughcare.ui.safe import forms_safe
from throughcare.ui.unfinished import usecases
from throughcare.ui.unfinished.model import Kind as Work
from throughcare.ui.unfinished.model import Unfinished

router = Router(tag="Make a referral", include_in_schema=False)

DRAFTS = "/probation-practitioner/dashboard/draft-cases"
NOT_FOUND = "We cannot find this CRN in nDelius, or you may not see the case. Check it and try again"
AWAY = "Sorry, we cannot look this up right now. Try again later"


@form_route(router, "/intervention/{intervention_id}/refer", PRACTITIONER)
async def begin_referral(request: Request, ctx: Ctx, intervention_id: UUID) -> Response:
    """MR-01: whose case it is."""
    intervention = await offered(ctx, intervention_id)
    sheet = await open_form(request, ctx, CaseForm)
    why: list[str] = []
    if sheet.valid:
        crn = sheet.text("service_user_crn").upper()
        try:
            await find_person(ctx, crn)
        except PeerRefused as refused:
            if refused.peer_code != "CASE_RESTRICTED":
                raise
            sheet.refuse(NOT_FOUND, "service_user_crn")
            why = [str(one) for one in refused.body.get("accessErrors") or ()]
        except Unavailable:
            sheet.status = 503
            sheet.refuse(AWAY)
        else:
            return await sheet.done(f"{request.url.path}/{await _looked_up(ctx, sheet, intervention_id, crn)}")
    return await sheet.show(
        "draft/case.html", title="Enter the person’s case identifier", page_id="MR-01", intervention=intervention,
        why=why,
    )  # fmt: skip


async def _looked_up(ctx: Context, sheet: Sheet[CaseForm], intervention_id: UUID, crn: str) -> UUID:
    words, safe = {"crn": crn}, forms_safe(ctx)
    about = f"/intervention/{intervention_id}/refer"
    begun = await usecases.begin(
        ctx.new_uow(), safe, sheet.key, Work.REFERRAL, owner=owner_of(ctx), about=about, words=words
    )
    if begun.words != words:  # somebody went back, and entered another one
        await usecases.change(ctx.new_uow(), safe, begun.id, words)
    return begun.id


@form_route(router, "/intervention/{intervention_id}/refer/{work_id}", PRACTITIONER)
async def check_person(request: Request, ctx: Ctx, intervention_id: UUID, work_id: UUID) -> Response:
    """MR-01: whether the right person was found, and what was begun for them before."""
    safe = forms_safe(ctx)
    sheet = await open_form(request, ctx, PersonForm)
    asked = {"owner": owner_of(ctx)}
    begun = await usecases.outcome_of(ctx.new_uow(), safe, work_id, Work.REFERRAL, **asked) if sheet.sent else None
    if begun is not None:
        return await sheet.done(begun)
    work = await usecases.open_work(ctx.new_uow(), safe, work_id, Work.REFERRAL, **asked)
    found = await candidate(ctx, str(work.words["crn"]), intervention_id)
    if sheet.valid:
        with sheet.refusals():
            outcome = await usecases.carry_out(
                ctx.new_uow, safe, work, lambda: _begin(ctx, work, intervention_id, found.person)
            )
            return await sheet.done(outcome)
    return await sheet.show(
        "draft/person.html", title="Is this the right person?", page_id="MR-01-person", found=found,
        back=f"/intervention/{intervention_id}/refer",
    )  # fmt: skip


async def _begin(ctx: Context, work: Unfinished, intervention_id: UUID, person: CasePerson) -> str:
    drafts = ctx.peer(Drafts, as_user=True)
    draft = await drafts.begin(person.crn, intervention_id, work.id)
    await drafts.change(draft.id, serviceUser=person.described)
    return f"{of_draft(draft.id, 'community-allocated-form')}?startReferral=true"


@form_route(router, "/referrals/{draft_id}/community-allocated-form", PRACTITIONER)
async def community_allocated(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-02: whether somebody in the community is responsible for the person."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft = await drafts.draft(draft_id)
    error = f"Select yes if {draft.service_user.name} has an allocated probation practitioner"
    sheet = await open_form(
        request, ctx, AllocatedForm, {"community_allocated": _yes_or_no(draft.allocated_community_pp)},
        prepare=lambda form: setattr(form.community_allocated, "required", error),
    )  # fmt: skip
    if sheet.valid:
        allocated = sheet.text("community_allocated") == YES
        with sheet.refusals():
            await drafts.change(draft_id, allocatedCommunityPP=allocated)
            return await sheet.done(of_draft(draft_id, "referral-type-form" if allocated else "prison-release-form"))
    title = f"Does {draft.service_user.name} have an allocated probation practitioner?"
    return await sheet.show(
        "draft/allocated.html", title=title, page_id="MR-02", draft=draft, kind=kind_of(draft), back=_back(draft)
    )


@form_route(router, "/referrals/{draft_id}/referral-type-form", PRACTITIONER)
async def referral_type(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-03: where a person is who has a practitioner in the community."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft = await drafts.draft(draft_id)
    sheet = await open_form(
        request, ctx, PlaceForm, {"current_location": draft.person_current_location_type},
        prepare=lambda form: setattr(
            form.current_location, "required", f"Select if {draft.service_user.name} is in prison or in the community"
        ),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            await drafts.change(
                draft_id, allocatedCommunityPP=True, personCurrentLocationType=sheet.text("current_location")
            )
            return await sheet.done(of_draft(draft_id))
    return await sheet.show(
        "draft/place.html", title="What type of referral is this?", page_id="MR-03", draft=draft, kind=kind_of(draft)
    )


@form_route(router, "/referrals/{draft_id}/prison-release-form", PRACTITIONER)
async def prison_release(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-04: whether a person without a practitioner leaves prison during the intervention."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft = await drafts.draft(draft_id)
    name = draft.service_user.name
    sheet = await open_form(
        request, ctx, ReleaseForm, {"prison_release": _yes_or_no(draft.releasing_in_12_weeks)},
        prepare=lambda form: setattr(
            form.prison_release, "required", f"Select yes if {name} will be released during the intervention"
        ),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            await drafts.change(
                draft_id, allocatedCommunityPP=False, personCurrentLocationType=CUSTODY,
                isReferralReleasingIn12Weeks=sheet.text("prison_release") == YES,
            )  # fmt: skip
            return await sheet.done(of_draft(draft_id))
    title = f"Will {name} be released during the intervention?"
    return await sheet.show("draft/release.html", title=title, page_id="MR-04", draft=draft, kind=kind_of(draft))


@router.get("/referrals/{draft_id}/form", roles=PRACTITIONER)
async def show_tasks(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-05: everything to do, and how far it has come."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft, risk = await asyncio.gather(drafts.draft(draft_id), drafts.risk(draft_id))
    kind, question = kind_of(draft), first_question(draft)
    if kind is None or question is not None:
        return RedirectResponse(of_draft(draft_id, question or "community-allocated-form"), 303)
    intervention = await ctx.peer(Catalogue, as_user=True).intervention(draft.intervention_id)
    tasks = task_list(draft, kind, intervention.service_categories, risk)
    return page(
        request, "draft/tasks.html", title="Make a referral", page_id="MR-05", draft=draft, kind=kind, tasks=tasks,
        intervention=intervention, back=DRAFTS,
    )  # fmt: skip


@form_route(router, "/referrals/{draft_id}/delete", PRACTITIONER)
async def delete_draft(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """Whether a draft is to be deleted with everything that was written in it."""
    drafts = ctx.peer(Drafts, as_user=True)
    try:
        draft = await drafts.draft(draft_id)
    except PeerRefused as refused:
        if request.method != "POST" or refused.peer_code != "DRAFT_NOT_FOUND":
            raise
        return done(request, DRAFTS, "draft-deleted")
    sheet = await open_form(request, ctx, DeletionForm)
    if sheet.valid:
        with sheet.refusals():
            await drafts.remove(draft_id)
            return await sheet.done(DRAFTS, "draft-deleted")
    title = "Are you sure you want to delete this draft?"
    return await sheet.show("draft/deletion.html", title=title, page_id="MR-05-delete", draft=draft)


def _yes_or_no(answer: bool | None) -> str | None:
    return None if answer is None else YES if answer else NO


def _back(draft: Written) -> str:
    return DRAFTS if first_question(draft) else of_draft(draft.id)
