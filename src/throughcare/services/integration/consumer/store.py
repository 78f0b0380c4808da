"""Consumers in PostgreSQL, and the line in which what is for each is numbered."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, RowMapping, Table, Text, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from throughcare.kit.db import StaleVersion, Store, schema
from throughcare.services.integration.consumer.model import Configuration, Consumer, NoConsumer

consumer = Table(
    "consumer",
    schema("integration"),
    Column("name", Text, primary_key=True),
    Column("roles", ARRAY(Text), nullable=False),
    Column("include", ARRAY(Text), nullable=False),
    Column("filters", JSONB, nullable=False),
    Column("queue_name", Text),
    Column("feed", Boolean, nullable=False),
    Column("suspended", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)
LANE = text("insert into lane (consumer) values (:name) on conflict do nothing")


class ConsumerStore(Store):
    """Who is told, and of what."""

    async def all_consumers(self) -> list[Consumer]:
        """Every consumer, by name."""
        return [_consumer(row) for row in await self.all(select(consumer).order_by(consumer.c.name))]

    async def get(self, name: str) -> Consumer:
        """One consumer. Raises NoConsumer."""
        row = await self.one_or_none(select(consumer).where(consumer.c.name == name))
        if row is None:
            raise NoConsumer(f"there is no consumer {name!r}")
        return _consumer(row)

    async def owner_of(self, queue_name: str) -> str | None:
        """The consumer to whom a queue belongs."""
        row = await self.one_or_none(select(consumer.c.name).where(consumer.c.queue_name == queue_name))
        return row["name"] if row else None

    async def put(self, one: Consumer) -> None:
        """Register a consumer, or give a known one this configuration and these doors."""
        values = {
            "roles": list(one.configuration.roles), "include": list(one.configuration.include),
            "filters": {kind: list(allowed) for kind, allowed in one.configuration.filters.items()},
            "queue_name": one.queue_name, "feed": one.feed,
        }  # fmt: skip
        adding = insert(consumer).values(name=one.name, suspended=one.suspended, version=1, **values)
        changing = {**values, "version": consumer.c.version + 1}
        await self.run(adding.on_conflict_do_update(index_elements=[consumer.c.name], set_=changing))
        await self.connection.execute(LANE, {"name": one.name})

    async def save(self, one: Consumer) -> None:
        """Keep whether the consumer is suspended. Raises StaleVersion."""
        held = consumer.c.name == one.name, consumer.c.version == one.version
        changing = update(consumer).where(*held).values(suspended=one.suspended, version=one.version + 1)
        if not await self.run(changing):
            raise StaleVersion


def _consumer(row: RowMapping) -> Consumer:
    configuration = Configuration(tuple(row["roles"]), tuple(row["include"]), row["filters"])
    return Consumer(row["name"], configuration, row["queue_name"], row["suspended"], row["feed"], row["version"])
