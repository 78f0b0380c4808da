"""Exclusions and restrictions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, RowMapping, Table, Text, delete, insert, select

from throughcare.kit.db import Store, schema
from throughcare.services.probation.access.model import Limitations

EXCLUSION, RESTRICTION = "EXCLUSION", "RESTRICTION"

limitation = Table(
    "limitation",
    schema("probation"),
    Column("person_id", BigInteger, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("username", Text, primary_key=True),
    Column("message", Text),
)


def to_limitations(rows: Sequence[RowMapping]) -> Limitations:
    """The limits of one case from its rows."""
    by_kind = {kind: [row for row in rows if row["kind"] == kind] for kind in (EXCLUSION, RESTRICTION)}
    message = {kind: next((row["message"] for row in found), None) for kind, found in by_kind.items()}
    return Limitations.of(
        (row["username"] for row in by_kind[EXCLUSION]),
        (row["username"] for row in by_kind[RESTRICTION]),
        exclusion_message=message[EXCLUSION],
        restriction_message=message[RESTRICTION],
    )


class LimitationStore(Store):
    """Loads and replaces the limits of a case."""

    async def get(self, person_id: int) -> Limitations:
        """The limits of a case; a case without any has empty ones."""
        return to_limitations(await self.all(select(limitation).where(limitation.c.person_id == person_id)))

    async def save(self, person_id: int, limits: Limitations) -> None:
        """Replace the limits of a case."""
        await self.run(delete(limitation).where(limitation.c.person_id == person_id))
        kinds = (
            (EXCLUSION, limits.excluded, limits.exclusion_message),
            (RESTRICTION, limits.restricted_to, limits.restriction_message),
        )
        rows = [
            {"person_id": person_id, "kind": kind, "username": username, "message": message}
            for kind, usernames, message in kinds
            for username in sorted(usernames)
        ]
        await self.run(insert(limitation), rows)
