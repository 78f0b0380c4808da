"""The metadata of OpenID Connect Discovery 1.0 and RFC 8414, the same document under both of their paths."""

from __future__ import annotations

from fastapi import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.auth.discovery.schemas import Metadata

router = Router(tag="Discovery")

TWELVE_HOURS = "max-age=43200"


@router.get("/issuer/.well-known/openid-configuration", public=True)
@router.get("/.well-known/oauth-authorization-server/issuer", public=True)
@router.get("/issuer/.well-known/oauth-authorization-server", public=True)
async def metadata(response: Response, ctx: Ctx) -> Metadata:
    """What this authorisation server offers, and where."""
    response.headers["Cache-Control"] = TWELVE_HOURS
    topology = ctx.runtime.topology
    return Metadata.of(topology.issuer, topology.public_url("auth"))
