"""Keeping what is being typed, as scripts do from time to time, and letting it go."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.errors import BadRequest
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.kit.web.wording import clock
from throughcare.ui.form import keep, owner_of
from throughcare.ui.session.model import safe_return
from throughcare.ui.typed import usecases
from throughcare.ui.typed.model import Why
from throughcare.ui.typed.schemas import Saved

router = Router(prefix="/typed", tag="Typed", include_in_schema=False)


@router.post("/kept", authenticated=True)
async def save(request: Request, ctx: Ctx, place: str) -> Saved:
    """Keep what is typed so far into the form at ``place``; the time of day at which it was kept."""
    await keep(request, ctx, Why.SAVED, place=_place(place))
    return Saved(at=clock(ctx.now))


@router.post("/forgotten", authenticated=True, status=303)
async def start_again(request: Request, ctx: Ctx) -> Response:
    """Forget what was typed into a form, and show it as it is saved."""
    place = _place(str((await request.form()).get("place", "")))
    await usecases.put_away(ctx.uow, owner=owner_of(ctx), place=place)
    return RedirectResponse(place, 303)


def _place(path: str) -> str:
    if safe_return(path) != path or "?" in path or "#" in path:
        raise BadRequest("the form is not one of this site's")
    return path
