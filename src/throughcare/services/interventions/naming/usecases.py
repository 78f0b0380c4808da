"""Finds out what people are called. Names are asked for once in a while, not once a line."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID
from weakref import WeakKeyDictionary

from throughcare.kit.context import Context
from throughcare.kit.http.gateway import Gateway
from throughcare.kit.http.peer import PeerError
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.actor.model import SYSTEM, Actor
from throughcare.services.interventions.actor.store import ActorStore, named
from throughcare.services.interventions.peers.auth import AuthPeer

log = get_logger(__name__)

KEPT_SECONDS = 300.0
MOST = 5_000


@dataclass
class _Names:
    held: dict[UUID, tuple[str, float]] = field(default_factory=dict)

    def find(self, actor_id: UUID) -> str | None:
        name, since = self.held.get(actor_id, ("", 0.0))
        return name if name and monotonic() - since < KEPT_SECONDS else None

    def keep(self, actor_id: UUID, name: str) -> None:
        self.held.pop(actor_id, None)
        self.held[actor_id] = (name, monotonic())
        while len(self.held) > MOST:
            del self.held[next(iter(self.held))]


_names: WeakKeyDictionary[Gateway, _Names] = WeakKeyDictionary()


async def full_names(ctx: Context, ids: Iterable[UUID]) -> dict[UUID, str]:
    """First and last name of each actor; the user name of somebody whose name is not to be had just now."""
    names, wanted = _names.setdefault(ctx.runtime.gateway, _Names()), set(ids)
    found = {one: name for one in wanted if (name := names.find(one)) is not None}
    missing = wanted - found.keys()
    if missing:
        async with ctx.reading(ActorStore) as store:
            people = await named(store, missing)
        asked = await asyncio.gather(*(_ask(ctx, person) for person in people.values()))
        for one, name in zip(people, asked, strict=True):
            if name is not None:
                names.keep(one, name)
            found[one] = name or people[one].username
    return found


async def _ask(ctx: Context, person: Actor) -> str | None:
    if person == SYSTEM:
        return person.username
    try:
        return await ctx.peer(AuthPeer).full_name(person)
    except PeerError as error:
        log.warning("a name is not known just now", labels={"error": error.code})
        return None
