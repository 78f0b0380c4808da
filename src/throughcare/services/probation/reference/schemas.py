"""Offices and delivery units as they go over the wire."""

from __future__ import annotations

from throughcare.kit.web.schemas import Wire


class Location(Wire):
    """A probation office."""

    code: str
    description: str
    address: str
    telephone_number: str | None = None


class Unit(Wire):
    """A probation delivery unit."""

    code: str
    description: str
