"""What browsers are told when something is wrong, and how they get back to what they wanted to do."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response
from starlette.routing import Match

from throughcare.kit.context import Context
from throughcare.kit.errors import Forbidden, ServiceError, Unavailable
from throughcare.kit.http.peer import PeerError, PeerRefused
from throughcare.kit.runtime import Runtime
from throughcare.kit.web import problems
from throughcare.kit.web.access import check_body
from throughcare.kit.web.pages import HELP, Help, NavigationItem, Pages, explain_problems, wants_page
from throughcare.kit.web.wording import day
from throughcare.ui.cookies import cookie_of
from throughcare.ui.finder.model import FINDER, ContractClosed
from throughcare.ui.form import FORM_PAGES, LeftForLater, keep
from throughcare.ui.help import (
    HELPS,
    KEPT,
    OPEN_TOO_LONG,
    SIGNED_OUT,
    account_details,
    expired,
    finished,
    of_other_side,
    reasons,
)
from throughcare.ui.page import page, shell
from throughcare.ui.peers.auth import groups_of
from throughcare.ui.peers.referrals import Referrals
from throughcare.ui.referral.model import equivalent
from throughcare.ui.session.routes import StaleForm, recognise, safe_of
from throughcare.ui.session.usecases import SignInNeeded, find_visitor
from throughcare.ui.typed.model import Why
from throughcare.ui.unfinished.model import Gone


def customise(app: FastAPI, runtime: Runtime) -> None:
    """Recognise visitors by their cookie, and answer browsers with pages when something is wrong."""
    demonstration = runtime.topology.environment in {"dev", "test"}
    app.state.pages = Pages("throughcare.ui", demonstration=demonstration)
    app.state.authenticator = recognise
    app.add_exception_handler(404, _nothing_there)
    explain_problems(app, app.state.pages, HELPS, _shell)
    app.add_exception_handler(SignInNeeded, _sign_in_needed)
    app.add_exception_handler(StaleForm, _stale_form)
    app.add_exception_handler(PeerRefused, _refused)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(LeftForLater, _left_for_later)
    app.add_exception_handler(Gone, _gone)
    app.add_exception_handler(Forbidden, _forbidden)
    app.add_exception_handler(ContractClosed, _contract_closed)


async def _nothing_there(request: Request, _error: Exception) -> Response:
    return await problems.not_found(request)


async def _shell(request: Request) -> Mapping[str, Any]:
    if request.method == "GET" and request.scope.get("route") is None:
        with suppress(Exception):  # nobody is signed in, or nobody can tell: the page comes without a name
            await recognise(request)
    visit = getattr(request.state, "visit", None)
    if visit is not None and request.method == "POST" and _has_page(request):
        with suppress(Exception):  # the database is down, too
            await keep(request, request.app.state.runtime.context(), Why.REFUSED, owner=visit.owner)
    return shell(request)


async def _sign_in_needed(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    if not wants_page(request):
        return problems.service_error(request, error)
    if request.method == "GET":
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?return_to={quote(wanted)}", 303)
    if back := await _kept_for_its_owner(request, Why.SIGNED_OUT):
        return RedirectResponse(f"/sign-in?return_to={quote(back)}", 303)
    return await _typed(request, SIGNED_OUT, 401, f"/sign-in?return_to={quote(request.url.path)}")


async def _stale_form(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    if not wants_page(request):
        return problems.service_error(request, error)
    if back := await _kept_for_its_owner(request, Why.STALE):
        return RedirectResponse(back, 303)
    return await _typed(request, OPEN_TOO_LONG, 403, request.url.path)


async def _kept_for_its_owner(request: Request, why: Why) -> str | None:
    """Where the form can be filled in again, what was typed into it being kept for whoever's visit it was.

    None when it is not known whose it was, the form came from another site, or it has no page of its own.
    """
    visit_id = cookie_of(request, "visit")
    if not visit_id or not _from_here(request) or not _has_page(request):
        return None
    context = request.app.state.runtime.context()
    owner = await find_visitor(context.uow, visit_id, safe_of(context))
    if owner is None:
        return None
    await check_body(request)
    await keep(request, context, why, owner=owner)
    return str(request.url.path)


def _from_here(request: Request) -> bool:
    here: str = request.app.state.runtime.topology.public_url("ui")
    return request.headers.get("origin") == here


def _has_page(request: Request) -> bool:
    return request.scope.get("endpoint") in FORM_PAGES


async def _refused(request: Request, error: Exception) -> Response:
    """What a service answered to a page: that there is nothing, or that this person may not see it, and why."""
    assert isinstance(error, PeerRefused)
    if wants_page(request) and await _was_sent(request, error):
        sent = f"/probation-practitioner/referrals/{request.path_params['draft_id']}"
        return RedirectResponse(f"{sent}/progress", 303)
    if error.peer_status not in {403, 404} or not wants_page(request):
        shown: Response = await request.app.state.present(request, problems.service_error(request, error), error)
        return shown
    told = HELP[404]
    if error.peer_status == 403:
        lines, details = reasons(error.body), await _account(request)
        told = Help("You do not have permission to view this page", lines, details=details)
    pages: Pages = request.app.state.pages
    return pages.problem(told, error.peer_status, **await _shell(request))


async def _was_sent(request: Request, error: PeerRefused) -> bool:
    """Whether a page about a draft was asked for which has become a referral."""
    visit, draft_id = getattr(request.state, "visit", None), request.path_params.get("draft_id")
    if draft_id is None or visit is None or error.peer_code not in {"DRAFT_ALREADY_SENT", "DRAFT_NOT_FOUND"}:
        return False
    if error.peer_code == "DRAFT_ALREADY_SENT":
        return True
    referrals = Context(request.app.state.runtime, visit.principal).peer(Referrals, as_user=True)
    with suppress(PeerError):
        return bool(await referrals.referral(UUID(str(draft_id))))
    return False


async def _unavailable(request: Request, error: Exception) -> Response:
    """What a page needs is down; what was typed into its form is kept."""
    assert isinstance(error, Unavailable)
    answer = problems.service_error(request, error)
    if request.method == "GET" or not wants_page(request) or not _has_page(request):
        shown: Response = await request.app.state.present(request, answer, error)
        return shown
    pages: Pages = request.app.state.pages
    told = Help(HELP[503].title, KEPT, NavigationItem("Go back to the form", request.url.path))
    return pages.problem(told, 503, **await _shell(request))


async def _left_for_later(_request: Request, error: Exception) -> Response:
    assert isinstance(error, LeftForLater)
    return RedirectResponse(error.path, 303)


async def _gone(request: Request, error: Exception) -> Response:
    """DR-1 and DR-2: work over several pages that is not there any more."""
    assert isinstance(error, Gone)
    if not wants_page(request):
        return problems.service_error(request, error)
    pages: Pages = request.app.state.pages
    told = finished(error) if error.outcome is not None else expired(error, request.path_params, request.url.path)
    page_id = "DR-1" if error.outcome is None else "DR-2"
    return pages.problem(told, 410, **{**await _shell(request), "page_id": page_id})


async def _forbidden(request: Request, error: Exception) -> Response:
    """A page that is not for this person's roles, with what an administrator needs to know to change that."""
    assert isinstance(error, ServiceError)
    if not wants_page(request):
        return problems.service_error(request, error)
    told = _on_own_side(request) or replace(HELPS.get(error.code, HELPS["FORBIDDEN"]), details=await _account(request))
    pages: Pages = request.app.state.pages
    return pages.problem(told, 403, **await _shell(request))


