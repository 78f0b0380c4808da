"""Arranges prisoners through the service's own doors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import httpx2

from tests.world import World

WRITER_ROLES = (
    "ROLE_BOOKING_CREATE", "ROLE_RELEASE_PRISONER", "ROLE_TRANSFER_PRISONER", "ROLE_VIEW_PRISONER_DATA",
    "ROLE_PRISON_API__PRISONER_PROFILE__RW", "ROLE_PRISONER_ALERTS__RW", "ROLE_PRISONER_INDEX",
)  # fmt: skip
NAME = {
    "lastName": "Ackroyd",
    "firstName": "Mabel",
    "dateOfBirth": "1980-02-29",
    "gender": "F",
    "ethnicity": "W1",
}
ADMISSION = {"prisonId": "LEI", "movementReasonCode": "I", "imprisonmentStatus": "ADIMP_ORA"}


@dataclass
class Prison:
    """A client that may do everything at the prison service."""

    client: httpx2.AsyncClient

    @classmethod
    async def of(cls, world: World) -> Self:
        """The client for a world."""
        return cls(await world.client("prison", roles=WRITER_ROLES))

    async def person(self, **changes: Any) -> str:
        """A new person's prisoner number."""
        body = {**NAME, **changes}
        reply = await self.client.post("/api/offenders", json=body, params={"allowNameDuplicate": True})
        assert reply.status_code == 201, reply.text
        return str(reply.json()["offenderNo"])

    async def prisoner(self, **changes: Any) -> str:
        """The number of a new person who was admitted."""
        number = await self.person()
        await self.move(number, "admit", **changes)
        return number

    async def move(self, number: str, how: str, **body: Any) -> dict[str, Any]:
        """Move somebody, which succeeds; the prisoner as they are then."""
        reply = await self.attempt(number, how, **body)
        assert reply.is_success, reply.text
        answer: dict[str, Any] = reply.json()
        return answer

    async def attempt(self, number: str, how: str, **body: Any) -> httpx2.Response:
        """Try to move somebody, with what such a movement needs unless ``body`` says otherwise."""
        if how == "admit":
            return await self.client.post(f"/api/offenders/{number}/booking", json={**ADMISSION, **body})
        needed: dict[str, dict[str, Any]] = {
            "recall": {**ADMISSION, "movementReasonCode": "L", "imprisonmentStatus": "LR_ORA"},
            "release": {"movementReasonCode": "CR"},
            "transfer-out": {"transferReasonCode": "NOTR", "toLocation": "MDI"},
            "transfer-in": {},
            "court-transfer-out": {"transferReasonCode": "CRT", "toLocation": "LEEDCC"},
            "court-transfer-in": {"agencyId": "LEI"},
            "temporary-absence-out": {"transferReasonCode": "C5", "toCity": "Leeds"},
            "temporary-absence-arrival": {"agencyId": "LEI"},
        }
        return await self.client.put(f"/api/offenders/{number}/{how}", json={**needed[how], **body})
