"""The synthetic people, as the prison service knows them."""

from __future__ import annotations

import pytest

from tests.service.prison.prisoners import Prison
from tests.world import World
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import SyntheticPerson, synthetic_people
from throughcare.services.prison.dev.seeds import seed


@pytest.fixture(scope="module")
async def people(world: World) -> list[SyntheticPerson]:
    made = list(synthetic_people(1200, today=world.clock.today(), managers=MANAGERS))
    progress: list[int] = []
    await seed(world.context("prison"), made, progress.append)
    assert progress == [1000, 200]
    return made


async def test_a_seeded_prisoner_reads_like_any_other(world: World, people: list[SyntheticPerson]) -> None:
    prison = await Prison.of(world)
    for person in [one for one in people if one.noms][:60]:
        shown = (await prison.client.get(f"/api/offenders/{person.noms}")).json()
        latest = person.bookings[-1]
        inside = latest.released_on is None
        assert shown["status"] == ("ACTIVE IN" if inside else "INACTIVE OUT")
        assert shown["agencyId"] == (latest.prison_id if inside else "OUT")
        assert (shown["lastName"], shown["dateOfBirth"]) == (
            person.last_name.upper(), person.date_of_birth.isoformat(),
        )  # fmt: skip
        assert shown["receptionDate"] == latest.admitted_on.isoformat()
        assert shown["sentenceDetail"]["conditionalReleaseDate"] == latest.conditional_release_date.isoformat()
        assert shown["sentenceDetail"]["releaseDate"] == latest.conditional_release_date.isoformat()
        assert shown["alertsCodes"] == sorted(person.alerts)
        assert [one["value"] for one in shown["identifiers"]] == [person.pnc]
        assert shown["religion"] == person.religion
        assert [(one["firstName"], one["lastName"], one["dob"]) for one in shown["aliases"]] == [
            (one.first_name.upper(), one.last_name.upper(), one.date_of_birth.isoformat()) for one in person.aliases
        ]
    assert any(one.aliases for one in people[:60])


async def test_numbering_continues_after_the_seeded_people(world: World, people: list[SyntheticPerson]) -> None:
    prison = await Prison.of(world)
    number = await prison.person()
    assert number == "A1199AA"
    assert (await prison.move(number, "admit"))["bookingId"] == 1200 * 3 + 1


async def test_a_seeded_prisoner_can_be_moved_on(world: World, people: list[SyntheticPerson]) -> None:
    prison = await Prison.of(world)
    inside = next(one for one in people if one.noms and one.in_custody)
    outside = next(one for one in people if one.noms and not one.in_custody)
    assert (await prison.move(str(inside.noms), "release"))["status"] == "INACTIVE OUT"
    assert (await prison.move(str(outside.noms), "recall"))["status"] == "ACTIVE IN"


async def test_seeding_announces_nothing(world: World, people: list[SyntheticPerson]) -> None:
    seeded = {person.noms for person in people}
    created = [one["additionalInformation"]["nomsNumber"] for one in await world.events("prison.person.created")]
    assert not seeded & set(created)
