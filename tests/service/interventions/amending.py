"""Amendments and what follows from them, for the tests that make some."""

from __future__ import annotations

from typing import Any

from tests.service.interventions.journey import CASEWORKER, Journey, Json, mails, ok
from tests.world import World

WHY = {"reasonForChange": "They told me"}


async def amend(journey: Journey, what: str, **body: object) -> Any:
    """The answer to an amendment."""
    return await journey.as_practitioner("POST", f"/sent-referral/{journey.referral_id}/{what}", json=body)


async def amended(journey: Journey, what: str, **body: object) -> Json:
    """What the referral says after an amendment that must be accepted."""
    reply = await amend(journey, what, **body)
    assert (reply.status_code, reply.content) == (204, b""), reply.text
    found: Json = (await journey.referral())["referral"]
    return found


async def changes(journey: Journey) -> list[Json]:
    """The change log as the caseworker reads it, each entry with its values."""
    found = ok(await journey.as_caseworker("GET", f"/sent-referral/{journey.referral_id}/change-log"))
    return [{**one, **ok(await change(journey, one["changelogId"]))} for one in found]


async def change(journey: Journey, change_id: str) -> Any:
    return await journey.as_caseworker("GET", f"/sent-referral/change-log/{change_id}")


async def told(world: World, journey: Journey, template: str, to: str = CASEWORKER.email) -> list[Json]:
    """What was written about this referral."""
    await world.drain()
    assert await world.dead_letters() == []
    reference = (await journey.referral())["referenceNumber"]
    found = [one["personalisation"] for one in await mails(world, to=to, template=template)]
    return [one for one in found if reference in one.values() or any(journey.referral_id in v for v in one.values())]
