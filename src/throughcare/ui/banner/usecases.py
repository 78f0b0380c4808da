"""Showing, writing and removing banners."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.auth.principal import Principal
from throughcare.kit.context import Context
from throughcare.kit.db import UnitOfWork
from throughcare.ui.banner.model import Banner, for_page, no_banner
from throughcare.ui.banner.store import BannerStore


async def banners_for(ctx: Context, user: Principal, dismissed: tuple[str, ...]) -> list[Banner]:
    """What is shown to ``user`` at the top of a page."""
    async with ctx.reading(BannerStore) as store:
        return for_page(await store.on_show(ctx.now), user, dismissed)


async def get_banner(uow: UnitOfWork, banner_id: UUID) -> Banner:
    """One banner. Raises NotFound."""
    async with uow:
        found = await uow.store(BannerStore).find(banner_id)
    if found is None:
        raise no_banner()
    return found


async def put_banner(uow: UnitOfWork, one: Banner) -> None:
    """Keep a banner as it is now."""
    async with uow:
        await uow.store(BannerStore).put(one)


async def remove_banner(uow: UnitOfWork, banner_id: UUID) -> None:
    """Forget a banner."""
    async with uow:
        await uow.store(BannerStore).remove(banner_id)
