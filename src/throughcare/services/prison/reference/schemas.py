"""Agencies as they go over the wire."""

from __future__ import annotations

from throughcare.kit.web.schemas import Wire
from throughcare.services.prison.reference.model import Agency


class AgencyOut(Wire):
    """A prison, a court or a pseudo agency."""

    agency_id: str
    description: str
    long_description: str
    agency_type: str
    active: bool

    @classmethod
    def of(cls, one: Agency) -> AgencyOut:
        """The agency as it goes out."""
        return cls(
            agency_id=one.agency_id, description=one.description, long_description=one.description,
            agency_type=one.agency_type, active=one.active,
        )  # fmt: skip


class PrisonOut(AgencyOut):
    """A prison with what is known of it."""

    male: bool
    female: bool
    types: list[str]
    categories: list[str]
    operator: str
    city: str
    county: str
    post_code: str

    @classmethod
    def of(cls, one: Agency) -> PrisonOut:
        """The prison as it goes out."""
        return cls(
            agency_id=one.agency_id, description=one.description, long_description=one.description,
            agency_type=one.agency_type, active=one.active, male=one.male, female=one.female,
            types=list(one.types), categories=list(one.categories), operator=one.operator, city=one.town,
            county=one.county, post_code=one.postcode,
        )  # fmt: skip
