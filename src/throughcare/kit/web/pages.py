"""Server-rendered pages in the GOV.UK Design System: one shell, safe headers, nothing inline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request

from throughcare.kit.clock import london
from throughcare.kit.telemetry.traces import current_trace_id
from throughcare.kit.web.static import asset

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class NavigationItem:
    """A link of the main navigation."""

    text: str
    href: str
    current: bool = False


@cache
def environment(package: str) -> Environment:
    """Templates of ``package`` (its ``templates`` folder), of the shell, and the design system's macros."""
    loaders = [PackageLoader(package), PackageLoader("throughcare.kit.web"), PackageLoader("govuk_frontend_jinja")]
    made = Environment(
        loader=ChoiceLoader(loaders), autoescape=select_autoescape(["html", "j2"]), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["day"] = lambda moment: f"{london(moment).day} {london(moment):%B %Y}"
    made.filters["moment"] = lambda moment: f"{london(moment).day} {london(moment):%B %Y, %H:%M:%S}"
    return made


class Pages:
    """The pages of one service. ``package`` holds a folder ``templates``; ``root`` is the service's path."""

    def __init__(self, package: str, root: str = "") -> None:
        self._environment, self._root = environment(package), root.rstrip("/")

    def render(
        self, template: str, *, title: str, page_id: str, status: int = 200, user: object = None,
        navigation: Sequence[NavigationItem] = (), headers: Mapping[str, str] | None = None, home_url: str = "/",
        sign_out_url: str = "/sign-out", form_action: str = "", **values: Any,
    ) -> HTMLResponse:  # fmt: skip
        """A page. ``form_action`` adds an origin that its forms may lead to (a redirect after signing in)."""
        html = self._environment.get_template(template).render(
            title=title, page_id=page_id, user=user, navigation=navigation, home_url=home_url,
            sign_out_url=sign_out_url, asset=lambda name: asset(name, self._root), **values,
        )  # fmt: skip
        policy = CSP.replace("form-action 'self'", f"form-action 'self' {form_action}".rstrip())
        return HTMLResponse(html, status, {**HEADERS, "Content-Security-Policy": policy, **(headers or {})})

    def problem(self, title: str, lines: Sequence[str], status: int, **options: Any) -> HTMLResponse:
        """A page that says what is wrong and what to do."""
        options.setdefault("page_id", f"problem-{status}")
        return self.render(
            "throughcare/problem.html", title=title, status=status, lines=lines, trace_id=current_trace_id(), **options
        )


def wants_page(request: Request) -> bool:
    """Whether the caller is a browser that asked for a page."""
    return "text/html" in request.headers.get("accept", "")
