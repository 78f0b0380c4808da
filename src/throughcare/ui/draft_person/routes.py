"""Make a referral: the person, the risk and the needs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.details.model import contact_card, personal_card
from throughcare.ui.draft.model import checked, of_draft, returning
from throughcare.ui.draft_person.model import (
    ALONE,
    FIELDS,
    differences,
    is_current,
    kept_texts,
    risk_written,
    written_alone,
)
from throughcare.ui.draft_person.schemas import AloneForm, EditForm, NeedsForm, RiskForm
from throughcare.ui.form import PRACTITIONER, PageForm, Sheet, form_route, open_form
from throughcare.ui.peers.catalogue import Catalogue
from throughcare.ui.peers.drafts import DraftRisk, Drafts, Written
from throughcare.ui.peers.risks import Risk, Risks
from throughcare.ui.referral.views import optional
from throughcare.ui.risk.model import rosh_of, texts_of

router = Router(prefix="/referrals/{draft_id}", tag="Make a referral", include_in_schema=False)


@form_route(router, "/service-user-details", PRACTITIONER)
async def personal_details(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-23: who the person is, as the referral and the case record have it."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft, case = await asyncio.gather(drafts.draft(draft_id), drafts.case(draft_id))
    sheet = await open_form(request, ctx, PageForm)
    if sheet.valid:
        with sheet.refusals():
            if case.person and (await request.form()).get("then") == "refresh":
                await drafts.change(draft_id, serviceUser=case.person.described)
                return await sheet.done(f"{sheet.place}{returning(request)}", "person-refreshed")
            await drafts.change(draft_id, hasConfirmedPersonalDetails=True)
            return await sheet.done(checked(request, draft_id, "risk-information"))
    return await sheet.show(
        "draft_person/personal_details.html", title=f"{draft.service_user.name}’s information", page_id="MR-23",
        draft=draft, cards=[personal_card(draft, ctx.clock.today()), contact_card(case.person)],
        known=case.person is not None,
        current=case.person is not None and is_current(draft.service_user, case.person),
    )  # fmt: skip


@form_route(router, "/risk-information", PRACTITIONER)
async def risk_information(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-24: what OASys says of the risk, and whether that goes to the provider as it is."""
    draft, kept, risk = await _risk_of(ctx, draft_id)
    if risk is None and written_alone(kept) == "" and kept is not None:
        return RedirectResponse(f"{of_draft(draft_id, 'edit-oasys-risk-information')}{returning(request)}", 303)
    if risk is None:
        return await _alone(request, ctx, draft, kept)
    texts = texts_of(risk)
    answered = "" if kept is None else "no" if kept_texts(kept) == texts else "yes"
    sheet = await open_form(
        request, ctx, RiskForm, {"edit_risk_confirmation": answered}, later=of_draft(draft_id)
    )  # fmt: skip
    if sheet.valid:
        if sheet.text("edit_risk_confirmation") == "yes":
            return await sheet.done(f"{of_draft(draft_id, 'edit-oasys-risk-information')}{returning(request)}")
        with sheet.refusals():
            await ctx.peer(Drafts, as_user=True).write_risk(draft_id, risk_written(texts))
            return await sheet.done(checked(request, draft_id, "needs-and-requirements"))
    return await sheet.show(
        "draft_person/risk_information.html", title=f"{draft.service_user.name}’s OASys risk information",
        page_id="MR-24", draft=draft, rosh=rosh_of(risk), edited=answered == "yes",
        texts=[(label, texts[name]) for _, name, label in FIELDS], assessed_on=risk.assessed_on,
    )  # fmt: skip


async def _alone(request: Request, ctx: Ctx, draft: Written, kept: DraftRisk | None) -> Response:
    sheet = await open_form(
        request, ctx, AloneForm, {"additional_risk_information": written_alone(kept)}, later=of_draft(draft.id)
    )
    if sheet.valid:
        with sheet.refusals():
            text = f"{ALONE}{sheet.text('additional_risk_information')}"
            await ctx.peer(Drafts, as_user=True).write_risk(draft.id, risk_written({"additional_information": text}))
            return await sheet.done(checked(request, draft.id, "needs-and-requirements"))
    return await sheet.show(
        "draft_person/risk_alone.html", title=f"{draft.service_user.name}’s risk information", page_id="MR-24",
        draft=draft,
    )  # fmt: skip


