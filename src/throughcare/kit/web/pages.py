"""Server-rendered pages in the GOV.UK Design System: one shell, safe headers, nothing inline."""

from __future__ import annotations

import gzip
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError, WebSocketRequestValidationError
from fastapi.responses import HTMLResponse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from throughcare.kit.telemetry.traces import current_trace_id
from throughcare.kit.web.static import asset, takes_gzip
from throughcare.kit.web.wording import FILTERS

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
    "Vary": "Accept-Encoding",
}
SMALL = 1_000
COMPRESSION = 6


@dataclass(frozen=True)
class NavigationItem:
    """A link of the main navigation."""

    text: str
    href: str
    current: bool = False


FOOTER = (
    NavigationItem("Report a problem", "/report-a-problem"),
    NavigationItem("Accessibility", "/accessibility-statement"),
    NavigationItem("Cookies", "/cookies"), NavigationItem("Privacy", "/privacy"),
)  # fmt: skip
FRAME: Mapping[str, Any] = {
    "account": "", "banners": (), "footer": FOOTER, "this_page": "/", "printed": None, "visit_seconds": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Notice:
    """What is told at the top of a page, once: that something was done, or else is important."""

    text: str
    success: bool = True


@dataclass(frozen=True)
class Help:
    """What a page says when something is wrong: a title, what to do, and a button that leads on.

    ``details`` is for whoever can help, to be copied as it stands.
    """

    title: str
    lines: Sequence[str]
    button: NavigationItem | None = None
    details: str = ""


SORRY = Help("Sorry, there is a problem with the service", ["Try again later.", "Nothing that was saved is lost."])
HELP = {
    400: Help("Something in the request is wrong", ["Check the web address or what you entered, then try again."]),
    401: Help("You cannot see this page", ["It is for programs that hold a token of their own."]),
    403: Help(
        "You cannot see this page",
        [
            "Your account does not have the role that this page needs.",
            "Sign in with another account, or ask an administrator.",
        ],
    ),
    404: Help(
        "Page not found",
        [
            "If you typed the web address, check it is correct.",
            "If you pasted the web address, check you copied all of it.",
            "If you followed a link, what it led to may be gone.",
        ],
    ),
    413: Help("What you sent is too large", ["Send less than 1 MB."]),
    429: Help("There were too many requests", ["Wait 5 minutes, then try again."]),
    503: Help("Sorry, part of the service is not available", ["Nothing that was saved is lost.", "Try again soon."]),
}


class Page(HTMLResponse):
    """A page, compressed on its way to a browser that takes it so."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the page."""
        if len(self.body) > SMALL and takes_gzip(Request(scope)):
            self.body = gzip.compress(bytes(self.body), COMPRESSION, mtime=0)
            self.headers["Content-Encoding"] = "gzip"
            self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


class Pages:
    """The pages of one application.

    ``package`` holds a folder ``templates``; ``root`` is the application's path, ``home_url`` where the name in the
    header leads. ``demonstration`` says in the phase banner that everybody here is synthetic.
    """

    def __init__(self, package: str, *, root: str = "", home_url: str = "/", demonstration: bool) -> None:
        self._environment, self._root = environment(package), root.rstrip("/")
        self._shell = {"home_url": home_url, "demonstration": demonstration}

    def render(
        self, template: str, *, title: str, page_id: str, status: int = 200, user: object = None,
        navigation: Sequence[NavigationItem] = (), headers: Mapping[str, str] | None = None, form_action: str = "",
        notice: Notice | None = None, csrf_token: str = "", **values: Any,
    ) -> Page:  # fmt: skip
        """A page. ``form_action`` adds an origin that its forms may lead to (a redirect after signing in).

        ``csrf_token`` is what forms send back. The frame also takes: ``account``, how the header calls the user;
        ``banners`` to show, each dismissed by a form that returns to ``this_page``; ``footer``, links; ``printed``,
        when a copy on paper is made; ``visit_seconds``, how long the visit lasts without a further page.
        """
        html = self._environment.get_template(template).render(
            title=title, page_id=page_id, user=user, navigation=navigation, notice=notice, csrf_token=csrf_token,
            asset=lambda name: asset(name, self._root), **{**FRAME, **self._shell, **values},
        )  # fmt: skip
        policy = CSP.replace("form-action 'self'", f"form-action 'self' {form_action}".rstrip())
        return Page(html, status, {**HEADERS, "Content-Security-Policy": policy, **(headers or {})})

    def problem(self, told: Help, status: int, **options: Any) -> Page:
        """A page that says what is wrong and what to do."""
        options.setdefault("page_id", f"problem-{status}")
        return self.render(
            "throughcare/problem.html", title=told.title, status=status, told=told, trace_id=current_trace_id(),
            **options,
        )  # fmt: skip


Options = Callable[[Request], Awaitable[Mapping[str, Any]]]
Handler = Callable[[Request, Exception], Awaitable[Response]]


def explain_problems(app: FastAPI, pages: Pages, helps: Mapping[str, Help], options: Options) -> None:
    """Answer browsers with pages when something is wrong; every other caller gets the document as before.

    ``helps`` has words for single error codes; ``options`` gives what ``Pages.render`` takes to fill the shell.
    Call it when the application's other handlers are in place.
    """

    async def present(request: Request, answer: Response, error: Exception | None = None) -> Response:
        if not wants_page(request):
            return answer
        status, code = _seen_by_people(request, answer.status_code, error), _code_of(answer)
        told = helps.get(code) or HELP.get(status) or (SORRY if status >= 500 else HELP[400])
        kept = {name: answer.headers[name] for name in ("retry-after",) if name in answer.headers}
        return pages.problem(told, status, headers=kept, **await options(request))

    def presented(former: Handler) -> Handler:
        async def handle(request: Request, error: Exception) -> Response:
            return await present(request, await former(request, error), error)

        return handle

    for kind, former in list(app.exception_handlers.items()):
        if kind is not WebSocketRequestValidationError:
            app.add_exception_handler(kind, presented(cast("Handler", former)))
    app.state.present = present


def _seen_by_people(request: Request, status: int, error: Exception | None) -> int:
    """The status to show. To a person an address with a malformed id, or one that is not for GET, leads nowhere."""
    in_path = isinstance(error, RequestValidationError) and any(one["loc"][0] == "path" for one in error.errors())
    if in_path or status == 405 or (status == 401 and request.scope.get("route") is None):
        return 404
    return 503 if status == 502 else status


def _code_of(answer: Response) -> str:
    try:
        return str(json.loads(bytes(answer.body)).get("errorCode"))
    except (ValueError, AttributeError):
        return ""


def wants_page(request: Request) -> bool:
    """Whether the caller is a browser that asked for a page."""
    return "text/html" in request.headers.get("accept", "")


@cache
def environment(package: str) -> Environment:
    """Templates of ``package`` (its ``templates`` folder) and of the shell; ``govuk`` is the design system."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("throughcare.kit.web")]),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters.update(FILTERS)
    made.globals["govuk"] = DesignSystem()
    return made


class DesignSystem:
    """The components of GOV.UK's design system: ``govuk.error_summary({…})`` is its macro ``govukErrorSummary``.

    They live in an environment of their own, since they ask for parameters that are not given.
    """

    def __init__(self) -> None:
        self._macros = Environment(
            loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}), autoescape=True,
            undefined=ChainableUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
        )  # fmt: skip

    def __getattr__(self, name: str) -> Any:
        """The macro of a component."""
        folder = name.replace("_", "-")
        template = self._macros.get_template(f"govuk_frontend_jinja/components/{folder}/macro.html")
        macro = getattr(template.module, f"govuk{name.title().replace('_', '')}")
        setattr(self, name, macro)
        return macro
