"""How this service refuses a request: the error envelope that its callers know, with stable codes.

Besides the fields of every HMPPS error the body holds ``error`` (what kind of refusal), ``message``, ``code``
(stable, for machines) and, where they apply, ``validationErrors``, ``accessErrors`` and ``accessErrorCodes``.
The envelope is that of ministryofjustice/hmpps-interventions-service; the codes are listed in
``docs/interventions.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from throughcare.kit.errors import (
    BadRequest,
    Conflict,
    FieldError,
    Forbidden,
    Gone,
    NotFound,
    ServiceError,
    Unauthorised,
    Unavailable,
    Unprocessable,
)

_ALREADY = frozenset(
    {"APPOINTMENT_ALREADY_DELIVERED", "DRAFT_ALREADY_SENT", "FEEDBACK_ALREADY_SUBMITTED", "SESSION_ALREADY_EXISTS"}
)


class _Enveloped(ServiceError):
    error: ClassVar[str] = ""

    def __init__(self, code: str, message: str) -> None:
        error = self.error or HTTPStatus(self.status).phrase
        super().__init__(message, code=code, extra={"error": error, "message": message, "code": code})


class Refused(_Enveloped, BadRequest):
    """The request breaks a rule (400)."""


class NotThere(_Enveloped, NotFound):
    """There is no such record (404)."""

    error = "entity not found"


class Clash(_Enveloped, Conflict):
    """The record is not in a state that allows this (409), or there is one already."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        if code in _ALREADY:
            self.extra["error"] = "entity already exists"


class NotYet(_Enveloped, Unprocessable):
    """Something else must be done first (422)."""


class Closed(_Enveloped, Gone):
    """The record is no longer offered (410)."""


class Exhausted(_Enveloped, Unavailable):
    """The service cannot do this just now (503)."""


class AccessDenied(_Enveloped, Forbidden):
    """The caller's token does not say enough, or is not of a kind that this takes (403)."""

    error = "access denied"


@dataclass(frozen=True)
class Reason:
    """Why access is refused: a stable code and a sentence for the person who asked."""

    code: str
    message: str


class AccessRefused(Forbidden):
    """The caller may not reach this record (403), with every reason."""

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        messages = [reason.message for reason in reasons]
        codes = [reason.code for reason in reasons]
        extra = {
            "error": "access error", "message": messages[0], "code": codes[0],
            "accessErrors": messages, "accessErrorCodes": codes,
        }  # fmt: skip
        super().__init__(messages[0], code=codes[0], extra=extra)


@dataclass(frozen=True)
class Problem:
    """One wrong field and its validation code."""

    field: str
    error: str


CODES: dict[str, str] = {
    "FIELD_CANNOT_BE_CHANGED": "cannot be changed",
    "DATE_MUST_BE_IN_THE_FUTURE": "must not be in the past",
    "CONDITIONAL_FIELD_MUST_BE_SET": "needs another field that is not given",
    "CANNOT_BE_EMPTY": "must be given",
    "CANNOT_BE_NEGATIVE_OR_ZERO": "must be more than zero",
    "CANNOT_BE_REDUCED": "must not be reduced",
    "INVALID_SERVICE_CATEGORY_FOR_CONTRACT": "holds a category that the contract does not cover",
    "INVALID_FORMAT": "is not in the right format",
    "INVALID_VALUE": "has a value that does not fit",
    "APPOINTMENT_TIME_BEFORE_REFERRAL_START_DATE": "is before the referral was sent",
    "APPOINTMENT_TIME_TOO_FAR_IN_FUTURE": "is more than six months away",
    "APPOINTMENT_MUST_BE_COMPLETED": "must be completed first",
}


class Invalid(BadRequest):
    """Fields of the request are wrong (400). ``validationErrors`` names each; ``code`` is the first's."""

    def __init__(self, problems: Sequence[Problem], *, code: str | None = None) -> None:
        first = code or problems[0].error
        extra = {
            "error": "validation error",
            "code": first,
            "message": "some of what was given is not right",
            "validationErrors": [{"field": one.field, "error": one.error} for one in problems],
        }
        errors = [FieldError(one.field, one.error, CODES.get(one.error, "is not right")) for one in problems]
        super().__init__("some of what was given is not right", code=first, errors=errors, extra=extra)


_OF_KINDS = {"MISSING": "CANNOT_BE_EMPTY", "ENUM": "INVALID_VALUE", "LITERAL_ERROR": "INVALID_VALUE"}
_ENUMS = frozenset({"ENUM", "LITERAL_ERROR"})
_WORDS = {403: "access denied", 500: "unexpected error"}


def envelope(status: int, code: str, message: str, errors: Sequence[FieldError]) -> dict[str, object]:
    """The members by which callers know a refusal that was made before a feature saw the request."""
    members: dict[str, object] = {
        "error": _WORDS.get(status, HTTPStatus(status).phrase), "message": message, "code": code
    }  # fmt: skip
    if errors:
        members["error"] = _kind_of(errors)
        members["validationErrors"] = [
            {"field": one.field, "error": _OF_KINDS.get(one.code, "INVALID_FORMAT")} for one in errors
        ]
    return members


def _kind_of(errors: Sequence[FieldError]) -> str:
    if all(one.code in _ENUMS for one in errors):
        return "Illegal argument provided"
    return "validation error" if any(one.place == "body" for one in errors) else "invalid parameter"


def check(problems: Sequence[Problem]) -> None:
    """Raises Invalid when there is a problem."""
    if problems:
        raise Invalid(problems)


_DEPENDENCY: dict[int, type[_Enveloped]] = {403: AccessDenied, 404: NotThere, 409: Clash, 422: NotYet}


def passed_on(status: int, *, code: str) -> ServiceError:
    """The refusal of another system, for our own caller: its status with our ``code``, in words that name no
    system.

    A 4xx for which there is no class of ours becomes 400. A token that ended on the way is our caller's own: they are
    asked to sign in again, and may repeat the request.
    """
    if status == 401:
        return Unauthorised()
    kind = _DEPENDENCY.get(status, Refused)
    return kind(code, "this could not be recorded. Contact support if it keeps happening")
