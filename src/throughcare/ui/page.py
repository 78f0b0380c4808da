"""What every page of the site shares: who is signed in, the navigation, and what was just done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from throughcare.kit.auth.principal import Principal
from throughcare.kit.web.pages import NavigationItem, Notice, Pages
from throughcare.ui.cookies import cookie_of, give_cookie, take_cookie

CONSOLE_ROLES = ("ROLE_CONSOLE__RO", "ROLE_QUEUE_ADMIN")
INBOX_ROLES = ("ROLE_NOTIFY__INBOX",)
PLACES = (("Home", "/", ()), ("Console", "/console", CONSOLE_ROLES), ("Messages", "/inbox", INBOX_ROLES))
NOTICES = {
    "sent-back": Notice("The message was sent back to its queue."),
    "all-sent-back": Notice("The messages were sent back to their queue."),
    "dropped": Notice("The message was dropped."),
    "revived": Notice("The events will be published again."),
    "tried-again": Notice("What had failed is tried again."),
    "arrived-meanwhile": Notice("There is nothing to try again: it has arrived meanwhile.", success=False),
    "suspended": Notice("The consumer is suspended: what is for it is held."),
    "told-again": Notice("The suspension has ended: what was held is told now."),
    "draft-deleted": Notice("The draft was deleted."),
    "person-refreshed": Notice("The personal details were copied from nDelius."),
    "gone": Notice("The message is no longer a dead letter: somebody has dealt with it.", success=False),
}
NOTICE_SECONDS = 60


def page(request: Request, template: str, *, title: str, page_id: str, **values: Any) -> HTMLResponse:
    """A page for the visitor of ``request``; what was just done is told once."""
    notice = NOTICES.get(cookie_of(request, "notice"))
    pages: Pages = request.app.state.pages
    shown = pages.render(template, title=title, page_id=page_id, notice=notice, **{**shell(request), **values})
    if notice:
        take_cookie(request, shown, "notice")
    return shown


def shell(request: Request) -> Mapping[str, Any]:
    """What the frame of a page says of the visitor: name, places to go, the token of forms."""
    visit = getattr(request.state, "visit", None)
    if visit is None:
        return {}
    who: Principal = visit.principal
    places = navigation(who, request.url.path)
    return {"user": who, "navigation": places, "csrf_token": visit.form_token()}


def navigation(user: Principal, path: str) -> list[NavigationItem]:
    """The places that this user may go to; none when there is but one."""
    allowed = [(text, href) for text, href, roles in PLACES if not roles or user.has_any(roles)]
    return [NavigationItem(text, href, _within(path, href)) for text, href in allowed] if len(allowed) > 1 else []


def _within(path: str, href: str) -> bool:
    return path == href if href == "/" else path == href or path.startswith(f"{href}/")


def done(request: Request, path: str, notice: str) -> Response:
    """Go on to ``path`` of this site, which tells that ``notice`` (a key of NOTICES) happened."""
    answer = RedirectResponse(path, 303)
    give_cookie(request, answer, "notice", notice, seconds=NOTICE_SECONDS)
    return answer
