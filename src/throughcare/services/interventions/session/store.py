"""Where delivery sessions are kept."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Integer, Table, Uuid, insert, select, update

from throughcare.kit.db.database import Store, schema
from throughcare.kit.db.unit_of_work import StaleVersion
from throughcare.kit.ids import new_id
from throughcare.services.interventions.appointment.model import Appointment
from throughcare.services.interventions.appointment.store import AppointmentStore
from throughcare.services.interventions.session.model import DeliverySession, no_session

delivery_session = Table(
    "delivery_session",
    schema("interventions"),
    Column("id", Uuid, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
    Column("session_number", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)


class SessionStore(Store):
    """Delivery sessions with their appointments."""

    async def get(self, referral_id: UUID, number: int) -> DeliverySession:
        """The referral's session of this number. Raises NotThere."""
        table = delivery_session
        return self._only(await self._find((table.c.referral_id == referral_id) & (table.c.session_number == number)))

    async def with_id(self, session_id: UUID) -> DeliverySession:
        """The session. Raises NotThere."""
        return self._only(await self._find(delivery_session.c.id == session_id))

    async def of_referral(self, referral_id: UUID) -> list[DeliverySession]:
        """Every session of a referral, by number."""
        return await self._find(delivery_session.c.referral_id == referral_id)

    async def numbers(self, referral_id: UUID) -> set[int]:
        """The numbers of a referral's sessions."""
        table = delivery_session
        rows = await self.all(select(table.c.session_number).where(table.c.referral_id == referral_id))
        return {row["session_number"] for row in rows}

    async def add(self, referral_id: UUID, numbers: range) -> None:
        """Make unscheduled sessions with these numbers."""
        rows = [{"id": new_id(), "referral_id": referral_id, "session_number": one, "version": 1} for one in numbers]
        await self.run(insert(delivery_session), rows)

    async def advance(self, session: DeliverySession) -> None:
        """Note a booking; the session must still be at its version. Raises StaleVersion."""
        table = delivery_session
        here = (table.c.id == session.id) & (table.c.version == session.version)
        if not await self.run(update(table).where(here).values(version=session.version + 1)):
            raise StaleVersion

    async def _find(self, condition: ColumnElement[bool]) -> list[DeliverySession]:
        table = delivery_session
        rows = await self.all(select(table).where(condition).order_by(table.c.session_number))
        if not rows:
            return []
        held: dict[UUID, list[Appointment]] = defaultdict(list)
        store = AppointmentStore(self.connection)
        for one in await store.of_sessions([row["id"] for row in rows]):
            held[one.delivery_session_id or one.id].append(one)
        return [
            DeliverySession(row["id"], row["referral_id"], row["session_number"], held[row["id"]], row["version"])
            for row in rows
        ]

    @staticmethod
    def _only(found: list[DeliverySession]) -> DeliverySession:
        if not found:
            raise no_session()
        return found[0]
