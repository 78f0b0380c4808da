"""Alerts are created, changed, ended and taken away."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from tests.service.prison.prisoners import Prison
from tests.world import World

LAST_WEEK, TOMORROW = "2024-02-26", "2024-03-05"


@pytest.fixture
async def prison(world: World) -> Prison:
    return await Prison.of(world)


async def create(prison: Prison, number: str, **body: Any) -> dict[str, Any]:
    reply = await prison.client.post(f"/prisoners/{number}/alerts", json={"alertCode": "XA", **body})
    assert reply.status_code == 201, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


async def mine(world: World, number: str) -> list[str]:
    """The kinds of alert events about a prisoner, oldest first."""
    found = [one for one in await world.events() if one["eventType"].startswith("person.alert")]
    return [one["eventType"] for one in found if one["personReference"]["identifiers"][0]["value"] == number]


async def test_an_alert_is_created_from_today_and_announced(world: World, prison: Prison) -> None:
    number = await prison.prisoner()
    made = await create(prison, number, description="Sets fires", authorisedBy="A. Nurse")
    assert made["alertCode"] == {
        "alertTypeCode": "X", "alertTypeDescription": "Security", "code": "XA", "description": "Arsonist",
        "canBeAdministered": True,
    }  # fmt: skip
    assert (made["activeFrom"], made["activeTo"], made["isActive"]) == ("2024-03-04", None, True)
    assert made["prisonCodeWhenCreated"] == "LEI"
    assert await mine(world, number) == ["person.alert.created", "person.alerts.changed"]
    created = (await world.events("person.alert.created"))[-1]
    assert created["additionalInformation"] == {
        "alertUuid": made["alertUuid"], "alertCode": "XA", "source": "DPS"
    }  # fmt: skip
    assert created["detailUrl"].endswith(f"/prison-api/alerts/{made['alertUuid']}")
    assert "fires" not in str(await world.events())
    assert (await prison.client.get(f"/alerts/{made['alertUuid']}")).json() == made
    shown = (await prison.client.get(f"/api/offenders/{number}")).json()
    assert (shown["alertsCodes"], shown["activeAlertCount"], shown["inactiveAlertCount"]) == (["XA"], 1, 0)


async def test_a_second_active_alert_with_the_same_code_is_refused(prison: Prison) -> None:
    number = await prison.prisoner()
    await create(prison, number, activeTo=TOMORROW)
    refused = await prison.client.post(f"/prisoners/{number}/alerts", json={"alertCode": "XA"})
    assert (refused.status_code, refused.json()["errorCode"]) == (409, "ALERT_EXISTS")


async def test_the_same_alert_created_twice_at_once_is_created_once(prison: Prison) -> None:
    number = await prison.prisoner()
    path = f"/prisoners/{number}/alerts"
    replies = await asyncio.gather(*(prison.client.post(path, json={"alertCode": "HA"}) for _ in range(3)))
    assert sorted(one.status_code for one in replies) == [201, 409, 409]


async def test_after_an_alert_has_ended_its_code_can_be_used_again(world: World, prison: Prison) -> None:
    number = await prison.prisoner()
    await create(prison, number, activeFrom=LAST_WEEK, activeTo="2024-03-04")
    again = await create(prison, number)
    assert again["isActive"] is True
    assert (await prison.client.get(f"/api/offenders/{number}")).json()["inactiveAlertCount"] == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"alertCode": "C1"}, "ALERT_CODE_NOT_USABLE"),
        ({"alertCode": "NONE"}, "ALERT_CODE_NOT_USABLE"),
        ({"activeFrom": TOMORROW, "activeTo": LAST_WEEK}, "ALERT_DATES_NOT_VALID"),
        ({"alertCode": "x" * 13}, "INVALID"),
        ({"alertCode": None}, "INVALID"),
        ({"description": "x" * 4001}, "INVALID"),
        ({"authorisedBy": "x" * 41}, "INVALID"),
        ({"activeFrom": "tomorrow"}, "INVALID"),
        ({"activeFrom": "0"}, "INVALID"),
    ],
)
async def test_an_alert_that_cannot_be_is_refused(prison: Prison, body: dict[str, str | None], code: str) -> None:
    reply = await prison.client.post("/prisoners/A0001AA/alerts", json={"alertCode": "XVL", **body})
    assert (reply.status_code, reply.json()["errorCode"]) == (400, code)


async def test_an_inactive_code_can_be_used_when_that_is_allowed(prison: Prison) -> None:
    number = await prison.prisoner()
    reply = await prison.client.post(
        f"/prisoners/{number}/alerts", json={"alertCode": "C1"}, params={"allowInactiveCode": True}
    )
    assert reply.status_code == 201


async def test_ending_an_alert_makes_it_inactive_and_says_so(world: World, prison: Prison) -> None:
    number = await prison.prisoner()
    made = await create(prison, number, description="Sets fires")
    path = f"/alerts/{made['alertUuid']}"
    ended = (await prison.client.put(path, json={"description": "Sets fires", "activeTo": "2024-03-04"})).json()
    assert (ended["isActive"], ended["activeTo"], ended["activeFrom"]) == (
        False,
        "2024-03-04",
        made["activeFrom"],
    )
    assert ended["madeInactiveBy"] == ended["activeToLastSetBy"] == ended["lastModifiedBy"]
    assert (await mine(world, number))[2:] == [
        "person.alert.updated", "person.alert.inactive", "person.alerts.changed"
    ]  # fmt: skip


async def test_saying_the_same_again_changes_and_announces_nothing(world: World, prison: Prison) -> None:
    number = await prison.prisoner()
    made = await create(prison, number, description="Sets fires")
    again = await prison.client.put(f"/alerts/{made['alertUuid']}", json={"description": "Sets fires"})
    assert again.json() == made
    assert len(await mine(world, number)) == 2


async def test_an_ended_alert_cannot_be_opened_beside_an_active_one(prison: Prison) -> None:
    number = await prison.prisoner()
    old = await create(prison, number, activeFrom=LAST_WEEK, activeTo="2024-03-04")
    await create(prison, number)
    refused = await prison.client.put(f"/alerts/{old['alertUuid']}", json={"activeTo": None})
    assert (refused.status_code, refused.json()["errorCode"]) == (409, "ALERT_EXISTS")


async def test_a_deleted_alert_is_gone(world: World, prison: Prison) -> None:
    number = await prison.prisoner()
    made = await create(prison, number)
    path = f"/alerts/{made['alertUuid']}"
    assert (await prison.client.delete(path)).status_code == 204
    for call in (prison.client.get, prison.client.delete):
        assert (await call(path)).status_code == 404
    assert (await prison.client.put(path, json={})).status_code == 404
    assert (await prison.client.get(f"/prisoners/{number}/alerts")).json()["totalElements"] == 0
    assert (await mine(world, number))[2:] == ["person.alert.deleted", "person.alerts.changed"]


async def test_beginning_and_end_are_announced_when_their_day_comes(world: World, prison: Prison) -> None:
    number = await prison.prisoner()
    today = world.clock.today()
    days = {name: (today + timedelta(days=n)).isoformat() for name, n in {"begins": 2, "ends": 4}.items()}
    await create(prison, number, activeFrom=days["begins"], activeTo=days["ends"])
    seen = []
    for _ in range(6):
        jobs = world.host.runtimes["prison"].jobs
        assert await jobs.run_now("announce-due-alerts") == "ok"
        seen.append((await mine(world, number))[2:])
        world.clock.advance(timedelta(days=1))
    begun, ended = ["person.alerts.changed"], ["person.alert.inactive", "person.alerts.changed"]
    assert seen == [[], [], begun, begun, begun + ended, begun + ended]


async def test_alerts_are_listed_newest_first_and_filtered(world: World, prison: Prison) -> None:
    number = await prison.prisoner()
    today = world.clock.today()

    def day(n: int) -> str:
        return date.fromordinal(today.toordinal() + n).isoformat()

    await create(prison, number, alertCode="HA", activeFrom=day(-3), description="at risk, 100%")
    await create(prison, number, alertCode="XA", activeFrom=day(-2), activeTo=day(-1))
    await create(prison, number, alertCode="XEL", activeFrom=day(-1), authorisedBy="J Smith")

    async def listed(**query: Any) -> list[str]:
        reply = await prison.client.get(f"/prisoners/{number}/alerts", params=query)
        assert reply.status_code == 200, reply.text
        return [one["alertCode"]["code"] for one in reply.json()["content"]]

    assert await listed() == ["XEL", "XA", "HA"]
    assert await listed(isActive=True) == ["XEL", "HA"]
    assert await listed(isActive=False) == ["XA"]
    assert await listed(alertType="X") == ["XEL", "XA"]
    assert await listed(alertCode="HA,XA") == ["XA", "HA"]
    assert await listed(alertType="X", alertCode="HA") == []
    assert await listed(activeFromStart=day(-2), activeFromEnd=day(-2)) == ["XA"]
    assert await listed(search="100%") == ["HA"]
    assert await listed(search="smith") == ["XEL"]
    assert await listed(sort="alertCode,asc", size=2) == ["HA", "XA"]
    assert await listed(page=1, size=2) == ["HA"]
    wrong = await prison.client.get(f"/prisoners/{number}/alerts", params={"sort": "description"})
    assert (wrong.status_code, wrong.json()["errorCode"]) == (400, "SORT_NOT_VALID")


async def test_alerts_of_many_prisoners_are_read_at_once(world: World, prison: Prison) -> None:
    first, second, none = await prison.prisoner(), await prison.prisoner(), await prison.prisoner()
    days = [(world.clock.today() - timedelta(days=n)).isoformat() for n in range(3)]
    await create(prison, first, alertCode="HA", activeFrom=days[2])
    await create(prison, first, alertCode="XA", activeFrom=days[1])
    await create(prison, second, alertCode="HA", activeFrom=days[2], activeTo=days[1])

    async def found(**query: Any) -> list[tuple[str, str]]:
        asked = [second.lower(), none, first, "Z9999ZZ"]
        reply = await prison.client.post("/search/alerts/prison-numbers", json=asked, params=query)
        assert reply.status_code == 200, reply.text
        return [(one["prisonNumber"], one["alertCode"]["code"]) for one in reply.json()["content"]]

    assert await found() == [(first, "XA"), (first, "HA"), (second, "HA")]
    assert await found(includeInactive=False) == [(first, "XA"), (first, "HA")]
    assert await found(filterAlertCodes="HA") == [(first, "HA"), (second, "HA")]
    assert (await prison.client.post("/search/alerts/prison-numbers", json=[])).status_code == 400


async def test_alert_types_and_codes_in_use_are_listed(prison: Prison) -> None:
    types = (await prison.client.get("/alert-types")).json()
    every = (await prison.client.get("/alert-types", params={"includeInactive": True})).json()
    assert (len(types), len(every)) == (16, 20)
    codes = (await prison.client.get("/alert-codes")).json()
    all_codes = (await prison.client.get("/alert-codes", params={"includeInactive": True})).json()
    assert (len(codes), len(all_codes)) == (171, 213)
    assert sum(len(one["alertCodes"]) for one in every) == 213


async def test_reading_alerts_does_not_allow_writing_them(world: World) -> None:
    reader = await world.client("prison", roles=["ROLE_PRISONER_ALERTS__RO"])
    assert (await reader.get("/prisoners/A0001AA/alerts")).status_code == 200
    assert (await reader.post("/prisoners/A0001AA/alerts", json={"alertCode": "HA"})).status_code == 403
