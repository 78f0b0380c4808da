"""Where actors are kept."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Column, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db.database import Queries, Store, schema
from throughcare.services.interventions.actor.model import Actor

actor = Table(
    "actor",
    schema("interventions"),
    Column("id", Uuid, primary_key=True),
    Column("auth_source", Text, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("user_id", Text, nullable=False),
)


class ActorStore(Store):
    """Actors by identity."""

    async def note(self, *people: Actor) -> None:
        """Keep ``people``, with the user id that the identity provider gives them now.

        Rows are taken in one order, so that two writers cannot block each other for ever.
        """
        rows = [
            {"id": one.id, "auth_source": one.auth_source, "user_name": one.username, "user_id": one.user_id}
            for one in sorted(people, key=lambda one: one.id)
        ]
        new = insert(actor)
        await self.run(
            new.on_conflict_do_update(
                index_elements=[actor.c.id],
                set_={"user_id": new.excluded.user_id},
                where=actor.c.user_id != new.excluded.user_id,
            ),
            rows,
        )


async def named(queries: Queries, ids: Iterable[UUID | None]) -> dict[UUID, Actor]:
    """The actors with these ids, in one statement."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = await queries.all(select(actor).where(actor.c.id.in_(wanted)))
    return {row["id"]: Actor(row["user_id"], row["auth_source"], row["user_name"]) for row in rows}
