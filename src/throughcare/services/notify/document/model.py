"""Reading the JSON of a request to the Notify API."""

from __future__ import annotations

import json
from math import isfinite
from typing import NoReturn
from uuid import UUID

from throughcare.services.notify.refusal.model import Refused, invalid


def read_object(body: bytes) -> dict[str, object]:
    """The JSON object in ``body``; an empty body is an empty object. Raises Refused.

    Numbers that are none (NaN, infinities) and text that is not Unicode are refused: they could not be kept.
    """
    if not body.strip():
        return {}
    try:
        found = json.loads(body, parse_constant=_refuse, parse_float=_finite)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refused.bad_request("Invalid JSON supplied in POST data") from None
    if not isinstance(found, dict):
        raise Refused.invalid([invalid("The request is not of type object")])
    return found


def uuid_of(text: str, name: str) -> UUID:
    """The UUID in ``text``. Raises Refused, naming the field."""
    try:
        return UUID(text)
    except ValueError:
        raise Refused.invalid([invalid(f"{name} is not a valid UUID")]) from None


def _refuse(_: str) -> NoReturn:
    raise ValueError


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError
    return number
