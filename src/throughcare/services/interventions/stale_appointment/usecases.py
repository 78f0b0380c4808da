"""Puts appointments aside: all of an order or none."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.services.interventions.appointment.model import Appointment
from throughcare.services.interventions.appointment.store import AppointmentStore
from throughcare.services.interventions.stale_appointment.model import Marking, Order, check_markable
from throughcare.services.interventions.stale_appointment.store import MarkingStore
from throughcare.services.interventions.summary.store import SummaryStore


async def mark_stale(
    uow: UnitOfWork, order: Order, *, by: str, dry_run: bool
) -> tuple[list[Appointment], UUID | None]:  # fmt: skip
    """The appointments as they were, and the id of the entry in the record; None for a dry run, which changes nothing.

    Raises Refused, StaleVersion.
    """
    async with uow:
        store = uow.store(AppointmentStore)
        found = await store.with_ids(order.appointment_ids)
        check_markable(order, found)
        if dry_run:
            return found, None
        for one in found:
            await store.save(replace(one, stale=True))
        await uow.store(SummaryStore).refresh(*{one.referral_id for one in found})
        done = Marking(new_id(), order, uow.now, by)
        await uow.store(MarkingStore).add(done)
    return found, done.id
