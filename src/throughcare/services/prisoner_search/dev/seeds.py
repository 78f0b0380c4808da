"""The index of the synthetic people: read from prison through its own door, so that both agree to the letter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.context import Context
from throughcare.kit.db import Store
from throughcare.seeding.people import SyntheticPerson
from throughcare.services.prisoner_search.document.schemas import Prisoner
from throughcare.services.prisoner_search.index.store import alias, alias_rows, index_row, prisoner
from throughcare.services.prisoner_search.peers.prison import PrisonPeer, SearchDetails

SLICE = 500
AT_ONCE = 4


class BulkStore(Store):
    """Loads many documents at once."""

    async def load(self, found: Sequence[SearchDetails], ctx: Context) -> None:
        """Put the documents of ``found`` into an empty index."""
        documents = [(Prisoner.of(one), one) for one in found]
        rows = [
            index_row(document, (one.version, one.movements[-1].sequence if one.movements else 0), ctx.now)
            for document, one in documents
        ]
        await self.run(insert(prisoner).on_conflict_do_nothing(), rows)
        others = [row for one, _ in documents for row in alias_rows(one.prisoner_number, one.aliases or ())]
        await self.run(insert(alias).on_conflict_do_nothing(), others)


async def seed(ctx: Context, people: Sequence[SyntheticPerson], progress: Callable[[int], None]) -> None:
    """Index everybody whom prison knows, without telling anybody."""
    peer, limit = ctx.peer(PrisonPeer), asyncio.Semaphore(AT_ONCE)

    async def ask(number: str) -> SearchDetails | None:
        async with limit:
            return await peer.search_details(number)

    for start in range(0, len(people), SLICE):
        part = people[start : start + SLICE]
        answers = await asyncio.gather(*(ask(one.noms) for one in part if one.noms))
        async with ctx.new_uow() as uow:
            await uow.store(BulkStore).load([one for one in answers if one is not None], ctx)
        progress(len(part))
