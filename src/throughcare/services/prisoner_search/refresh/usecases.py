"""Checking the whole index against prison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from throughcare.kit.auth.principal import Principal
from throughcare.kit.db import UnitOfWork
from throughcare.kit.errors import Conflict
from throughcare.kit.ids import new_id
from throughcare.services.prisoner_search.refresh.store import Refresh, RefreshStore


class RefreshUnderWay(Conflict):
    """A refresh was asked for before and has not ended (409)."""

    code = "REFRESH_UNDER_WAY"
    title = "The index is being refreshed already"


async def begin_refresh(uow: UnitOfWork, *, by: Principal) -> None:
    """Ask for every prisoner to be checked. Raises RefreshUnderWay."""
    async with uow:
        if not await uow.store(RefreshStore).add(new_id(), by=by.principal_name, at=uow.now):
            raise RefreshUnderWay


async def take_refresh(uow: UnitOfWork) -> Refresh | None:
    """The refresh under way, if nobody else works on it."""
    async with uow:
        return await uow.store(RefreshStore).take()


async def turn_page(uow: UnitOfWork, one: Refresh, numbers: Sequence[str], *, last: bool) -> None:
    """Note that ``numbers`` were checked, and end the refresh after the last page."""
    turned = replace(
        one, next_page=one.next_page + 1, checked=one.checked + len(numbers),
        after=max([one.after, *numbers]),
    )  # fmt: skip
    async with uow:
        await uow.store(RefreshStore).save(turned, finished_at=uow.now if last else None)
