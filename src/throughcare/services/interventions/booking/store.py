"""Bookings under way, one for each assessment or session at a time, and those whose answer never came.

The lease runs on real time.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from throughcare.kit.db.database import Store
from throughcare.kit.db.unit_of_work import StaleVersion

LEASE_SECONDS = 60

NEW = text("insert into booking_attempt (owner_id, kept) values (:owner, 0) on conflict do nothing")
HELD = text("""
    select kept, appointment_id, busy_until > now() as busy from booking_attempt where owner_id = :owner for update
""")
TAKE = text("""
    update booking_attempt
       set appointment_id = :appointment, busy_until = clock_timestamp() + make_interval(secs => :lease)
     where owner_id = :owner
""")
GIVE_BACK = text("""
    update booking_attempt set appointment_id = :left, busy_until = null
     where owner_id = :owner and appointment_id = :appointment
""")
KEPT = text("""
    update booking_attempt set kept = greatest(kept, :ordinal), appointment_id = null, busy_until = null
     where owner_id = :owner
""")


class BookingStore(Store):
    """Attempts to book, by the assessment or session that they are for."""

    async def take(self, owner_id: UUID, ordinal: int, appointment_id: UUID) -> UUID | None:
        """Begin a booking; the id of an earlier one that the case record may hold although it was never kept.

        Raises StaleVersion when another booking is under way, or was kept since ``ordinal`` was read.
        """
        await self.connection.execute(NEW, {"owner": owner_id})
        held = (await self.connection.execute(HELD, {"owner": owner_id})).mappings().one()
        if held["busy"] or held["kept"] >= ordinal:
            raise StaleVersion
        values = {"owner": owner_id, "appointment": appointment_id, "lease": LEASE_SECONDS}
        await self.connection.execute(TAKE, values)
        earlier: UUID | None = held["appointment_id"]
        return earlier

    async def give_back(self, owner_id: UUID, appointment_id: UUID, *, left: UUID | None) -> None:
        """End a booking that was not made; ``left`` is what the case record may hold all the same."""
        await self.connection.execute(GIVE_BACK, {"owner": owner_id, "appointment": appointment_id, "left": left})

    async def note_kept(self, owner_id: UUID, ordinal: int) -> None:
        """End a booking that is kept."""
        await self.connection.execute(KEPT, {"owner": owner_id, "ordinal": ordinal})
