"""Refusals in the shape of the GOV.UK Notify API: a status and a list of problems.

Clients branch on the status and on each problem's ``error``; the message is for people
(docs.notifications.service.gov.uk, "error codes"). No message repeats a value that was sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the class of error and a sentence."""

    error: str
    message: str


class Refused(Exception):
    """A request that the Notify API turns down."""

    def __init__(self, status: int, problems: Sequence[Problem]) -> None:
        self.status, self.problems = status, tuple(problems)
        super().__init__(f"{status} {', '.join(one.error for one in problems)}")

    @classmethod
    def invalid(cls, problems: Sequence[Problem]) -> Self:
        """The request does not have the form that is asked for (400)."""
        return cls(400, problems)

    @classmethod
    def bad_request(cls, message: str, *, status: int = 400) -> Self:
        """The request is well formed and breaks a rule (400, for some rules 403)."""
        return cls(status, [Problem("BadRequestError", message)])

    @classmethod
    def unauthorised(cls, message: str, *, status: int = 403) -> Self:
        """The token is not acceptable (403), or there is none (401)."""
        return cls(status, [Problem("AuthError", message)])

    @classmethod
    def not_found(cls) -> Self:
        """There is no such record in this service (404)."""
        return cls(404, [Problem("NoResultFound", "No result found")])

    def body(self) -> dict[str, object]:
        """The document that the caller gets."""
        errors = [{"error": one.error, "message": one.message} for one in self.problems]
        return {"status_code": self.status, "errors": errors}


def invalid(message: str) -> Problem:
    """A problem with the form of a request."""
    return Problem("ValidationError", message)
