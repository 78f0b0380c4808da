"""Moves referrals to another contract: all of an order or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.services.interventions.actor.model import SYSTEM
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.case_note.model import CaseNote
from throughcare.services.interventions.case_note.store import CaseNoteStore
from throughcare.services.interventions.catalogue.model import Catalogue, Intervention
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.summary.store import SummaryStore
from throughcare.services.interventions.transfer.model import (
    SUBJECT,
    Order,
    Transfer,
    check_movable,
    ends_of,
    note_of,
)
from throughcare.services.interventions.transfer.store import TransferStore


async def transfer_referrals(
    uow: UnitOfWork, order: Order, catalogue: Catalogue, *, by: str, dry_run: bool
) -> tuple[list[Referral], UUID | None]:
    """The referrals as they were, and the id of the transfer; None for a dry run, which changes nothing.

    Raises Refused, StaleVersion.
    """
    source, target = ends_of(order, catalogue)
    async with uow:
        ids = await uow.store(TransferStore).ids_of(order.references)
        store = uow.store(ReferralStore)
        found = [await store.get(one, lock=not dry_run) for one in ids]
        check_movable(order, found, source, target)
        if dry_run:
            return found, None
        await _move(uow, found, source, target)
        transfer = Transfer(new_id(), order, uow.now, by)
        await uow.store(TransferStore).add(transfer)
    return found, transfer.id


async def _move(uow: UnitOfWork, found: Sequence[Referral], source: Intervention, target: Intervention) -> None:
    await uow.store(ActorStore).note(SYSTEM)
    for one in found:
        await uow.store(ReferralStore).save(replace(one, intervention_id=target.id))
        await uow.store(SummaryStore).refresh(one.id)
        note = CaseNote(new_id(), one.id, SUBJECT, note_of(source, target), Mark(uow.now, SYSTEM.id))
        await uow.store(CaseNoteStore).add(note)
