"""A service as small as one can be, for the tests of the kit: it makes things, and hears of them from its own queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import Response
from sqlalchemy import Column, DateTime, Integer, Table, Text, Uuid, insert, select, update

from throughcare.kit.context import Context
from throughcare.kit.db import StaleVersion, Store, UnitOfWork, Views, schema
from throughcare.kit.errors import NotFound
from throughcare.kit.ids import new_id
from throughcare.kit.inbox.reactions import Reads, Reject, Retry, batch_reaction, reaction, subscription
from throughcare.kit.messaging.envelope import DomainEvent
from throughcare.kit.service import Service
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.kit.web.schemas import Wire

SCHEMA = schema("sample")
thing = Table(
    "thing", SCHEMA, Column("id", Uuid, primary_key=True), Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False), Column("made_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip
effect = Table(
    "effect", SCHEMA, Column("event_id", Uuid, nullable=False, unique=True), Column("thing_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
)  # fmt: skip


class ThingMade(DomainEvent, type="sample.thing.created", key="thing_id", description="A thing was made"):
    thing_id: UUID
    name: str


class ThingRenamed(DomainEvent, type="sample.thing.changed", key="thing_id", description="A thing was renamed"):
    thing_id: UUID
    name: str


class Things(Store):
    async def add(self, thing_id: UUID, name: str, at: datetime) -> None:
        await self.run(insert(thing).values(id=thing_id, name=name, version=1, made_at=at))

    async def rename(self, thing_id: UUID, name: str, version: int) -> None:
        statement = update(thing).where(thing.c.id == thing_id, thing.c.version == version)
        if not await self.run(statement.values(name=name, version=version + 1)):
            raise StaleVersion

    async def note(self, rows: Sequence[dict[str, object]]) -> None:
        await self.run(insert(effect), rows)


class ThingViews(Views):
    async def name(self, thing_id: UUID) -> str | None:
        row = await self.one_or_none(select(thing.c.name).where(thing.c.id == thing_id))
        return row["name"] if row else None


class Made(Reads, types=["sample.thing.created"]):
    thing_id: UUID
    name: str


class Renamed(Reads, types=["sample.thing.changed"]):
    thing_id: UUID
    name: str


@reaction(Made, order_by="thing_id")
async def on_made(event: Made, ctx: Context) -> None:
    if event.name == "reject":
        raise Reject("rejected on purpose")
    if event.name == "ignore":
        return
    async with ctx.uow as uow:
        await uow.store(Things).note([{"event_id": event.event_id, "thing_id": event.thing_id, "name": event.name}])
        if event.name == "retry":
            raise Retry("again on purpose", after=0)


@batch_reaction(Renamed, limit=100)
async def on_renamed(events: list[Renamed], ctx: Context) -> None:
    async with ctx.uow as uow:
        fresh = [one for one in events if one.event_id in uow.fresh]
        if any(one.name == "poison" for one in fresh):
            raise Reject("poison")
        rows = [{"event_id": one.event_id, "thing_id": one.thing_id, "name": one.name} for one in fresh]
        await uow.store(Things).note(rows)


async def make_thing(uow: UnitOfWork, name: str) -> UUID:
    thing_id = new_id()
    async with uow:
        await uow.store(Things).add(thing_id, name, uow.now)
        uow.publish(ThingMade(thing_id=thing_id, name=name, detail_path=f"/things/{thing_id}"))
    return thing_id


async def rename_thing(uow: UnitOfWork, thing_id: UUID, name: str, version: int) -> None:
    async with uow:
        await uow.store(Things).rename(thing_id, name, version)
        uow.publish(ThingRenamed(thing_id=thing_id, name=name))


class MakeThing(Wire):
    name: str


class RenameThing(Wire):
    name: str
    version: int


class Thing(Wire):
    id: UUID
    name: str


router = Router(prefix="/things", tag="Things")


@router.post("", status=201, roles=["ROLE_SAMPLE"])
async def create(body: MakeThing, ctx: Ctx, response: Response) -> Thing:
    thing_id = await make_thing(ctx.uow, body.name)
    response.headers["Location"] = f"/things/{thing_id}"
    return Thing(id=thing_id, name=body.name)


@router.put("/{thing_id}/name", roles=["ROLE_SAMPLE"])
async def rename(thing_id: UUID, body: RenameThing, ctx: Ctx) -> Thing:
    await rename_thing(ctx.uow, thing_id, body.name, body.version)
    return Thing(id=thing_id, name=body.name)


@router.get("/{thing_id}", roles=["ROLE_SAMPLE", "ROLE_SAMPLE__RO"])
async def read(thing_id: UUID, ctx: Ctx) -> Thing:
    async with ctx.reading(ThingViews) as views:
        name = await views.name(thing_id)
    if name is None:
        raise NotFound("no such thing", code="THING_NOT_FOUND")
    return Thing(id=thing_id, name=name)


@router.get("/-/failing", roles=["ROLE_SAMPLE"])
async def failing() -> Thing:
    raise RuntimeError("A1234BC is a secret")


SERVICE = Service(
    name="sample", path="/sample", title="Sample", package="tests.sample", routers=lambda: [router],
    publishes=[ThingMade, ThingRenamed], subscriptions=[subscription("sample", [on_made, on_renamed], delays=(0,))],
)  # fmt: skip
