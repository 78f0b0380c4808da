"""Making, rotating and retiring signing keys."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from throughcare.kit.db import UnitOfWork
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.auth.key.model import (
    BITS,
    KEPT_AFTER_USE,
    NextKeyTooYoung,
    SigningKey,
    State,
    make_key,
)
from throughcare.services.auth.key.store import KeyStore

log = get_logger(__name__)


async def ensure_keys(uow: UnitOfWork, secret: str, *, bits: int = BITS) -> None:
    """Make the current and the next key where they are missing, as in a new system."""
    async with uow:
        missing = await _missing(uow.store(KeyStore))
    if missing:
        made = [await _make(secret, uow.now, state, bits) for state in missing]
        async with uow:
            store = uow.store(KeyStore)
            await store.take_turn()
            still = await _missing(store)
            for key in made:
                if key.state in still:
                    await store.add(key)


async def rotate_keys(uow: UnitOfWork, secret: str, *, bits: int = BITS) -> str:
    """Let the next key sign from now on and publish another to follow it; the new current key's id.

    The old key stays published until nothing that it signed can be alive. Raises NextKeyTooYoung.
    """
    made = await _make(secret, uow.now, "next", bits)
    async with uow:
        store = uow.store(KeyStore)
        await store.take_turn()
        keys = {key.state: key for key in await store.published() if key.state != "retiring"}
        current, upcoming = keys["current"], keys["next"]
        if not upcoming.ready(uow.now):
            raise NextKeyTooYoung
        await store.supersede(current.kid, uow.now)
        await store.activate(upcoming.kid, uow.now)
        await store.add(made)
        await store.drop_superseded(uow.now - KEPT_AFTER_USE)
    log.info("signing key rotated", labels={"kid": upcoming.kid})
    return upcoming.kid


async def rotate_when_due(uow: UnitOfWork, secret: str, *, every: timedelta) -> bool:
    """Drop old keys, and rotate when the current one has signed for ``every``; whether it was due."""
    async with uow:
        store = uow.store(KeyStore)
        await store.drop_superseded(uow.now - KEPT_AFTER_USE)
        current = await store.current()
    if not _due(current, uow.now, every):
        return False
    await rotate_keys(uow, secret)
    return True


def _due(current: SigningKey, now: datetime, every: timedelta) -> bool:
    return current.activated_at is None or now - current.activated_at >= every


async def _missing(store: KeyStore) -> list[State]:
    states = {key.state for key in await store.published()}
    wanted: tuple[State, ...] = ("current", "next")
    return [state for state in wanted if state not in states]


async def _make(secret: str, at: datetime, state: State, bits: int) -> SigningKey:
    return await asyncio.to_thread(make_key, secret, at, state, bits=bits)
