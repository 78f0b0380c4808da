"""The index of the synthetic people is what re-indexing them would make it."""

from __future__ import annotations

import pytest

from tests.world import World
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import SyntheticPerson, synthetic_people
from throughcare.services.prison.dev.seeds import seed as seed_prison
from throughcare.services.prisoner_search.dev.seeds import seed as seed_index

HOW_MANY = 80


@pytest.fixture(scope="module")
async def people(world: World) -> list[SyntheticPerson]:
    made = list(synthetic_people(HOW_MANY, today=world.clock.today(), managers=MANAGERS))
    for name, seed in (("prison", seed_prison), ("prisoner_search", seed_index)):
        done: list[int] = []
        await seed(world.context(name), made, done.append)
        assert sum(done) == HOW_MANY
    return made


async def test_re_indexing_seeded_prisoners_changes_nothing(world: World, people: list[SyntheticPerson]) -> None:
    before = await world.fetch("select * from prisoner_search.prisoner order by prisoner_number")
    names = await world.fetch("select * from prisoner_search.alias order by prisoner_number, position")
    assert len(before) == sum(one.noms is not None for one in people)
    assert len(names) == sum(len(one.aliases) for one in people) > 0
    indexer = await world.client("prisoner_search", roles=["ROLE_PRISONER_INDEX"])
    for person in people[:20]:
        if person.noms is not None:
            reply = await indexer.put(f"/maintain-index/index-prisoner/{person.noms}")
            assert reply.status_code == 200
    assert (await indexer.put("/refresh-index")).status_code == 202
    await world.drain()
    assert await world.fetch("select * from prisoner_search.prisoner order by prisoner_number") == before
    assert await world.fetch("select * from prisoner_search.alias order by prisoner_number, position") == names
    assert not [one for one in await world.events() if one["eventType"].startswith("prisoner-offender-search")]
    (refresh,) = await world.fetch("select checked, finished_at from prisoner_search.refresh")
    assert refresh["checked"] == len(before)
    assert refresh["finished_at"] is not None


async def test_a_seeded_prisoner_who_moves_on_is_followed(world: World, people: list[SyntheticPerson]) -> None:
    mover = next(one for one in people if one.noms and one.in_custody)
    prison = await world.client("prison", roles=["ROLE_RELEASE_PRISONER"])
    reply = await prison.put(f"/api/offenders/{mover.noms}/release", json={"movementReasonCode": "CR"})
    assert reply.status_code == 200
    await world.drain()
    (released,) = await world.events("prisoner-offender-search.prisoner.released")
    assert released["additionalInformation"] == {
        "nomsNumber": mover.noms, "reason": "RELEASED", "prisonId": mover.bookings[-1].prison_id,
    }  # fmt: skip
