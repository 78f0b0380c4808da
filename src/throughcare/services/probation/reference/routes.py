"""Offices and delivery units, for whoever books or refers."""

from __future__ import annotations

from throughcare.kit.web.router import Router
from throughcare.services.probation.reference import model
from throughcare.services.probation.reference.schemas import Location, Unit

router = Router(tag="Reference")


@router.get("/office-locations", roles=model.PLACES)
async def list_office_locations() -> list[Location]:
    """Every probation office with its location code."""
    return [Location.model_validate(one) for one in model.office_locations().values()]


@router.get("/probation-delivery-units", roles=model.PLACES)
async def list_delivery_units() -> list[Unit]:
    """Every probation delivery unit."""
    return [Unit.model_validate(one) for one in model.delivery_units().values()]
