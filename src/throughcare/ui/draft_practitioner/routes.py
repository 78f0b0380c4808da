"""Make a referral: whom the provider can ask, their officer or a main point of contact."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.draft.model import Kind, checked, kind_of, of_draft
from throughcare.ui.draft_practitioner.model import (
    DELETED,
    DETAILS,
    Detail,
    changed,
    known_details,
    missing,
    taken_over,
)
from throughcare.ui.draft_practitioner.schemas import (
    ESTABLISHMENT,
    FORMS,
    OFFICE,
    ConfirmForm,
    ContactForm,
    DeletionForm,
    ReasonForm,
)
from throughcare.ui.form import PRACTITIONER, PageForm, Sheet, form_route, open_form
from throughcare.ui.peers.drafts import Drafts, Written
from throughcare.ui.peers.places import Places, Prisons, office_choices, prison_choices

router = Router(prefix="/referrals/{draft_id}", tag="Make a referral", include_in_schema=False)

CONFIRM = "confirm-probation-practitioner-details"


@form_route(router, "/confirm-probation-practitioner-details", PRACTITIONER)
async def confirm_practitioner(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-06: what is known of the person's officer, to be mended and confirmed."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft, case = await asyncio.gather(drafts.draft(draft_id), drafts.case(draft_id))
    if not _has_practitioner(draft):
        return RedirectResponse(of_draft(draft_id), 303)
    known = known_details(draft, case.officer)
    sheet = await open_form(request, ctx, ConfirmForm)
    if sheet.valid:
        sheet.trouble.extend(missing(known))
    if sheet.valid and not sheet.trouble:
        with sheet.refusals():
            if fields := taken_over(draft, case.officer):
                await drafts.change(draft_id, **fields)
            return await sheet.done(checked(request, draft_id, "form"))
    return await sheet.show(
        "draft_practitioner/confirm.html", title="Confirm probation practitioner details", page_id="MR-06",
        draft=draft, known=known, officer=case.officer, query=_query(request),
        wrong={link: text for text, link in sheet.trouble},
    )  # fmt: skip


@form_route(router, "/update-probation-practitioner-{detail}", PRACTITIONER)
async def update_detail(request: Request, ctx: Ctx, draft_id: UUID, detail: str) -> Response:
    """MR-07 to MR-12: another value for one detail of the officer."""
    if detail not in DETAILS:
        raise NotFound
    one, drafts = DETAILS[detail], ctx.peer(Drafts, as_user=True)
    draft, case, prepare = await asyncio.gather(drafts.draft(draft_id), drafts.case(draft_id), _offer(ctx, one))
    if not _has_practitioner(draft):
        return RedirectResponse(of_draft(draft_id), 303)
    value = next(known.value for known in known_details(draft, case.officer) if known.detail is one)
    sheet = await open_form(request, ctx, FORMS[detail], {_field(one): value}, prepare=prepare)
    if sheet.valid:
        with sheet.refusals():
            new = " ".join(sheet.text(_field(one)).split())
            await drafts.change(draft_id, **{**taken_over(draft, case.officer), **changed(one, new)})
            return await sheet.done(checked(request, draft_id, CONFIRM))
    return await sheet.show(
        "draft_practitioner/update.html", title=one.heading, page_id=one.page_id, draft=draft, detail=one,
        field=sheet.form[_field(one)], back=checked(request, draft_id, CONFIRM),
    )  # fmt: skip


@form_route(router, "/delete-probation-practitioner/{detail}", PRACTITIONER)
async def delete_detail(request: Request, ctx: Ctx, draft_id: UUID, detail: str) -> Response:
    """MR-13: whether one detail of the officer is not to be sent."""
    if detail not in DELETED:
        raise NotFound
    one, drafts = DELETED[detail], ctx.peer(Drafts, as_user=True)
    draft, case = await asyncio.gather(drafts.draft(draft_id), drafts.case(draft_id))
    if not _has_practitioner(draft):
        return RedirectResponse(of_draft(draft_id), 303)
    value = next(known.value for known in known_details(draft, case.officer) if known.detail is one)
    sheet = await open_form(request, ctx, DeletionForm)
    if sheet.valid:
        with sheet.refusals():
            await drafts.change(draft_id, **{**taken_over(draft, case.officer), **changed(one, "")})
            return await sheet.done(checked(request, draft_id, CONFIRM))
    return await sheet.show(
        "draft_practitioner/deletion.html", title=f"Are you sure you want to delete the {one.words}?",
        page_id="MR-13", draft=draft, detail=one, value=value, back=checked(request, draft_id, CONFIRM),
    )  # fmt: skip


@form_route(router, "/confirm-main-point-of-contact", PRACTITIONER)
async def main_contact(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-14: whom to contact until a practitioner is allocated."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft, prisons, offices = await asyncio.gather(
        drafts.draft(draft_id), ctx.peer(Prisons, as_user=True).prisons(), ctx.peer(Places, as_user=True).offices()
    )
    kind = kind_of(draft)
    if kind is None or kind.has_practitioner:
        return RedirectResponse(of_draft(draft_id), 303)

    def offer(form: ContactForm) -> None:
        form.prison_select.choices = prison_choices(prisons)
        form.probation_practitioner_office.choices = office_choices(offices)

    sheet = await open_form(request, ctx, ContactForm, _contact(draft, ctx.user.name), prepare=offer)
    if sheet.valid:
        with sheet.refusals():
            await drafts.change(draft_id, **_as_fields(sheet))
            following = "reason-for-referral-before-allocation" if kind is Kind.UNALLOCATED else "form"
            return await sheet.done(checked(request, draft_id, following))
    return await sheet.show(
        "draft_practitioner/contact.html", title="Confirm main point of contact details", page_id="MR-14", draft=draft
    )


@form_route(router, "/reason-for-referral-before-allocation", PRACTITIONER)
async def reason_before_allocation(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-15: why the person is referred before a practitioner is allocated."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft = await drafts.draft(draft_id)
    if kind_of(draft) is not Kind.UNALLOCATED:
        return RedirectResponse(of_draft(draft_id), 303)
    answer = {"referral_creation_reason_before_allocation": draft.reason_for_referral_before_allocation}
    sheet = await open_form(request, ctx, ReasonForm, answer, later=of_draft(draft_id))
    if sheet.valid:
        with sheet.refusals():
            reason = sheet.text("referral_creation_reason_before_allocation")
            await drafts.change(draft_id, reasonForReferralCreationBeforeAllocation=reason)
            return await sheet.done(checked(request, draft_id, "form"))
    title = "Why is this referral made before a probation practitioner is allocated?"
    return await sheet.show("draft_practitioner/reason.html", title=title, page_id="MR-15", draft=draft)


def _has_practitioner(draft: Written) -> bool:
    kind = kind_of(draft)
    return kind is not None and kind.has_practitioner


def _query(request: Request) -> str:
    return "?return=check" if request.query_params.get("return") == "check" else ""


def _field(detail: Detail) -> str:
    return f"delius_probation_practitioner_{detail.name.replace('-', '_')}"


async def _offer(ctx: Context, detail: Detail) -> Callable[[PageForm], None] | None:
    """What fills the list from which a detail is chosen; None for a detail that is typed."""
    if detail.name not in {"pdu", "office"}:
        return None
    places = ctx.peer(Places, as_user=True)
    choices = office_choices(await (places.delivery_units() if detail.name == "pdu" else places.offices()))

    return lambda form: setattr(form[_field(detail)], "choices", choices)


def _contact(draft: Written, user: str | None) -> dict[str, str | None]:
    office = OFFICE if draft.pp_probation_office else None
    return {
        "probation_practitioner_name": draft.pp_name or user,
        "role": draft.role_or_job_title,
        "probation_practitioner_email": draft.pp_email_address,
        "probation_practitioner_phone_number": draft.pp_phone_number,
        "location": ESTABLISHMENT if draft.pp_establishment else office,
        "prison_select": draft.pp_establishment,
        "probation_practitioner_office": draft.pp_probation_office,
    }


def _as_fields(sheet: Sheet[ContactForm]) -> dict[str, object]:
    where = sheet.text("location")
    chosen = (
        ("ppEstablishment", "prison_select")
        if where == ESTABLISHMENT
        else ("ppProbationOffice", "probation_practitioner_office")
    )
    return {
        "hasMainPointOfContactDetails": True,
        "ppName": sheet.text("probation_practitioner_name"),
        "roleOrJobTitle": sheet.text("role"),
        "ppEmailAddress": sheet.text("probation_practitioner_email"),
        "ppPhoneNumber": " ".join(sheet.text("probation_practitioner_phone_number").split()),
        "ppLocationType": where,
        chosen[0]: sheet.text(chosen[1]),
    }
