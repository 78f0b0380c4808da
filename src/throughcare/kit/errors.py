"""Errors that a caller can act on. Each carries its HTTP status and a stable code; none carries personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class FieldError:
    """One wrong field: where it is, a stable code and a sentence for people. Never the value itself.

    ``place`` is the part of the request that holds it: ``body``, ``path``, ``query``, ``header`` or ``cookie``.
    """

    field: str
    code: str
    message: str
    place: str = "body"


class ServiceError(Exception):
    """A refused request. Subclasses fix ``status`` and usually ``code``; ``extra`` joins the error body."""

    status: ClassVar[int] = 500
    code: str = "UNEXPECTED"
    title: ClassVar[str] = "Unexpected error"

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        developer_message: str | None = None,
        errors: Sequence[FieldError] = (),
        extra: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.message = message or self.title
        self.code = code or self.code
        self.developer_message = developer_message or self.message
        self.errors = tuple(errors)
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})
        super().__init__(self.message)


class BadRequest(ServiceError):
    """The request cannot be understood or breaks a rule of the domain (400)."""

    status = 400
    code = "BAD_REQUEST"
    title = "Validation failure"


class Unauthorised(ServiceError):
    """No acceptable token (401)."""

    status = 401
    code = "UNAUTHORISED"
    title = "Unauthorised"


class Forbidden(ServiceError):
    """The caller is known but may not do this (403)."""

    status = 403
    code = "FORBIDDEN"
    title = "Forbidden"


class NotFound(ServiceError):
    """There is no such record, or the caller may not know of it (404)."""

    status = 404
    code = "NOT_FOUND"
    title = "No resource found failure"


class Conflict(ServiceError):
    """The record is not in a state that allows this, or was changed meanwhile (409)."""

    status = 409
    code = "CONFLICT"
    title = "Conflict"


class Gone(ServiceError):
    """The record was there and is no longer offered (410)."""

    status = 410
    code = "GONE"
    title = "Gone"


class Unprocessable(ServiceError):
    """The request is well formed but cannot be carried out yet (422)."""

    status = 422
    code = "UNPROCESSABLE"
    title = "Cannot be processed"


class TooManyRequests(ServiceError):
    """The caller must slow down (429)."""

    status = 429
    code = "TOO_MANY_REQUESTS"
    title = "Too many requests"


class Unavailable(ServiceError):
    """Something that this needs is down; try again later (503)."""

    status = 503
    code = "UNAVAILABLE"
    title = "Service unavailable"


class CannotStart(Exception):
    """Why a service does not start at all: one line for whoever starts it, saying what is wrong and what mends it."""
