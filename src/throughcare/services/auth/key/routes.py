"""The public keys, for everyone who verifies a token."""

from __future__ import annotations

import hashlib
import json

from fastapi import Request, Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.auth.key.model import key_set
from throughcare.services.auth.key.store import KeyStore

router = Router(tag="Keys")


@router.get("/.well-known/jwks.json", public=True, responses={304: {"description": "Unchanged"}})
async def public_keys(request: Request, ctx: Ctx) -> Response:
    """The JWK Set: the key that signs, the one that will, and those whose tokens may still be alive."""
    async with ctx.reading(KeyStore) as store:
        body = json.dumps(key_set(await store.published()), separators=(",", ":")).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"Cache-Control": "max-age=300", "ETag": etag}
    asked = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if asked & {etag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