def _on_own_side(request: Request) -> Help | None:
    """What leads a reader on who followed a link that was meant for the other side of a referral."""
    visit = getattr(request.state, "visit", None)
    if visit is None or request.method != "GET":
        return None

    def has_page(path: str) -> bool:
        scope = {**request.scope, "path": path, "raw_path": path.encode()}
        return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)

    found = equivalent(request.url.path, visit.principal, has_page)
    return of_other_side(*found) if found else None


async def _account(request: Request) -> str:
    """What this service knows of the visitor: empty when nobody is signed in."""
    visit = getattr(request.state, "visit", None)
    return account_details(visit, await groups_of(request.app.state.runtime.context(), visit)) if visit else ""


async def _contract_closed(request: Request, error: Exception) -> Response:
    assert isinstance(error, ContractClosed)
    if not wants_page(request):
        return problems.service_error(request, error)
    one, context = error.intervention, request.app.state.runtime.context()
    name = f"{one.title} by {one.service_provider.name}"
    ended = one.referral_end_at is not None and one.referral_end_at <= context.now
    line = f"{name} does not take referrals yet."
    if ended and one.referral_end_at is not None:
        line = f"{name} stopped taking referrals on {day(one.referral_end_at)}."
    query = f"?{request.url.query}" if request.url.query else ""
    told = Help(str(error.title), [line], NavigationItem("Find another intervention", f"{FINDER}{query}"))
    pages: Pages = request.app.state.pages
    return pages.problem(told, 410, page_id="ERR-CONTRACT", **await _shell(request))


async def _typed(request: Request, words: tuple[str, str, str], status: int, back: str) -> Response:
    """A page that gives back what was typed into a form of ours; what another site's form sends is not shown."""
    typed: dict[str, str] = {}
    if _from_here(request):
        await check_body(request)
        fields = (await request.form()).items()
        typed = {name: value for name, value in fields if isinstance(value, str) and value and name != "csrf_token"}
    title, line, button = words
    shown = page(
        request, "session/not_sent.html", title=title, page_id="not-sent", line=line, button=button, back=back,
        typed=typed,
    )  # fmt: skip
    shown.status_code = status
    return shown
