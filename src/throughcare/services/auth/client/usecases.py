"""Registering clients, and knowing them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from throughcare.kit.db import UnitOfWork
from throughcare.kit.service import ClientSpec
from throughcare.services.auth.client.model import Client, InvalidClient, hash_secret
from throughcare.services.auth.client.schemas import Credentials
from throughcare.services.auth.client.store import ClientStore

_NOBODY = Client("", hash_secret("nobody's"), (), (), (), (), (), ())


async def register_clients(uow: UnitOfWork, specs: Iterable[ClientSpec]) -> None:
    """Make every client that the host declares known; only a hash of its secret is kept."""
    async with uow:
        store = uow.store(ClientStore)
        for spec in specs:
            await store.register(Client.of(spec))


async def authenticate_client(store: ClientStore, given: Credentials, at: datetime, address: str) -> Client:
    """The client that the credentials prove, calling from ``address`` at the business time ``at``.

    Raises InvalidClient, the same for an unknown id and a wrong secret, and AccessDenied.
    """
    client = await store.find(given.client_id)
    if not (client or _NOBODY).accepts(given.secret) or client is None:
        raise InvalidClient
    client.check_usable(at, address)
    return client
