"""What others ask about staff."""

from __future__ import annotations

from throughcare.kit.db import Views
from throughcare.services.probation.staff.model import Staff, StaffNotFound
from throughcare.services.probation.staff.store import by_username, to_staff


class StaffViews(Views):
    """Reads of staff."""

    async def find(self, username: str) -> Staff | None:
        """The member of staff with this user name or numeric user id, or None."""
        row = await self.one_or_none(by_username(username))
        return to_staff(row) if row else None

    async def get(self, username: str) -> Staff:
        """The member of staff with this user name or numeric user id. Raises StaffNotFound."""
        found = await self.find(username)
        if found is None:
            raise StaffNotFound
        return found
