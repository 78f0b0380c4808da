"""Putting appointments aside, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from throughcare.kit.db.unit_of_work import StaleVersion
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.actor.model import APPOINTMENTS
from throughcare.services.interventions.refusal.model import Refused
from throughcare.services.interventions.stale_appointment import usecases
from throughcare.services.interventions.stale_appointment.schemas import (
    MarkedAppointment,
    MarkStale,
    OrderedMarking,
    RecordedMarking,
)
from throughcare.services.interventions.stale_appointment.store import MarkingStore

router = Router("/stale-appointments", tag="Appointments")


@router.post("", roles=[APPOINTMENTS], errors=[Refused, StaleVersion])
async def mark_stale(body: MarkStale, ctx: Ctx) -> OrderedMarking:
    """Put appointments aside, all or none: they count no more. Nothing is done unless ``dryRun`` is false."""
    found, marking_id = await usecases.mark_stale(
        ctx.uow, body.order(), by=ctx.user.principal_name, dry_run=body.dry_run
    )  # fmt: skip
    return OrderedMarking(id=marking_id, appointments=[MarkedAppointment.of(one) for one in found])


@router.get("", roles=[APPOINTMENTS])
async def list_markings(
    ctx: Ctx, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[RecordedMarking]:  # fmt: skip
    """The record of appointments that were put aside, newest first: which, why, when and by whom."""
    async with ctx.reading(MarkingStore) as store:
        return [RecordedMarking.of(one) for one in await store.newest(limit)]
