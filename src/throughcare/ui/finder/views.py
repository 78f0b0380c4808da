"""Asks for services that people can be referred to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.http.peer import PeerRefused
from throughcare.ui.dashboard.model import last_page
from throughcare.ui.finder.model import PER_PAGE, ContractClosed, Wanted
from throughcare.ui.peers.catalogue import Catalogue, Category, Coded, Intervention, Listed, PoliceArea


@dataclass(frozen=True)
class Found:
    """What the finder found: one page of it, how many in all, and what can be chosen from."""

    shown: Sequence[Listed]
    total: int
    regions: Mapping[str, PoliceArea]
    categories: Mapping[str, Coded]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return last_page(self.total, PER_PAGE)


async def find(ctx: Context, wanted: Wanted) -> Found:
    """The services that fit. Raises PeerUnavailable."""
    peer = ctx.peer(Catalogue, as_user=True)
    found, regions = await asyncio.gather(peer.find(wanted.asked), peer.regions())
    categories = await peer.categories(None if any(wanted.asked.values()) else found)
    chosen = wanted.chosen(found)
    first = (wanted.page - 1) * PER_PAGE
    shown = chosen[first : first + PER_PAGE]
    return Found(shown, len(chosen), {one.id: one for one in regions}, {one.id: one for one in categories})


async def offered(ctx: Context, intervention_id: UUID) -> Intervention:
    """A service that takes referrals now. Raises ContractClosed, PeerRefused."""
    peer = ctx.peer(Catalogue, as_user=True)
    try:
        return await peer.intervention(intervention_id, open_only=True)
    except PeerRefused as refused:
        if refused.peer_code != "INTERVENTION_CLOSED":
            raise
        raise ContractClosed(await peer.intervention(intervention_id)) from None


async def choices_of(ctx: Context, one: Intervention) -> Sequence[Category]:
    """The categories of a service by name, with the outcomes and levels that referrals to it may choose now."""
    peer, contract = ctx.peer(Catalogue, as_user=True), one.contract_reference
    every = sorted(one.service_categories, key=lambda each: each.name)
    if contract is None:
        return every
    return await asyncio.gather(*(peer.category(each.id, contract) for each in every))
