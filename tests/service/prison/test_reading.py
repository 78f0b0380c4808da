"""Prisoners and agencies as others read them."""

from __future__ import annotations

import pytest

from tests.service.prison.prisoners import Prison
from tests.world import World
from throughcare.kit.db.database import counting_statements
from throughcare.services.prison.movement.model import Movement
from throughcare.services.prison.movement.store import MovementStore


@pytest.fixture
async def prison(world: World) -> Prison:
    return await Prison.of(world)


async def test_prisoners_are_read_in_brief_and_only_the_active_unless_asked(prison: Prison) -> None:
    active, released, unknown = await prison.prisoner(), await prison.prisoner(), await prison.person()
    await prison.move(released, "release")
    asked = [active, released.lower(), unknown, "Z9999ZZ"]
    brief = (await prison.client.post("/api/bookings/offenders", json=asked)).json()
    assert [(one["offenderNo"], one["agencyId"], one["assignedLivingUnitDesc"]) for one in brief] == [
        (active, "LEI", "LEI-RECP")
    ]
    both = await prison.client.post("/api/bookings/offenders", json=asked, params={"activeOnly": False})
    assert [one["offenderNo"] for one in both.json()] == sorted([active, released])
    assert (await prison.client.post("/api/bookings/offenders", json=[])).status_code == 400


async def test_a_prisoner_is_read_with_and_without_a_booking(prison: Prison) -> None:
    number = await prison.person(croNumber="SF05/482703J")
    assert (await prison.client.get(f"/api/bookings/offenderNo/{number}")).status_code == 404
    before = (await prison.client.get(f"/api/prisoners/{number}")).json()
    assert [(one["currentlyInPrison"], one["latestBookingId"], one["croNumber"]) for one in before] == [
        ("N", None, "SF05/482703J")
    ]
    admitted = await prison.move(number, "admit")
    assert (await prison.client.get(f"/api/bookings/offenderNo/{number}")).json() == admitted
    assert (await prison.client.get(f"/api/bookings/{admitted['bookingId']}")).json() == admitted
    (after,) = (await prison.client.get(f"/api/prisoners/{number}")).json()
    assert (after["currentlyInPrison"], after["latestLocation"]) == ("Y", "Leeds (HMP)")
    assert (after["internalLocation"], after["gender"], after["ethnicity"]) == (
        "LEI-RECP", "Female", "White: British",
    )  # fmt: skip


async def test_prisoner_search_gets_everything_with_the_log_and_a_version(world: World, prison: Prison) -> None:
    number = await prison.prisoner()
    path = f"/api/prisoner-search/offenders/{number}"
    first = (await prison.client.get(path)).json()
    await prison.move(number, "court-transfer-out")
    second = (await prison.client.get(path)).json()
    assert second["version"] == first["version"] + 1
    shown = ("sequence", "movementType", "status", "agencyId")
    assert [tuple(one[name] for name in shown) for one in second["movements"]] == [
        (1, "ADM", "ACTIVE IN", "LEI"), (2, "CRT", "ACTIVE OUT", "LEI"),
    ]  # fmt: skip
    assert (second["agencyName"], second["cellLocation"], second["lastAdmissionDate"]) == (
        "Leeds (HMP)", "RECP", world.clock.today().isoformat(),
    )  # fmt: skip
    reader = await world.client("prison", roles=["ROLE_VIEW_PRISONER_DATA"])
    assert (await reader.get(path)).status_code == 403


async def test_somebody_who_moves_meanwhile_is_read_as_they_were_at_one_moment(
    prison: Prison, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await prison.prisoner()
    path, untouched = f"/api/prisoner-search/offenders/{number}", MovementStore.log
    before = (await prison.client.get(path)).json()

    async def after_a_release(store: MovementStore, prisoner_number: str) -> list[Movement]:
        monkeypatch.setattr(MovementStore, "log", untouched)
        await prison.move(prisoner_number, "release")
        return await untouched(store, prisoner_number)

    monkeypatch.setattr(MovementStore, "log", after_a_release)
    assert (await prison.client.get(path)).json() == before
    after = (await prison.client.get(path)).json()
    assert (after["version"], after["status"]) == (before["version"] + 1, "INACTIVE OUT")


async def test_everything_for_the_index_takes_eight_statements(prison: Prison) -> None:
    number = await prison.prisoner()
    with counting_statements() as statements:
        assert (await prison.client.get(f"/api/prisoner-search/offenders/{number}")).status_code == 200
    assert len(statements) == 8, statements


async def test_agencies_are_read_by_anybody_who_signed_in(world: World) -> None:
    client = await world.client("prison")
    prisons = (await client.get("/api/agencies/prisons")).json()
    assert len(prisons) == 125
    leeds = next(one for one in prisons if one["agencyId"] == "LEI")
    assert (leeds["description"], leeds["city"], leeds["postCode"], leeds["male"]) == (
        "Leeds (HMP)", "Leeds", "LS12 2TJ", True,
    )  # fmt: skip
    courts = (await client.get("/api/agencies/type/CRT")).json()
    assert len(courts) == 426
    assert (await client.get("/api/agencies/type/NONE")).json() == []
    closed = await client.get("/api/agencies/AKI")
    assert (closed.status_code, closed.json()["errorCode"]) == (404, "AGENCY_NOT_FOUND")
    assert (await client.get("/api/agencies/AKI", params={"activeOnly": False})).json()["active"] is False
    assert (await client.get("/api/agencies/LEI", params={"agencyType": "CRT"})).status_code == 404
    assert (await world.anonymous("prison").get("/api/agencies/LEI")).status_code == 401


async def test_the_description_of_the_doors_says_where_they_stand(world: World) -> None:
    described = (await world.anonymous("prison").get("/v3/api-docs")).json()
    assert described["servers"] == [{"url": "/prison-api"}]
    assert "/api/offenders/{offender_no}/release" in described["paths"]


@pytest.mark.parametrize("booking_id", ["0", "9223372036854775808", "abc", "1.5"])
async def test_what_cannot_be_a_booking_id_is_refused(prison: Prison, booking_id: str) -> None:
    assert (await prison.client.get(f"/api/bookings/{booking_id}")).status_code == 400
