"""What every page of the site shares: who is signed in, the navigation, and what was just done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from throughcare.kit.auth.principal import Principal
from throughcare.kit.clock import real_now
from throughcare.kit.ids import new_id
from throughcare.kit.web.pages import FOOTER, NavigationItem, Notice, Pages
from throughcare.ui.cookies import cookie_of, give_cookie, take_cookie

CONSOLE_ROLES = ("ROLE_CONSOLE__RO", "ROLE_QUEUE_ADMIN")
INBOX_ROLES = ("ROLE_NOTIFY__INBOX",)
PRACTITIONER_ROLES, PROVIDER_ROLES = ("ROLE_PROBATION",), ("ROLE_CRS_PROVIDER",)
EDITOR_ROLES, SUPPORT_ROLES = ("ROLE_INTERVENTIONS_SERVICE_EDITOR",), ("ROLE_THROUGHCARE_SUPPORT",)


@dataclass(frozen=True)
class Place:
    """A place of the main navigation: its text, where it leads, and who may go there.

    It is where one is also on pages below the paths ``under``. ``beside`` is its text where somebody works on both
    sides of referrals, and two places would be called the same.
    """

    text: str
    href: str
    roles: tuple[str, ...]
    under: tuple[str, ...] = ()
    beside: str = ""


PLACES = (
    Place("Home", "/", (*CONSOLE_ROLES, *INBOX_ROLES)),
    Place(
        "Referrals", "/probation-practitioner/dashboard", PRACTITIONER_ROLES,
        ("/probation-practitioner", "/referrals", "/crs-homepage"),
        "Referrals you made",
    ),
    Place("Find interventions", "/find-interventions", PRACTITIONER_ROLES, ("/intervention",)),
    Place(
        "Referrals", "/service-provider/dashboard", PROVIDER_ROLES, ("/service-provider",),
        "Referrals to your organisation",
    ),
    Place("Reporting", "/service-provider/performance-report", PROVIDER_ROLES),
    Place("Search", "/search", (*PRACTITIONER_ROLES, *PROVIDER_ROLES)),
    Place("Due work", "/service-provider/due", PROVIDER_ROLES),
    Place("Unfinished work", "/drafts", (*PRACTITIONER_ROLES, *PROVIDER_ROLES)),
    Place("My services", "/service-editor/dashboard", EDITOR_ROLES),
    Place("Support", "/support", SUPPORT_ROLES),
    Place("Console", "/console", CONSOLE_ROLES),
    Place("Messages", "/inbox", INBOX_ROLES),
)  # fmt: skip
WHATS_NEW = (("/probation-practitioner/whats-new", PRACTITIONER_ROLES), ("/service-provider/whats-new", PROVIDER_ROLES))
NOTICES = {
    "sent-back": Notice("The message was sent back to its queue."),
    "all-sent-back": Notice("The messages were sent back to their queue."),
    "dropped": Notice("The message was dropped."),
    "revived": Notice("The events will be published again."),
    "tried-again": Notice("What had failed is tried again."),
    "arrived-meanwhile": Notice("There is nothing to try again: it has arrived meanwhile.", success=False),
    "suspended": Notice("The consumer is suspended: what is for it is held."),
    "told-again": Notice("The suspension has ended: what was held is told now."),
    "referral-changed": Notice("The referral is changed. The service provider is told about it."),
    "booked": Notice("The appointment is booked."),
    "feedback-added": Notice("The feedback was added."),
    "feedback-told": Notice("The feedback was added. The probation practitioner is told about it."),
    "all-assigned": Notice("The referrals were assigned. Their caseworker is told by email."),
    "not-withdrawn": Notice(
        "This referral cannot be withdrawn: it has ended, or an end of service report is due.", success=False
    ),
    "report-not-due": Notice("An end of service report is not due yet.", success=False),
    "draft-deleted": Notice("The draft was deleted."),
    "deadline-after-sentence": Notice("The completion date is after the end of the sentence.", success=False),
    "person-refreshed": Notice("The personal details were copied from nDelius."),
    "message-sent-again": Notice("The message is sent again."),
    "message-arrived": Notice("The message did not fail: nothing was sent again.", success=False),
    "message-forgotten": Notice("What the message said is not kept any more. Tell the person yourself.", success=False),
    "problem-closed": Notice("The report is marked as dealt with."),
    "banner-saved": Notice("The banner was saved."),
    "banner-removed": Notice("The banner was removed."),
    "gone": Notice("The message is no longer a dead letter: somebody has dealt with it.", success=False),
}
NOTICE_SECONDS = 60


def page(request: Request, template: str, *, title: str, page_id: str, **values: Any) -> HTMLResponse:
    """A page for the visitor of ``request``; what was just done is told once.

    Raises TypeError when ``values`` would take the place of something that the frame says.
    """
    notice = NOTICES.get(cookie_of(request, "notice"))
    pages: Pages = request.app.state.pages
    shown = pages.render(template, title=title, page_id=page_id, notice=notice, **shell(request), **values)
    if notice:
        take_cookie(request, shown, "notice")
    return shown


def shell(request: Request) -> Mapping[str, Any]:
    """What the frame of a page says of the visitor: name, places to go, the token of forms."""
    visit = getattr(request.state, "visit", None)
    if visit is None:
        return {}
    who: Principal = visit.principal
    news = [NavigationItem("What’s new", href) for href, roles in WHATS_NEW if who.has_any(roles)][:1]
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    return {
        "new_id": new_id, "user": who, "account": visit.account, "navigation": navigation(who, request.url.path),
        "csrf_token": visit.form_token(), "banners": getattr(request.state, "banners", ()),
        "this_page": f"{request.url.path}{query}", "footer": [*FOOTER, *news],
        "visit_seconds": visit.seconds_left(real_now()), "printed": request.app.state.runtime.clock.now(),
    }  # fmt: skip


def navigation(user: Principal, path: str) -> list[NavigationItem]:
    """The places that this user may go to."""
    allowed = [one for one in PLACES if user.has_any(one.roles)]
    both = user.has_any(PRACTITIONER_ROLES) and user.has_any(PROVIDER_ROLES)
    here = max(allowed, key=lambda one: _length(one, path), default=None)
    return [
        NavigationItem((both and one.beside) or one.text, one.href, one is here and _length(one, path) > 0)
        for one in allowed
    ]


def _length(place: Place, path: str) -> int:
    """How much of the address of a page names this place."""
    return max(len(one) if _within(path, one) else 0 for one in (place.href, *place.under))


def _within(path: str, href: str) -> bool:
    return path == href if href == "/" else path == href or path.startswith(f"{href}/")


def done(request: Request, path: str, notice: str) -> Response:
    """Go on to ``path`` of this site, which tells that ``notice`` (a key of NOTICES) happened."""
    answer = RedirectResponse(path, 303)
    give_cookie(request, answer, "notice", notice, seconds=NOTICE_SECONDS)
    return answer
