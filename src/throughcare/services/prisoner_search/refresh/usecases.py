"""Checking the whole index against prison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.kit.auth.principal import Principal
from throughcare.kit.db import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.services.prisoner_search.refresh.model import Refresh, RefreshUnderWay
from throughcare.services.prisoner_search.refresh.store import RefreshStore


async def begin_refresh(uow: UnitOfWork, *, by: Principal) -> None:
    """Ask for every prisoner to be checked. Raises RefreshUnderWay."""
    async with uow:
        if not await uow.store(RefreshStore).add(Refresh(new_id(), uow.now, by.principal_name)):
            raise RefreshUnderWay


async def take_refresh(uow: UnitOfWork) -> Refresh | None:
    """The refresh under way, if nobody else works on it."""
    async with uow:
        return await uow.store(RefreshStore).take()


async def give_back_refresh(uow: UnitOfWork, one: Refresh) -> None:
    """Leave a refresh as it is for somebody to take later."""
    async with uow:
        await uow.store(RefreshStore).give_back(one)


async def turn_page(
    uow: UnitOfWork, one: Refresh, numbers: Sequence[str], failures: Mapping[str, str], *, last: bool
) -> bool:
    """Note that ``numbers`` were checked, apart from ``failures`` (why, by number); whether the page was turned.

    A page that could not be checked whole is tried again, until it is turned without those who fail: they are set
    aside for people to look at. The last page ends the refresh.
    """
    turns = not failures or one.gives_up
    async with uow:
        store = uow.store(RefreshStore)
        if turns:
            await store.set_aside(one.id, failures)
        ended_at = uow.now if last else None
        await store.give_back(one.turned(numbers, failed=len(failures), ended_at=ended_at) if turns else one.tried())
    return turns
