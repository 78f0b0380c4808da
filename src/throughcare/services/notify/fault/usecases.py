"""Asking for trouble, and having it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from throughcare.kit.db import UnitOfWork
from throughcare.services.notify.fault.model import Fault, Kind
from throughcare.services.notify.fault.store import FaultStore


async def add_fault(uow: UnitOfWork, fault: Fault) -> Fault:
    """Let ``fault`` happen to the next requests."""
    async with uow:
        await uow.store(FaultStore).add(fault, uow.now)
    return fault


async def use_fault(uow: UnitOfWork, kinds: Sequence[Kind]) -> Fault | None:
    """The fault that happens now, counted down; None when none is due."""
    async with uow:
        return await uow.store(FaultStore).use(kinds)


async def forget_spent(uow: UnitOfWork, age: timedelta) -> int:
    """Delete faults older than ``age`` that have happened as often as they should; how many."""
    async with uow:
        return await uow.store(FaultStore).forget_spent(uow.now - age)


async def clear_faults(uow: UnitOfWork) -> None:
    """Let nothing go wrong any more."""
    async with uow:
        await uow.store(FaultStore).clear()
