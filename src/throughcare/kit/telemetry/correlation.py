"""What ties the telemetry of one piece of work together: its correlation id and the service that does it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from throughcare.kit.ids import new_id

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
service_name: ContextVar[str] = ContextVar("service_name", default="")

_ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")


def current_correlation_id() -> str:
    """The correlation id of the work in hand; empty when none is bound."""
    return correlation_id.get()


def bind_correlation_id(value: str | None) -> str:
    """Bind ``value``, or a new id when it is absent or malformed, to the work in hand; return what was bound.

    Accepted are 8 to 64 letters, digits and hyphens. A new id is a UUID v7 in 32 hexadecimal digits.
    """
    accepted = value if value is not None and _ACCEPTED.fullmatch(value) else new_id().hex
    correlation_id.set(accepted)
    return accepted


@contextmanager
def bound_correlation(value: str | None) -> Iterator[str]:
    """Bind a correlation id as ``bind_correlation_id`` does, and put the former one back at the end."""
    token = correlation_id.set("")
    try:
        yield bind_correlation_id(value)
    finally:
        correlation_id.reset(token)
