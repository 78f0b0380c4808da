"""``/clients``: machine clients of outside bodies. Only a short list of roles can be given here."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.auth.introspection.usecases import require_live
from throughcare.services.auth.registration import usecases
from throughcare.services.auth.registration.model import (
    DeclaredClient,
    NoClient,
    RegisteredMeanwhile,
    RoleNotGrantable,
)
from throughcare.services.auth.registration.schemas import ClientRegistration, RegisteredClient

KEEPERS = ["ROLE_AUTH__CLIENTS__RW"]

router = Router(prefix="/clients", tag="Clients")

ClientId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]


@router.put("/{client_id}", roles=KEEPERS, errors=[RoleNotGrantable, DeclaredClient, RegisteredMeanwhile])
async def put_client(client_id: ClientId, body: ClientRegistration, ctx: Ctx) -> RegisteredClient:
    """Register a machine client, or bring a known one up to date; a secret is answered once, when it is made."""
    await require_live(ctx)
    client, secret = await usecases.register_client(
        ctx.uow, client_id, roles=body.roles, audiences=body.audiences, rotate=body.new_secret
    )
    return RegisteredClient(
        client_id=client.client_id, client_secret=secret, roles=list(client.roles), audiences=list(client.audiences)
    )


@router.delete("/{client_id}", roles=KEEPERS, status=204, errors=[NoClient, DeclaredClient])
async def delete_client(client_id: ClientId, ctx: Ctx) -> None:
    """Take a client away that was registered here: its secret and its tokens are worth nothing from now on."""
    await require_live(ctx)
    await usecases.remove_client(ctx.uow, client_id)
