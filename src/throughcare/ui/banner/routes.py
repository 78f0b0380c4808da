"""Banners: put away by whoever has read them, written by support."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from throughcare.kit.clock import LONDON, london
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.banner.model import Audience, Banner, Kind
from throughcare.ui.banner.schemas import BannerForm
from throughcare.ui.banner.store import BannerStore
from throughcare.ui.banner.usecases import get_banner, put_banner, remove_banner
from throughcare.ui.form import PRACTITIONER, PROVIDER, Sheet, form_route, open_form
from throughcare.ui.page import SUPPORT_ROLES, done, page
from throughcare.ui.session.routes import dismiss_banner

router = Router(tag="Banners", include_in_schema=False)
LIST = "/support/banners"


@router.post("/banners/{banner_id}/dismissed", authenticated=True, status=303)
async def dismiss(request: Request, ctx: Ctx, banner_id: UUID) -> Response:
    """Show a banner no more in this visit, and the page again."""
    return RedirectResponse(await dismiss_banner(request, ctx, banner_id), 303)


@router.get("/probation-practitioner/whats-new", roles=PRACTITIONER)
@router.get("/service-provider/whats-new", roles=PROVIDER)
async def whats_new(request: Request, ctx: Ctx) -> HTMLResponse:
    """ST-05: what changed in the service, the newest first."""
    async with ctx.reading(BannerStore) as store:
        found = [one for one in await store.news(ctx.now) if one.meant_for(ctx.user)]
    return page(request, "banner/whats_new.html", title="What’s new", page_id="ST-05", news=found)


@router.get(LIST, roles=SUPPORT_ROLES)
async def list_banners(request: Request, ctx: Ctx) -> HTMLResponse:
    """Every banner, and what it is doing now."""
    async with ctx.reading(BannerStore) as store:
        found = await store.every()
    return page(request, "banner/list.html", title="Banners", page_id="SU-04", banners_kept=found, now=ctx.now)


@form_route(router, f"{LIST}/new/{{banner_id}}", SUPPORT_ROLES)
async def add(request: Request, ctx: Ctx, banner_id: UUID) -> Response:
    """Write a banner; the address carries its id, so that sending twice writes one."""
    sheet = await open_form(request, ctx, BannerForm, suggested={"starts_on": ctx.clock.today(), "starts_at": time(9)})
    return await _write(request, ctx, banner_id, sheet, "Add a banner")


@form_route(router, f"{LIST}/{{banner_id}}", SUPPORT_ROLES)
async def change(request: Request, ctx: Ctx, banner_id: UUID) -> Response:
    """Change a banner."""
    one = await get_banner(ctx.uow, banner_id)
    values = {
        "kind": one.kind.value, "audience": one.audience.value, "heading": one.title, "body": one.body,
        "starts_on": london(one.starts_at).date(), "starts_at": london(one.starts_at).time(),
        "ends_on": london(one.ends_at - timedelta(seconds=1)).date() if one.ends_at else None,
        "dismissible": "yes" if one.dismissible else "no",
    }  # fmt: skip
    return await _write(request, ctx, banner_id, await open_form(request, ctx, BannerForm, values), "Change a banner")


@router.post(f"{LIST}/{{banner_id}}/removed", roles=SUPPORT_ROLES, status=303)
async def remove(request: Request, ctx: Ctx, banner_id: UUID) -> Response:
    """Remove a banner for good."""
    await remove_banner(ctx.uow, banner_id)
    return done(request, LIST, "banner-removed")


async def _write(request: Request, ctx: Ctx, banner_id: UUID, sheet: Sheet[BannerForm], title: str) -> Response:
    if sheet.valid:
        one = _banner(ctx, banner_id, sheet)
        if one.ends_at is None or one.ends_at > one.starts_at:
            await put_banner(ctx.new_uow(), one)
            return await sheet.done(LIST, "banner-saved")
        sheet.refuse("Last day must be on or after the first day", "ends_on")
    return await sheet.show("banner/form.html", title=title, page_id="SU-05")


def _banner(ctx: Ctx, banner_id: UUID, sheet: Sheet[BannerForm]) -> Banner:
    first, last = sheet.day("starts_on"), sheet.day("ends_on")
    assert first is not None
    starts = datetime.combine(first, sheet.form.starts_at.data, LONDON)
    ends = datetime.combine(last + timedelta(days=1), time(), LONDON) if last else None
    return Banner(
        banner_id, Kind(sheet.text("kind")), Audience(sheet.text("audience")), sheet.text("heading"),
        sheet.text("body"), starts, ends, sheet.text("dismissible") == "yes", ctx.user.principal_name, ctx.now,
    )  # fmt: skip
