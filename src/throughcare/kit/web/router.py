"""Routes that cannot be made without saying who may use them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from throughcare.kit.context import Context
from throughcare.kit.errors import Forbidden, ServiceError
from throughcare.kit.failpoints import failpoint
from throughcare.kit.web import access, idempotency
from throughcare.kit.web.schemas import Wire

F = TypeVar("F", bound=Callable[..., Any])

OPEN, ANYBODY = "public", "authenticated"


class FieldProblem(Wire):
    """One wrong field of a request."""

    field: str
    code: str
    message: str


class Problem(Wire):
    """The body of every error: HMPPS's fields, and those of RFC 9457."""

    status: int
    error_code: str | None = None
    user_message: str
    developer_message: str
    more_info: str | None = None
    type: str
    title: str
    detail: str
    instance: str
    trace_id: str
    correlation_id: str
    errors: list[FieldProblem] | None = None


class GuardedRoute(APIRoute):
    """Checks the caller before anything of the request is read."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """The handler with authentication, authorisation and idempotency around it."""
        _refuse_threads(self)
        original = super().get_route_handler()
        needed, largest = required(self), _largest_body(self)

        async def handle(request: Request) -> Response:
            principal = await access.authenticate(request, needed)
            if needed not in ((OPEN,), (ANYBODY,)) and not principal.has_any(needed):
                raise Forbidden("the caller does not hold a role that this needs", code="ROLE_MISSING")
            await access.check_body(request, largest)
            request.state.context = Context(request.app.state.runtime, principal)
            await failpoint("http.before_usecase")
            if request.method in idempotency.METHODS and needed != (OPEN,) and "idempotency-key" in request.headers:
                return await idempotency.once(request, original)
            response: Response = await original(request)
            return response

        return handle


def _refuse_threads(route: APIRoute) -> None:
    """A plain function would be called in a thread, which costs a read a fifth of its time."""
    waiting = [route.dependant]
    while waiting:
        one = waiting.pop()
        waiting += one.dependencies
        if one.call is not None and not inspect.iscoroutinefunction(one.call):
            raise TypeError(f"{route.path}: {one.call.__qualname__} must be 'async def'")


def required(route: APIRoute) -> tuple[str, ...]:
    """What a caller needs: role names, or ``("public",)`` or ``("authenticated",)``; empty when nothing was said."""
    return tuple((route.openapi_extra or {}).get("x-roles", ()))


def _largest_body(route: APIRoute) -> int:
    return int((route.openapi_extra or {}).get("x-max-body", access.MAX_BODY))


def _operation_id(route: APIRoute) -> str:
    return re.sub(r"[/.-]", "_", re.sub(r"[{}]", "", f"{min(route.methods or {'get'}).lower()}{route.path_format}"))


class Router:
    """A feature's routes. ``get``, ``post`` … take ``roles``, ``authenticated=True`` or ``public=True``.

    ``max_body`` is how many bytes of a body a route takes where 1 MiB is too little.
    """

    def __init__(self, prefix: str = "", *, tag: str = "", include_in_schema: bool = True) -> None:
        self.api = APIRouter(
            prefix=prefix, tags=[tag] if tag else None, route_class=GuardedRoute, include_in_schema=include_in_schema,
            generate_unique_id_function=_operation_id,
        )  # fmt: skip

    def get(self, path: str, **options: Any) -> Callable[[F], F]:
        """A GET route."""
        return self._route("GET", path, **options)

    def post(self, path: str, **options: Any) -> Callable[[F], F]:
        """A POST route; a caller may send an ``Idempotency-Key``."""
        return self._route("POST", path, **options)

    def put(self, path: str, **options: Any) -> Callable[[F], F]:
        """A PUT route."""
        return self._route("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Callable[[F], F]:
        """A PATCH route; a caller may send an ``Idempotency-Key``."""
        return self._route("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[F], F]:
        """A DELETE route."""
        return self._route("DELETE", path, **options)

    def _route(
        self, method: str, path: str, *, roles: Sequence[str] = (), public: bool = False, authenticated: bool = False,
        status: int = 200, errors: Sequence[type[ServiceError]] = (), summary: str | None = None,
        max_body: int | None = None, **options: Any,
    ) -> Callable[[F], F]:  # fmt: skip
        needed = [OPEN] if public else [ANYBODY] if authenticated else list(roles)
        if not needed or (roles and (public or authenticated)):
            raise TypeError(f"{method} {path}: say roles=[…], authenticated=True or public=True, and only one of them")
        if wrong := [role for role in roles if not role.startswith("ROLE_")]:
            raise TypeError(f"{method} {path}: {wrong} lack the ROLE_ prefix")
        statuses = {400, 404, 409 if method != "GET" else 400, *(one.status for one in errors)}
        statuses |= set() if public else {401, 403, 503}
        statuses |= {422} if method in idempotency.METHODS and not public else set()
        extra: dict[str, Any] = {"x-roles": needed} | ({} if max_body is None else {"x-max-body": max_body})
        if not public:
            extra["security"] = [{"bearer": []}]
            if method in idempotency.METHODS:
                extra["parameters"] = [idempotency.HEADER]
        return self.api.api_route(
            path, methods=[method], status_code=status, summary=summary, openapi_extra=extra,
            responses={one: {"model": Problem} for one in sorted(statuses)} | options.pop("responses", {}), **options,
        )  # fmt: skip
