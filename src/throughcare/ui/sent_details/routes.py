"""RO-01: what a sent referral says, for both sides; providers assign a caseworker there (AS-00)."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.assignment.model import Caseworker
from throughcare.ui.assignment.schemas import CaseworkerForm
from throughcare.ui.assignment.views import caller_as_caseworker, caseworker_with_email
from throughcare.ui.form import PROVIDER, Sheet, form_route, open_form, owner_of
from throughcare.ui.page import page
from throughcare.ui.referral.model import Side
from throughcare.ui.risk.model import MEANINGS
from throughcare.ui.safe import forms_safe
from throughcare.ui.sent_details.model import changes_of
from throughcare.ui.sent_details.views import Details, details_of
from throughcare.ui.unfinished import usecases as unfinished
from throughcare.ui.unfinished.model import Kind

router = Router(tag="Referral details", include_in_schema=False)
TEMPLATE, PAGE_ID = "sent_details/details.html", "RO-01"
OF_PRACTITIONER = f"/{Side.PRACTITIONER.value}/referrals/{{referral_id:uuid}}/details"
OF_PROVIDER = f"/{Side.PROVIDER.value}/referrals/{{referral_id:uuid}}"


@router.get(OF_PRACTITIONER, roles=Side.PRACTITIONER.roles)
async def details_for_practitioner(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
    """What the referral says, with the way to change each part of it."""
    found = await details_of(ctx, Side.PRACTITIONER, referral_id)
    return page(
        request, TEMPLATE, title=_title(found), page_id=PAGE_ID, frame=found.frame, found=found, tab="details",
        changes=changes_of(found.frame, found.cards), meanings=MEANINGS,
    )  # fmt: skip


@router.get(f"{OF_PROVIDER}/details", roles=Side.PROVIDER.roles)
async def details_for_provider(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
    """What the referral says, and who works on it."""
    return await _for_provider(await open_form(request, ctx, CaseworkerForm), ctx, referral_id)


@form_route(router, f"{OF_PROVIDER}/assignment/start", PROVIDER)
async def assign(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
    """AS-00: whom to assign; the same page again with what is wrong."""
    sheet = await open_form(request, ctx, CaseworkerForm)
    whom = await _chosen(sheet, ctx)
    if whom is None:
        return await _for_provider(sheet, ctx, referral_id)
    start = Side.PROVIDER.of(referral_id, "assignment")
    work = await unfinished.begin(
        ctx.new_uow(), forms_safe(ctx), sheet.key, Kind.ASSIGNMENT, owner=owner_of(ctx),
        about=f"{start}/{sheet.key}/check", words=whom.words(),
    )  # fmt: skip
    return await sheet.done(f"{start}/{work.id}/check")


async def _chosen(sheet: Sheet[CaseworkerForm], ctx: Context) -> Caseworker | None:
    if sheet.sent and (await sheet.request.form()).get("to") == "me":
        return await caller_as_caseworker(ctx)
    return await caseworker_with_email(ctx, sheet) if sheet.valid else None


async def _for_provider(sheet: Sheet[CaseworkerForm], ctx: Context, referral_id: UUID) -> Response:
    found = await details_of(ctx, Side.PROVIDER, referral_id)
    return await sheet.show(
        TEMPLATE, title=_title(found), page_id=PAGE_ID, frame=found.frame, found=found, tab="details", changes={},
        meanings=MEANINGS,
    )  # fmt: skip


def _title(found: Details) -> str:
    return f"{found.frame.referral.person}: referral details"
