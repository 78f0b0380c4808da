"""A load of referrals with histories: as many as a country has, in minutes, the same on every machine.

They are in every state, of every contract, and half of them under the contract of the demonstration. The first are
about the people of the synthetic world, two for each, by their managers; the others about people of whom no other
service knows. The case record hears of none: they are there to be listed, read and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.seeding.accounts import CASEWORKERS, DEMO_CONTRACT, PRACTITIONERS
from throughcare.seeding.names import FIRST_NAMES_MALE, LAST_NAMES
from throughcare.seeding.people import PRISONS_MALE, SyntheticPerson
from throughcare.services.interventions.actor.model import SYSTEM, Actor
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.dev.store import LoadStore
from throughcare.services.interventions.summary.store import SummaryStore

SLICE = 5000
OFFICERS, STAFF = 400, 200
DEMO_SHARE, EVENNESS = 0.5, 5


class AlreadyThere(RuntimeError):
    """There is a load already."""


@dataclass(frozen=True)
class Cast:
    """Everybody who sends referrals and works on them; those of the demonstration come first."""

    practitioners: Sequence[Actor]
    caseworkers: Sequence[Actor]

    @classmethod
    def made(cls) -> Cast:
        """The accounts of the demonstration and some hundred others, who cannot sign in."""
        known = [Actor(one.user_id, one.source, one.username) for one in (*PRACTITIONERS, *CASEWORKERS)]
        practitioners = [Actor(str(2_600_000_000 + n), "delius", f"OFFICER.{n:03}") for n in range(OFFICERS)]
        staff = [Actor(f"load-{n:03}", "auth", f"WORKER.{n:03}@PROVIDER.EXAMPLE.TEST") for n in range(STAFF)]
        demo, own = known[: len(PRACTITIONERS)], known[len(PRACTITIONERS) :]
        return cls([*demo, *practitioners], [*own, *staff[len(own) :]])


async def seed_referrals(
    ctx: Context, count: int, people: Sequence[SyntheticPerson], progress: Callable[[int], None]
) -> None:
    """Write ``count`` referrals beside those that are there, a load apart. Raises AlreadyThere."""
    cast, catalogue = Cast.made(), await current_catalogue(ctx)
    async with ctx.new_uow() as uow:
        if await uow.store(LoadStore).knows(cast.practitioners[-1].id):
            raise AlreadyThere
        await uow.store(ActorStore).note(*cast.practitioners, *cast.caseworkers, SYSTEM)
    values = {"now": ctx.now, **_people(people, cast), **_cast(cast), **_contracts(catalogue)}
    for start in range(0, count, SLICE):
        stop = min(start + SLICE, count) - 1
        async with ctx.new_uow() as uow:
            written = await uow.store(LoadStore).write({**values, "start": start, "stop": stop})
            await uow.store(SummaryStore).refresh(*written)
        progress(len(written))
    async with ctx.new_uow() as uow:
        await uow.store(LoadStore).tidy()


def _people(people: Sequence[SyntheticPerson], cast: Cast) -> dict[str, object]:
    managers = {one.username: one.id for one in cast.practitioners}
    known = [one for one in people if one.crn and one.manager in managers]
    return {
        "crns": [one.crn for one in known], "first_names": [one.first_name for one in known],
        "last_names": [one.last_name for one in known], "born": [one.date_of_birth for one in known],
        "managers": [managers[one.manager or ""] for one in known],
    }  # fmt: skip


def _cast(cast: Cast) -> dict[str, object]:
    return {
        "practitioners": [one.id for one in cast.practitioners[len(PRACTITIONERS) :]],
        "caseworkers": [one.id for one in cast.caseworkers], "system": SYSTEM.id, "prisons": list(PRISONS_MALE),
        "first": list(FIRST_NAMES_MALE), "last": list(LAST_NAMES),
    }  # fmt: skip


def _contracts(catalogue: Catalogue) -> dict[str, object]:
    """The contract of the demonstration has its share; the n-th of the others has 1 / (n + 5) of what is left."""
    others: list[UUID] = [
        one.id for reference, one in sorted(catalogue.by_contract.items()) if reference != DEMO_CONTRACT
    ]
    shares = [1 / (place + EVENNESS) for place in range(len(others))]
    left = (1 - DEMO_SHARE) / sum(shares)
    weights = [DEMO_SHARE, *(share * left for share in shares)]
    return {
        "interventions": [catalogue.by_contract[DEMO_CONTRACT].id, *others], "weights": list(accumulate(weights)),
        "reasons": sorted(catalogue.withdrawal_reasons),
    }  # fmt: skip
