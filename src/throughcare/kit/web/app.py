"""From a service and its runtime to a web application."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from throughcare.kit.auth.principal import Principal
from throughcare.kit.errors import NotFound, ServiceError, Unavailable
from throughcare.kit.operations import events, queues
from throughcare.kit.runtime import Runtime
from throughcare.kit.telemetry import metrics
from throughcare.kit.telemetry.audit import PURPOSE, person_hash
from throughcare.kit.telemetry.correlation import bound_correlation
from throughcare.kit.telemetry.logs import bind_service, get_logger
from throughcare.kit.telemetry.traces import server_span
from throughcare.kit.web import health, problems, static
from throughcare.kit.web.access import verified
from throughcare.kit.web.document import document_of
from throughcare.kit.web.router import GuardedRoute, Router, required

log = get_logger("throughcare.access")
CARRIED = (b"x-correlation-id", b"x-request-id", b"traceparent")
QUIET = ("/health", "/ping", "/metrics", "/info", "/static")
OPEN_FOLDERS = ("/health/", "/v3/api-docs/", "/swagger-ui/", "/static/")


class UnguardedRoute(TypeError):
    """A route that does not say who may use it; the application does not start."""


def create_app(runtime: Runtime) -> FastAPI:
    """The web application of a service. Raises UnguardedRoute."""
    service = runtime.service
    app = FastAPI(
        title=service.title, version=runtime.topology.version, docs_url=None, redoc_url=None, openapi_url=None,
    )  # fmt: skip
    app.state.runtime = runtime
    problems.install(app)
    for router in (*service.routers(), health.router, queues.router, events.router, static.router, _documentation(app)):
        app.router.routes.extend(router.api.routes)
    app.add_exception_handler(404, _unknown)
    app.add_middleware(Edge, runtime=runtime)
    if service.customise is not None:
        service.customise(app, runtime)
    _refuse_unguarded(app)
    return app


def _refuse_unguarded(app: FastAPI) -> None:
    for route in app.routes:
        if not isinstance(route, GuardedRoute) or not required(route):
            raise UnguardedRoute(f"{route} does not say who may use it")


def _documentation(app: FastAPI) -> Router:
    router = Router(include_in_schema=False)

    @router.get("/v3/api-docs", public=True)
    async def openapi() -> dict[str, Any]:
        return document_of(app)

    @router.get("/swagger-ui/index.html", public=True)
    async def swagger() -> HTMLResponse:
        return HTMLResponse(_swagger_page(app))

    return router


def _swagger_page(app: FastAPI) -> str:
    from throughcare.kit.web.swagger import page

    root = app.state.runtime.service.path.rstrip("/")
    return page(app.title, f"{root}/v3/api-docs", root)


async def _unknown(request: Request, error: Exception) -> Response:
    """An unknown route: 401 without a token, 404 with one; 404 at once beside routes that are open."""
    path: str = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    unmatched = isinstance(error, HTTPException) and request.scope.get("route") is None
    if unmatched and not path.startswith(OPEN_FOLDERS):
        try:
            await verified(request)
        except ServiceError as refused:
            return problems.service_error(request, refused)
    return problems.service_error(request, NotFound("there is nothing at this address"))


async def _unexpected(request: Request, error: Exception) -> Response:
    """The answer to a defect: the document, or what the application makes of it for browsers."""
    document, present = problems.unexpected(request, error), getattr(request.app.state, "present", None)
    if present is None:
        return document
    answer: Response = await present(request, document)
    return answer


class Edge:
    """Around every request: correlation id, span, metrics, the access log, and the last resort against defects."""

    def __init__(self, app: ASGIApp, runtime: Runtime) -> None:
        self._app, self._runtime = app, runtime
        self._root = runtime.service.path.rstrip("/")
        self._hash_key = runtime.topology.secrets.derive(PURPOSE).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._root and scope["path"].startswith(f"{self._root}/"):
            scope = {**scope, "root_path": self._root}
        method: str = scope["method"]
        if method == "HEAD":
            scope = {**scope, "method": "GET"}
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in CARRIED}
        given = headers.get("x-correlation-id") or headers.get("x-request-id")
        with (
            bound_correlation(given) as correlation,
            bind_service(self._runtime.name),
            server_span(method, metrics.UNMATCHED, headers) as span,
        ):
            answer = _Answer(send, correlation, bare=method == "HEAD")
            started = perf_counter()
            await self._answer(scope, receive, answer)
            status = answer.status or 500
            route = getattr(scope.get("route"), "path", metrics.UNMATCHED)
            span.set_route(method, route)
            span.set_attribute("http.response.status_code", status)
            self._note(scope, method, route, status, perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        metrics.http_server_requests_in_flight.inc()
        try:
            await self._app(scope, receive, answer)
        except Exception as error:  # a defect: answered without its cause, which is logged
            if answer.status is None:
                await (await _unexpected(Request(scope), error))(scope, receive, answer)
            else:
                log.error("failed while answering", exc_info=error)
        except asyncio.CancelledError:  # when the time to drain is over, the caller hears why
            if not self._runtime.draining or answer.status is not None:
                raise
            stopping = Unavailable("the service is stopping, try again")
            await problems.service_error(Request(scope), stopping)(scope, receive, answer)
        finally:
            metrics.http_server_requests_in_flight.dec()

    def _note(self, scope: Scope, method: str, route: str, status: int, seconds: float) -> None:
        metrics.http_server_request_duration_seconds.labels(
            self._runtime.name, metrics.method_label(method), route, metrics.status_class(status)
        ).observe(seconds)
        if not route.startswith(QUIET):
            fields = {"http.request.method": method, "url.template": route, "http.response.status_code": status}
            caller = self._caller(scope.get("state", {}).get("principal"))
            log.info("request", **fields, **caller, **{"event.duration": round(seconds * 1e9)})

    def _caller(self, principal: Principal | None) -> dict[str, str]:
        """Who asked, for the log: the client, and a hash by which one person's requests can be told from another's."""
        if principal is None:
            return {}
        if not principal.is_user:
            return {"client.id": principal.client_id}
        return {"client.id": principal.client_id, "user.hash": person_hash(self._hash_key, principal)}


class _Answer:
    """Notes the status of an answer and adds the headers that every answer has.

    One to HEAD is ``bare``: the answer to GET without its body.
    """

    def __init__(self, send: Send, correlation: str, *, bare: bool) -> None:
        self._send, self._correlation, self._bare = send, correlation.encode(), bare
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", []))
            headers += [(b"x-correlation-id", self._correlation), (b"x-request-id", self._correlation)]
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            headers.append((b"x-content-type-options", b"nosniff"))
            message = {**message, "headers": headers}
        elif self._bare:
            message = {**message, "body": b""}
        await self._send(message)