@form_route(router, "/edit-oasys-risk-information", PRACTITIONER)
async def edit_risk(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-25: the texts about the risk as the provider will see them."""
    draft, kept, risk = await _risk_of(ctx, draft_id)
    if kept is None and risk is None:
        return RedirectResponse(f"{of_draft(draft_id, 'risk-information')}{returning(request)}", 303)
    original = texts_of(risk) if risk else None
    first = kept_texts(kept) if kept else original or {}
    values = {field: first[name] for field, name, _ in FIELDS}
    sheet = await open_form(request, ctx, EditForm, values, later=of_draft(draft_id))
    if not await _reverted(sheet, original) and sheet.valid:
        with sheet.refusals():
            texts = {name: sheet.text(field) for field, name, _ in FIELDS}
            await ctx.peer(Drafts, as_user=True).write_risk(draft_id, risk_written(texts))
            return await sheet.done(checked(request, draft_id, "needs-and-requirements"))
    changed = {
        field: list(differences(original[name], sheet.text(field)))
        for field, name, _ in FIELDS if original and original[name] and original[name] != sheet.text(field)
    }  # fmt: skip
    return await sheet.show(
        "draft_person/edit_risk.html", title="Edit risk information", page_id="MR-25", draft=draft,
        fields=[(field, label) for field, _, label in FIELDS], original=original is not None, changed=changed,
        action=f"{sheet.place}{returning(request)}",
    )  # fmt: skip


async def _reverted(sheet: Sheet[EditForm], original: Mapping[str, str] | None) -> bool:
    """Put one text back to what OASys says, if that is what was asked."""
    said = str((await sheet.request.form()).get("then", "")) if sheet.sent else ""
    for field, name, _ in FIELDS:
        if original is not None and said == f"revert:{sheet.form[field].name}":
            sheet.form[field].data = original[name]
            return True
    return False


async def _risk_of(ctx: Ctx, draft_id: UUID) -> tuple[Written, DraftRisk | None, Risk | None]:
    """A draft, what was written in it about risk, and what OASys says; None for that when it does not answer."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft, kept = await asyncio.gather(drafts.draft(draft_id), drafts.risk(draft_id))
    return draft, kept, await optional(ctx.peer(Risks, as_user=True).risk(draft.service_user.crn), None)


@form_route(router, "/needs-and-requirements", PRACTITIONER)
async def needs(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-26: what the person needs so that they can take part."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft = await drafts.draft(draft_id)
    name = draft.service_user.name
    sheet = await open_form(
        request, ctx, NeedsForm,
        {
            "additional_needs_information": draft.additional_needs_information,
            "accessibility_needs": draft.accessibility_needs,
            "needs_interpreter": _said(draft.needs_interpreter), "interpreter_language": draft.interpreter_language,
            "has_additional_responsibilities": _said(draft.has_additional_responsibilities),
            "when_unavailable": draft.when_unavailable,
        },
        later=of_draft(draft_id), prepare=lambda form: form.speak_of(name),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            await drafts.change(draft_id, **_answers(sheet))
            intervention = await ctx.peer(Catalogue, as_user=True).intervention(draft.intervention_id)
            cohort = len(intervention.service_categories) > 1
            return await sheet.done(checked(request, draft_id, "service-categories" if cohort else "relevant-sentence"))
    return await sheet.show(
        "draft_person/needs.html", title=f"{name}’s needs and requirements", page_id="MR-26", draft=draft
    )


def _answers(sheet: Sheet[NeedsForm]) -> Mapping[str, object]:
    speaks, busy = sheet.text("needs_interpreter") == "no", sheet.text("has_additional_responsibilities") == "no"
    return {
        "additionalNeedsInformation": sheet.text("additional_needs_information"),
        "accessibilityNeeds": sheet.text("accessibility_needs"),
        "needsInterpreter": not speaks, "interpreterLanguage": None if speaks else sheet.text("interpreter_language"),
        "hasAdditionalResponsibilities": not busy,
        "whenUnavailable": None if busy else sheet.text("when_unavailable"),
    }  # fmt: skip


def _said(answer: bool | None) -> str:
    return "" if answer is None else "yes" if answer else "no"
