"""Domain events as they come in, for tests of what they lead to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from throughcare.services.integration.change.model import Change, read_change

MOMENT = datetime(2024, 8, 14, 11, 33, 34, tzinfo=UTC)
SOURCE = UUID("01915020-0000-7000-8000-000000000001")


def change(event_type: str, *, identifiers: list[tuple[str, str]] | None = None, **body: Any) -> Change:
    """A change; ``body`` holds ``information``, ``prison_id``, ``prisoner_id``, ``detail_url`` or ``reference``."""
    reference = None
    if identifiers is not None:
        reference = {"identifiers": [{"type": kind, "value": value} for kind, value in identifiers]}
    return read_change(
        SOURCE, event_type, MOMENT, reference=body.get("reference", reference), information=body.get("information"),
        prison_id=body.get("prison_id"), prisoner_id=body.get("prisoner_id"), detail_url=body.get("detail_url"),
    )  # fmt: skip
