"""Register a client at run time, give it another secret, take it away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from throughcare.kit.db import UnitOfWork
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.auth.client.model import Client, hash_secret
from throughcare.services.auth.client.store import ClientStore
from throughcare.services.auth.registration.model import (
    DeclaredClient,
    NoClient,
    RegisteredMeanwhile,
    check_grantable,
    machine_client,
)
from throughcare.services.auth.revocation.usecases import revoke_tokens_of
from throughcare.services.auth.session.model import new_secret

log = get_logger(__name__)


async def register_client(
    uow: UnitOfWork, client_id: str, *, roles: Collection[str], audiences: Collection[str], rotate: bool
) -> tuple[Client, str | None]:
    """The client with these roles and audiences, and its secret where that was made just now.

    A known client keeps its secret, end date and addresses unless ``rotate`` asks for another secret; the old one is
    then worth nothing at once. Raises RoleNotGrantable, DeclaredClient, RegisteredMeanwhile.
    """
    check_grantable(roles, audiences)
    secret = new_secret()
    async with uow:
        store = uow.store(ClientStore)
        known = await store.find(client_id, lock=True)
        if known is None:
            made = machine_client(client_id, secret, roles, audiences)
            if not await store.add(made):
                raise RegisteredMeanwhile
            log.info("ClientRegistered", client_id=client_id)
            return made, secret
        if not known.registered:
            raise DeclaredClient
        kept = hash_secret(secret) if rotate else known.secret_hash
        changed = replace(known, roles=tuple(roles), audiences=tuple(audiences), secret_hash=kept)
        await store.save(changed)
    if rotate:
        log.info("ClientSecretReplaced", client_id=client_id)
    return changed, secret if rotate else None


async def remove_client(uow: UnitOfWork, client_id: str) -> None:
    """Take the client away with every token that it holds. Raises DeclaredClient, NoClient."""
    async with uow:
        store = uow.store(ClientStore)
        known = await store.find(client_id, lock=True)
        if known is None:
            raise NoClient
        if not known.registered:
            raise DeclaredClient
        await revoke_tokens_of(uow, client_id)
        await store.remove(client_id)
    log.info("ClientRemoved", client_id=client_id)
