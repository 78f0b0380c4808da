"""Errors as HMPPS callers know them (status, errorCode, userMessage, developerMessage) and RFC 9457 wants them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import asyncpg
from asyncpg import exceptions as postgres
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException

from throughcare.kit.errors import BadRequest, FieldError, NotFound, ServiceError, Unavailable
from throughcare.kit.messaging.bus import BusUnavailable
from throughcare.kit.telemetry.correlation import current_correlation_id
from throughcare.kit.telemetry.logs import get_logger
from throughcare.kit.telemetry.traces import current_trace_id

log = get_logger(__name__)

PASSING = (  # the database is away, busy or in the way of somebody else: the same request may succeed later
    postgres.PostgresConnectionError, postgres.OperatorInterventionError, postgres.InsufficientResourcesError,
    postgres.TransactionRollbackError, postgres.LockNotAvailableError, asyncpg.InterfaceError,
)  # fmt: skip
Envelope = Callable[[int, str, str, Sequence[FieldError]], Mapping[str, object]]
PLACES = frozenset({"body", "query", "path", "header", "cookie"})
PREFIXES = {400: "Validation failure", 401: "Unauthorised", 403: "Forbidden", 404: "No resource found failure"}


def problem(
    request: Request, status: int, *, code: str, message: str, developer_message: str,
    errors: Sequence[FieldError] = (), extra: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """The error document for one refused request, in the media type that the caller asked for.

    An application whose callers know further members sets ``app.state.envelope``: it is given status, code, a plain
    sentence and the wrong fields, and answers the members. ``extra`` goes before what it says.
    """
    body: dict[str, object] = {
        "status": status,
        "errorCode": code,
        "userMessage": message,
        "developerMessage": developer_message,
        "moreInfo": None,
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "detail": message,
        "instance": request.url.path,
        "traceId": current_trace_id(),
        "correlationId": current_correlation_id(),
    }
    if errors:
        body["errors"] = [{"field": one.field, "code": one.code, "message": one.message} for one in errors]
    envelope: Envelope | None = getattr(request.app.state, "envelope", None)
    body.update(envelope(status, code, developer_message, errors) if envelope else {})
    body.update(extra or {})
    asked = "application/problem+json" in request.headers.get("accept", "")
    media = "application/problem+json" if asked else "application/json"
    all_headers = {"Cache-Control": "no-store", **(headers or {})}
    return Response(json.dumps(body, default=str), status, all_headers, media)


def service_error(request: Request, error: ServiceError) -> Response:
    """The document for an error that a use case or the kit raised."""
    prefix = PREFIXES.get(error.status)
    message = error.message if prefix is None or error.message == prefix else f"{prefix}: {error.message}"
    return problem(
        request, error.status, code=error.code, message=message, developer_message=error.developer_message,
        errors=error.errors, extra=error.extra, headers=error.headers,
    )  # fmt: skip


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """pydantic's findings as field errors: never with the value."""
    found = []
    for one in errors:
        place, *inside = [str(part) for part in one["loc"]]
        if place not in PLACES:
            place, inside = "body", [place, *inside]
        field = "body" if one["type"] == "json_invalid" else ".".join(inside) or place
        found.append(FieldError(field, str(one["type"]).upper(), str(one["msg"]), place))
    return found


def install(app: FastAPI) -> None:
    """Answer every error of ``app`` with a document of the one shape."""
    app.add_exception_handler(ServiceError, _on_service_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(DBAPIError, _on_database_error)
    app.add_exception_handler(UnicodeEncodeError, _on_unicode_error)
    for away in (BusUnavailable, NoConnectionFree, ConnectionError):
        app.add_exception_handler(away, _on_unavailable)


async def _on_service_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    return service_error(request, error)


async def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = field_errors(error.errors())
    return service_error(request, BadRequest("the request is not valid", code="INVALID", errors=found))


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    return problem(
        request, error.status_code, code=phrase.upper().replace(" ", "_"), message=phrase,
        developer_message=phrase, headers=error.headers,
    )  # fmt: skip


async def _on_database_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    cause = getattr(error.orig, "__cause__", None) or error.orig
    if isinstance(cause, asyncpg.DataError):
        return service_error(request, BadRequest("a value is out of range", code="OUT_OF_RANGE"))
    if error.connection_invalidated or isinstance(cause, PASSING):
        return await _on_unavailable(request, cause or error)
    return unexpected(request, error)


async def _on_unavailable(request: Request, error: Exception) -> Response:
    """Something of our own that this needs is away (503); what it is goes to the log."""
    log.error("the database or the bus is away", labels={"error": type(error).__name__})
    return service_error(request, Unavailable("there is a problem with the service, try again later"))


async def _on_unicode_error(request: Request, error: Exception) -> Response:
    return service_error(request, BadRequest("the text is not valid Unicode", code="INVALID"))


async def not_found(request: Request) -> Response:
    """The document for an address where there is nothing."""
    return service_error(request, NotFound("there is nothing at this address"))


def unexpected(request: Request, error: Exception) -> Response:
    """The document for a defect: fixed text and the trace id; the cause goes to the log."""
    log.error("unexpected error", exc_info=error)
    return problem(
        request, 500, code="UNEXPECTED", message="Unexpected error: there is a problem with the service",
        developer_message="Unexpected error: look for the traceId in the log",
    )  # fmt: skip
