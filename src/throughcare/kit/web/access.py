"""The first look at a request: whose token it carries, and whether its body is fit to be read."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request

from throughcare.kit.auth.principal import Principal
from throughcare.kit.auth.verifier import TokenRefused
from throughcare.kit.errors import BadRequest, ServiceError, Unauthorised

Authenticator = Callable[[Request], Awaitable[Principal]]
MAX_BODY = 1_048_576
NOBODY = Principal(client_id="")
_NUL = re.compile(rb"\x00|(?<!\\)(?:\\\\)*\\u0000")


class TooLarge(ServiceError):
    """The body is larger than the route takes (413)."""

    status = 413
    code = "TOO_LARGE"
    title = "The request is too large"


async def authenticate(request: Request, needed: Sequence[str]) -> Principal:
    """The caller. On an open route nobody is asked. Raises Unauthorised.

    An application may set ``app.state.authenticator`` to recognise its callers otherwise than by bearer token.
    """
    if tuple(needed) == ("public",):
        return NOBODY
    own: Authenticator | None = getattr(request.app.state, "authenticator", None)
    principal: Principal = await (own or verified)(request)
    request.state.principal = principal
    return principal


async def verified(request: Request) -> Principal:
    """The caller named by the request's token. Raises Unauthorised without saying why."""
    held: Principal | None = getattr(request.state, "principal", None)
    if held is not None:
        return held
    try:
        principal: Principal = await request.app.state.runtime.verifier.verify(request.headers.getlist("authorization"))
    except TokenRefused as refused:
        bearer = "Bearer" if refused.reason == "absent" else 'Bearer error="invalid_token"'
        raise Unauthorised(headers={"WWW-Authenticate": bearer}) from None
    request.state.principal = principal
    return principal


async def check_body(request: Request, largest: int = MAX_BODY) -> None:
    """Refuse what no store could hold: NUL characters anywhere, or more than ``largest`` bytes, 1 MiB by default.

    Raises BadRequest, TooLarge.
    """
    path, query = request.scope["path"], request.scope["query_string"]
    if "\x00" in path or "%00" in path or b"\x00" in query or b"%00" in query:
        raise BadRequest("the address holds a NUL character", code="INVALID")
    if request.method in {"GET", "HEAD"}:
        return
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > largest:
        raise TooLarge
    if _NUL.search(await _read_body(request, largest)):
        raise BadRequest("the text holds a NUL character", code="INVALID")


async def _read_body(request: Request, largest: int) -> bytes:
    """The body, and no byte more of it than may be: a caller need not say its length beforehand."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise TooLarge
    request._body = bytes(body)  # where whoever reads the body next looks for it
    return request._body
