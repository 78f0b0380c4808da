"""Keeps who calls."""

from __future__ import annotations

from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.store import ActorStore


async def note_caller(uow: UnitOfWork, caller: Actor) -> Actor:
    """The caller, known from now on."""
    async with uow:
        await uow.store(ActorStore).note(caller)
    return caller
