"""A case follows its person into prison and out of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.service.probation.cases import CASE_DETAIL, CASES, contacts, noms_number, open_case
from tests.service.probation.events import publish
from tests.world import World

POM = "OLIVE.OPS"
Json = dict[str, Any]


async def moved(
    world: World, kind: str, noms: str, reason: str, *, at: datetime | None = None, event_id: str | None = None
) -> str:
    """Announce that prisoner search saw somebody move; the event's id."""
    prison = {"prisonId": "LEI"} if kind == "received" else {}
    return await publish(
        world, f"prisoner-offender-search.prisoner.{kind}", at=at, event_id=event_id,
        nomsNumber=noms, reason=reason, **prison,
    )  # fmt: skip


async def inside(world: World, **changes: Any) -> tuple[str, str]:
    """A case whose prison manager is responsible: CRN and NOMS number."""
    noms = noms_number()
    crn = await open_case(world, nomsNumber=noms, **changes)
    await allocate_prison_manager(world, crn)
    await moved(world, "received", noms, "NEW_ADMISSION")
    await world.drain()
    return crn, noms


async def allocate_prison_manager(world: World, crn: str) -> Json:
    client = await world.client("probation", roles=[CASES])
    reply = await client.put(f"/probation-case/{crn}/prison-manager", json={"username": POM})
    assert reply.status_code == 200, reply.text
    found: Json = reply.json()
    return found


async def responsible(world: World, crn: str) -> str:
    """The user name of whoever is responsible."""
    client = await world.client("probation", roles=[CASE_DETAIL])
    found = (await client.get(f"/probation-case/{crn}/responsible-officer")).json()
    [held] = [one for one in found.values() if one and one["responsibleOfficer"]]
    return str(held["username"])


async def allocated(world: World, crn: str) -> int:
    """How often the community manager was said to have taken over."""
    events = await world.events("person.community.manager.allocated")
    return len([one for one in events if one["additionalInformation"]["crn"] == crn])


async def custody(world: World, crn: str) -> tuple[str, str | None]:
    """Status and prison on record."""
    [row] = await world.fetch(
        "select status_code, prison_id from probation.custody c join probation.person p on p.id = c.person_id"
        " where p.crn = $1", crn,
    )  # fmt: skip
    return row["status_code"], row["prison_id"]


async def test_on_admission_under_sentence_the_prison_manager_becomes_responsible(world: World) -> None:
    crn, _ = await inside(world)
    assert await responsible(world, crn) == POM
    assert await custody(world, crn) == ("D", "LEI")
    assert sorted(one["type"]["code"] for one in await contacts(world, crn)) == ["EPOMIN", "ETCP", "ROC"]
    assert await allocated(world, crn) == 0


async def test_a_prison_manager_who_is_named_later_becomes_responsible_too(world: World) -> None:
    noms = noms_number()
    crn = await open_case(world, nomsNumber=noms)
    await moved(world, "received", noms, "NEW_ADMISSION")
    await world.drain()
    assert (await allocate_prison_manager(world, crn))["prisonManager"]["responsibleOfficer"] is True
    assert await responsible(world, crn) == POM


async def test_on_release_the_community_manager_takes_over_and_it_is_announced(world: World) -> None:
    crn, noms = await inside(world)
    event_id = await moved(world, "released", noms, "RELEASED")
    await world.drain()
    await moved(world, "released", noms, "RELEASED", event_id=event_id)
    await world.drain()
    assert await responsible(world, crn) == "BERNARD.BEAKS"
    assert await custody(world, crn) == ("B", None)
    assert await allocated(world, crn) == 1
    types = [one["type"]["code"] for one in await contacts(world, crn)]
    assert (types.count("EREL"), types.count("ROC")) == (1, 2)


async def test_a_return_from_licence_is_another_entry_than_a_move_between_prisons(world: World) -> None:
    crn, noms = await inside(world)
    at = world.clock.now()
    for minutes, kind, reason in (
        (1, "received", "TRANSFERRED"), (2, "released", "RELEASED"), (3, "received", "READMISSION"),
    ):  # fmt: skip
        await moved(world, kind, noms, reason, at=at + timedelta(minutes=minutes))
        await world.drain()
    types = [one["type"]["code"] for one in await contacts(world, crn)]
    assert (types.count("ETCP"), types.count("ERCL")) == (2, 1)
    assert await custody(world, crn) == ("D", "LEI")


async def test_a_movement_that_was_overtaken_changes_nothing(world: World) -> None:
    crn, noms = await inside(world)
    at = world.clock.now()
    await moved(world, "released", noms, "RELEASED", at=at + timedelta(hours=2))
    await world.drain()
    before = await contacts(world, crn)
    await moved(world, "received", noms, "NEW_ADMISSION", at=at + timedelta(hours=1))
    await moved(world, "released", noms, "RELEASED", at=at + timedelta(minutes=30))
    await world.drain()
    assert await contacts(world, crn) == before
    assert await responsible(world, crn) == "BERNARD.BEAKS"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("released", "TEMPORARY_ABSENCE_RELEASE"), ("released", "SENT_TO_COURT"), ("released", "TRANSFERRED"),
     ("received", "RETURN_FROM_COURT"), ("received", "TEMPORARY_ABSENCE_RETURN")],
)  # fmt: skip
async def test_absences_and_courts_change_nothing(world: World, kind: str, reason: str) -> None:
    crn, noms = await inside(world)
    before = await contacts(world, crn)
    await moved(world, kind, noms, reason, at=world.clock.now() + timedelta(hours=1))
    await world.drain()
    assert await contacts(world, crn) == before
    assert await responsible(world, crn) == POM


async def test_without_a_sentence_the_community_manager_stays_and_custody_ends_with_release(world: World) -> None:
    crn, noms = await inside(world, sentence=None)
    assert await responsible(world, crn) == "BERNARD.BEAKS"
    await moved(world, "released", noms, "RELEASED", at=world.clock.now() + timedelta(hours=1))
    await world.drain()
    assert await custody(world, crn) == ("T", None)
    assert await allocated(world, crn) == 0


async def test_people_whom_probation_does_not_know_are_no_concern(world: World) -> None:
    dead = len(await world.dead_letters())
    for kind, reason in (("received", "NEW_ADMISSION"), ("released", "RELEASED")):
        await moved(world, kind, "A9999ZY", reason)
    await world.drain()
    assert len(await world.dead_letters()) == dead
