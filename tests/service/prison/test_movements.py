"""People are admitted, moved and released; the log says what happened and where they are."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.service.prison.prisoners import Prison
from tests.world import World


@pytest.fixture
async def prison(world: World) -> Prison:
    return await Prison.of(world)


async def log(prison: Prison, number: str) -> list[tuple[str, str, str, str | None, str | None]]:
    reply = await prison.client.get(f"/api/movements/offender/{number}", params={"allBookings": True})
    return [
        (
            one["movementType"],
            one["movementReasonCode"],
            one["directionCode"],
            one["fromAgency"],
            one["toAgency"],
        )
        for one in reply.json()
    ]


async def test_an_admission_opens_a_booking_and_is_announced(world: World, prison: Prison) -> None:
    number = await prison.person()
    shown = await prison.move(number, "admit", cellLocation="LEI-A-1-003")
    assert (shown["status"], shown["agencyId"], shown["inOutStatus"]) == ("ACTIVE IN", "LEI", "IN")
    assert shown["assignedLivingUnit"] == {
        "agencyId": "LEI", "agencyName": "Leeds (HMP)", "description": "A-1-003"
    }  # fmt: skip
    assert (shown["legalStatus"], shown["convictedStatus"], shown["recall"]) == (
        "SENTENCED",
        "Convicted",
        False,
    )
    assert (shown["receptionDate"], shown["statusReason"]) == ("2024-03-04", "ADM-I")
    booking = {"nomsNumber": number, "bookingId": shown["bookingId"]}
    opened = (await world.events("prison.booking.opened"))[-1]
    assert opened["additionalInformation"] == booking
    moved = (await world.events("prison.movement.recorded"))[-1]
    assert moved["additionalInformation"] == {
        **booking, "movementType": "ADM", "movementReason": "I", "direction": "IN", "fromAgency": "OUT",
        "toAgency": "LEI", "sequence": 1,
    }  # fmt: skip


async def test_without_a_cell_an_admission_leads_to_reception(prison: Prison) -> None:
    shown = await prison.move(await prison.person(), "admit", fromLocationId="LEEDCC")
    assert shown["assignedLivingUnit"]["description"] == "RECP"
    assert shown["lastMovementToAgency"] == "LEI"


async def test_a_release_closes_the_booking(world: World, prison: Prison) -> None:
    number = await prison.prisoner()
    shown = await prison.move(number, "release", commentText="on licence")
    assert (shown["status"], shown["agencyId"], shown["activeFlag"]) == ("INACTIVE OUT", "OUT", False)
    assert (shown["statusReason"], shown["assignedLivingUnit"]) == ("REL-CR", None)
    assert shown["locationDescription"] == "Outside - released from Leeds (HMP)"
    assert shown["lastPrisonId"] == "LEI"
    closed = (await world.events("prison.booking.closed"))[-1]
    assert closed["additionalInformation"] == {"nomsNumber": number, "bookingId": shown["bookingId"]}
    assert "on licence" not in str(await world.events())


async def test_releasing_a_prisoner_who_is_outside_is_refused(prison: Prison) -> None:
    number = await prison.prisoner()
    await prison.move(number, "release")
    before = await log(prison, number)
    refused = await prison.attempt(number, "release")
    assert (refused.status_code, refused.json()["errorCode"]) == (400, "MOVEMENT_REFUSED")
    assert "not currently in prison" in refused.json()["userMessage"]
    assert await log(prison, number) == before


async def test_a_new_booking_follows_a_closed_one_and_a_recall_opens_it_again(prison: Prison) -> None:
    number = await prison.prisoner()
    first = await prison.move(number, "release")
    second = await prison.move(number, "admit", prisonId="MDI", imprisonmentStatus="TRL")
    assert second["bookingId"] != first["bookingId"]
    assert second["bookingNo"] != first["bookingNo"]
    assert (second["legalStatus"], second["convictedStatus"]) == ("REMAND", "Remand")
    await prison.move(number, "release")
    third = await prison.move(number, "recall")
    assert (third["bookingId"], third["status"]) == (second["bookingId"], "ACTIVE IN")
    assert (third["legalStatus"], third["recall"]) == ("RECALL", True)
    old = (await prison.client.get(f"/api/bookings/{first['bookingId']}")).json()
    assert (old["offenderNo"], old["status"], old["legalStatus"]) == (number, "INACTIVE OUT", "SENTENCED")
    assert old["lastMovementTypeCode"] == "REL"


async def test_an_escapee_comes_back_by_recall_alone(prison: Prison) -> None:
    number = await prison.prisoner()
    await prison.move(number, "release", movementReasonCode="ESCP")
    refused = await prison.attempt(number, "admit")
    assert refused.json()["errorCode"] == "PRISONER_ESCAPED"
    assert (await prison.move(number, "recall", movementReasonCode="RECA"))["status"] == "ACTIVE IN"


async def test_a_transfer_passes_through_transit(prison: Prison) -> None:
    number = await prison.prisoner(cellLocation="LEI-A-1")
    moving = await prison.move(number, "transfer-out")
    assert (moving["status"], moving["agencyId"], moving["assignedLivingUnit"]) == (
        "INACTIVE TRN",
        "TRN",
        None,
    )
    assert (await prison.attempt(number, "admit")).status_code == 400
    assert (await prison.attempt(number, "recall")).status_code == 400
    there = await prison.move(number, "transfer-in", cellLocation="MDI-B-2")
    assert (there["status"], there["agencyId"]) == ("ACTIVE IN", "MDI")
    assert there["assignedLivingUnit"]["description"] == "B-2"
    assert await log(prison, number) == [
        ("ADM", "I", "IN", "OUT", "LEI"),
        ("TRN", "NOTR", "OUT", "LEI", "MDI"),
        ("ADM", "INT", "IN", "LEI", "MDI"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"toLocation": "LEI"}, "UNKNOWN_AGENCY"),
        ({"toLocation": "AKI"}, "UNKNOWN_AGENCY"),
        ({"toLocation": "LEEDCC"}, "UNKNOWN_AGENCY"),
        ({"transferReasonCode": "CR"}, "UNKNOWN_MOVEMENT_REASON"),
        ({"toLocation": None}, "INVALID"),
        ({"movementTime": "soon"}, "INVALID"),
        ({"movementTime": "1709553600"}, "INVALID"),
        ({"movementTime": "0001-01-01T00:00:00+14:00"}, "INVALID"),
        ({"movementTime": "2024-03-04T12:00:01"}, "MOVEMENT_TIME_NOT_VALID"),
        ({"movementTime": "2024-03-04T11:59:59+01:00"}, "MOVEMENT_TIME_NOT_VALID"),
    ],
)
async def test_a_transfer_that_cannot_be_is_refused(
    world: World, prison: Prison, body: dict[str, str | None], code: str
) -> None:
    world.clock.freeze()
    world.clock.set(world.clock.now().replace(hour=12, minute=0, second=0, microsecond=0))
    number = await prison.prisoner()
    refused = await prison.attempt(number, "transfer-out", **body)
    world.clock.unfreeze()
    assert (refused.status_code, refused.json()["errorCode"]) == (400, code)
    assert len(await log(prison, number)) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"prisonId": "AKI"}, "UNKNOWN_AGENCY"),
        ({"prisonId": "OUT"}, "UNKNOWN_AGENCY"),
        ({"fromLocationId": "NOWHER"}, "UNKNOWN_AGENCY"),
        ({"imprisonmentStatus": "LIFE"}, "UNKNOWN_IMPRISONMENT_STATUS"),
        ({"movementReasonCode": "CR"}, "UNKNOWN_MOVEMENT_REASON"),
        ({"cellLocation": "MDI-1-1"}, "CELL_NOT_VALID"),
        ({"fromLocationId": "TRN"}, "UNKNOWN_AGENCY"),
        ({"cellLocation": "LEI"}, "INVALID"),
        ({"imprisonmentStatus": None}, "INVALID"),
    ],
)
async def test_an_admission_that_cannot_be_is_refused_whole(
    prison: Prison, body: dict[str, str | None], code: str
) -> None:
    number = await prison.person()
    refused = await prison.attempt(number, "admit", **body)
    assert (refused.status_code, refused.json()["errorCode"]) == (400, code)
    assert (await prison.client.get(f"/api/offenders/{number}")).json()["bookingId"] is None


async def test_an_admission_with_several_wrong_fields_names_every_one(prison: Prison) -> None:
    number = await prison.person()
    refused = await prison.attempt(
        number, "admit", prisonId="AKI", imprisonmentStatus="LIFE", movementReasonCode="CR", cellLocation="MDI-1-1"
    )
    assert (refused.status_code, refused.json()["errorCode"]) == (400, "UNKNOWN_AGENCY")
    assert [one["field"] for one in refused.json()["errors"]] == [
        "prisonId", "movementReasonCode", "imprisonmentStatus", "cellLocation",
    ]  # fmt: skip


@pytest.mark.parametrize("place", ["OUT", "TRN", "MDI", "NOCRT"])
async def test_only_a_court_can_be_gone_to_as_a_court(prison: Prison, place: str) -> None:
    refused = await prison.attempt(await prison.prisoner(), "court-transfer-out", toLocation=place)
    assert (refused.status_code, refused.json()["errorCode"]) == (400, "UNKNOWN_AGENCY")


async def test_a_day_at_court_keeps_the_bed_unless_it_is_given_up(prison: Prison) -> None:
    number = await prison.prisoner(cellLocation="LEI-A-1")
    out = await prison.move(number, "court-transfer-out")
    assert (out["status"], out["agencyId"], out["locationDescription"]) == (
        "ACTIVE OUT",
        "LEI",
        "Outside - Court",
    )
    assert out["assignedLivingUnit"]["description"] == "A-1"
    assert (await prison.attempt(number, "temporary-absence-arrival")).status_code == 400
    back = await prison.move(number, "court-transfer-in")
    assert (back["status"], back["assignedLivingUnit"]["description"]) == ("ACTIVE IN", "A-1")
    away = await prison.move(number, "court-transfer-out", shouldReleaseBed=True)
    assert away["assignedLivingUnit"]["description"] == "COURT"
    assert (await prison.move(number, "court-transfer-in"))["assignedLivingUnit"]["description"] == "RECP"
    assert (await log(prison, number))[1:3] == [
        ("CRT", "CRT", "OUT", "LEI", "LEEDCC"), ("CRT", "CRT", "IN", "LEEDCC", "LEI"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("out", "back", "reason"),
    [
        ("court-transfer-out", "court-transfer-in", "TRNCRT"),
        ("temporary-absence-out", "temporary-absence-arrival", "TRNTAP"),
    ],
)
async def test_coming_back_to_another_prison_is_an_admission_there(
    prison: Prison, out: str, back: str, reason: str
) -> None:
    number = await prison.prisoner()
    await prison.move(number, out)
    shown = await prison.move(number, back, agencyId="MDI")
    assert (shown["status"], shown["agencyId"], shown["statusReason"]) == (
        "ACTIVE IN",
        "MDI",
        f"ADM-{reason}",
    )
    assert shown["assignedLivingUnit"]["description"] == "RECP"


async def test_a_temporary_absence_is_told_with_its_city(prison: Prison) -> None:
    number = await prison.prisoner()
    out = await prison.move(number, "temporary-absence-out", toCity="York", shouldReleaseBed=True)
    assert (out["status"], out["locationDescription"]) == ("ACTIVE OUT", "Outside - Temporary Absence")
    assert out["assignedLivingUnit"]["description"] == "TAP"
    await prison.move(number, "temporary-absence-arrival")
    reply = await prison.client.get(f"/api/movements/offender/{number}", params={"movementTypes": "TAP"})
    assert [(one["directionCode"], one["toCity"]) for one in reply.json()] == [("OUT", "York"), ("IN", None)]


async def test_of_two_releases_at_once_one_has_its_effect(world: World, prison: Prison) -> None:
    number = await prison.prisoner()
    replies = await asyncio.gather(*(prison.attempt(number, "release") for _ in range(3)))
    assert sorted(one.status_code for one in replies) == [200, 400, 400]
    mine = [one for one in await world.events("prison.booking.closed") if number in str(one)]
    assert len(mine) == 1


async def test_movements_are_read_of_the_latest_booking_or_of_all_or_since_a_time(world: World, prison: Prison) -> None:
    number = await prison.prisoner()
    await prison.move(number, "release")
    world.clock.advance(timedelta(days=200))
    prison = await Prison.of(world)
    again = await prison.move(number, "admit")
    path = f"/api/movements/offender/{number}"
    latest = (await prison.client.get(path)).json()
    everything = (await prison.client.get(path, params={"allBookings": True})).json()
    since = (
        await prison.client.get(path, params={"allBookings": True, "movementsAfter": "2024-08-01T00:00:00"})
    ).json()
    assert [one["sequence"] for one in latest] == [3]
    assert [one["sequence"] for one in everything] == [1, 2, 3]
    assert since == latest
    assert (latest[0]["bookingId"], latest[0]["movementDate"]) == (again["bookingId"], "2024-09-20")
    assert latest[0]["movementTime"].startswith("13:")


@pytest.mark.parametrize("how", ["release", "transfer-out", "court-transfer-out", "recall"])
async def test_somebody_who_was_never_admitted_cannot_be_moved(prison: Prison, how: str) -> None:
    assert (await prison.attempt(await prison.person(), how)).status_code == 400


@pytest.mark.parametrize("how", ["admit", "release", "transfer-in"])
async def test_moving_an_unknown_prisoner_is_not_found(prison: Prison, how: str) -> None:
    assert (await prison.attempt("Z9999ZZ", how)).status_code == 404
