"""ST-02 and ST-03: what the service says of itself, to everybody, signed in or not."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from throughcare.kit.web.router import Router
from throughcare.ui.page import page
from throughcare.ui.session.routes import recognise_if_signed_in

router = Router(tag="About", include_in_schema=False)
PAGES = (
    ("accessibility-statement", "about/accessibility.html", "Accessibility statement", "ST-02"),
    ("cookies", "about/cookies.html", "Cookies", "ST-03"),
    ("privacy", "about/privacy.html", "Privacy", "ST-03-privacy"),
)


def _offer(path: str, template: str, title: str, page_id: str) -> None:
    @router.get(f"/{path}", public=True)
    async def show(request: Request) -> HTMLResponse:
        """One of these pages."""
        await recognise_if_signed_in(request)
        return page(request, template, title=title, page_id=page_id)


for one in PAGES:
    _offer(*one)
