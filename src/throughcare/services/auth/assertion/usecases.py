"""Knowing a client by its key."""

from __future__ import annotations

from collections.abc import Collection

from throughcare.kit.clock import real_now
from throughcare.kit.db import UnitOfWork
from throughcare.services.auth.assertion.model import claimed_by, verified
from throughcare.services.auth.assertion.store import AssertionStore
from throughcare.services.auth.client.model import Client, InvalidClient
from throughcare.services.auth.client.store import ClientStore


async def authenticate_by_key(uow: UnitOfWork, text: str, audiences: Collection[str], address: str) -> Client:
    """The client that signed the assertion ``text``, calling from ``address``; the assertion is spent by it.

    Raises InvalidClient, whatever is wrong with it, and AccessDenied.
    """
    client_id = claimed_by(text)
    async with uow:
        client = await uow.store(ClientStore).find(client_id)
        if client is None:
            raise InvalidClient
        assertion = verified(text, client, audiences, real_now())
        client.check_usable(uow.now, address)
        if not await uow.store(AssertionStore).use(assertion):
            raise InvalidClient
    return client
