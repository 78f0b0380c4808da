"""Idempotency keys: a POST or PATCH repeated with the same key has its effect once and gets the first answer again.

The key's row commits with the first transaction of the request, so an effect without its key cannot exist. A request
that was refused, or that changed nothing, leaves no row: it may be repeated with the same key. Keys belong to their
caller and are kept for two days.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Awaitable, Callable

from sqlalchemy import RowMapping, text
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.db.database import Database, Queries
from throughcare.kit.db.unit_of_work import StaleVersion
from throughcare.kit.errors import BadRequest, Conflict, Unprocessable

DDL = """
create table idempotency_key (
  principal text not null,
  key text not null,
  fingerprint text not null,
  status integer,
  media_type text,
  location text,
  body text,
  created_at timestamptz not null default now(),
  primary key (principal, key)
);
create index idempotency_key_created on idempotency_key (created_at);
"""
RESERVE = "insert into idempotency_key (principal, key, fingerprint) values (:principal, :key, :fingerprint)"
FIND = text("""
    select *, created_at > now() - interval '1 minute' as recent
      from idempotency_key where principal = :principal and key = :key
""")
ANSWER = text("""
    update idempotency_key set status = :status, media_type = :media_type, location = :location, body = :body
     where principal = :principal and key = :key
""")
CLEAN = text("""
    delete from idempotency_key where (principal, key) in (
      select principal, key from idempotency_key where created_at < now() - interval '2 days' limit 5000)
""")
KEY = re.compile(r"[A-Za-z0-9_.:-]{8,100}")
HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same request, it gives the first answer again and has no second effect.",
    "schema": {"type": "string", "pattern": f"^{KEY.pattern}$"},
}
LOOKS, LOOK_SECONDS = 20, 0.1
METHODS = frozenset({"POST", "PATCH"})  # a PUT and a DELETE have one effect anyway


class KeyReused(Unprocessable):
    """The same key came with another request (422)."""

    code = "IDEMPOTENCY_KEY_REUSED"
    title = "This idempotency key was used for another request"


class AlreadyDone(Conflict):
    """The first request with this key had its effect, but its answer was not kept (409)."""

    code = "ALREADY_DONE"
    title = "This request was carried out before; read the record to see the result"


async def once(request: Request, handle: Callable[[Request], Awaitable[Response]]) -> Response:
    """Carry out the request unless its key was seen; then the answer that it got. Raises KeyReused, AlreadyDone."""
    context: Context = request.state.context
    key = request.headers["idempotency-key"]
    if not KEY.fullmatch(key):
        raise BadRequest("Idempotency-Key must be 8 to 100 letters, digits or _.:-", code="INVALID")
    database = context.runtime.database
    fingerprint = await _fingerprint(request)
    ids = {"principal": f"{context.user.auth_source}:{context.user.principal_name}", "key": key}
    seen = await _find(database, ids)
    if seen is None:
        context.uow.with_commit(RESERVE, **ids, fingerprint=fingerprint)
        try:
            response = await handle(request)
        except (IntegrityError, StaleVersion):  # its twin was faster
            seen = await _find(database, ids)
            if seen is None:
                raise
        else:
            await _keep(database, ids, response)
            return response
    return _again(await _answered(database, ids, seen), fingerprint)


async def _fingerprint(request: Request) -> str:
    what = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(what + await request.body()).hexdigest()


async def _answered(database: Database, ids: dict[str, str], seen: RowMapping) -> RowMapping:
    """The row with its answer: where the first request has just committed, that follows within a moment."""
    for _ in range(LOOKS):
        if seen["status"] is not None or not seen["recent"]:
            break
        await asyncio.sleep(LOOK_SECONDS)
        seen = await _find(database, ids) or seen
    return seen


async def _find(database: Database, ids: dict[str, str]) -> RowMapping | None:
    async with database.reading(Queries) as queries:
        return (await queries.connection.execute(FIND, ids)).mappings().one_or_none()


async def _keep(database: Database, ids: dict[str, str], response: Response) -> None:
    values = {
        **ids, "status": response.status_code, "media_type": response.media_type,
        "location": response.headers.get("location"), "body": base64.b64encode(response.body).decode(),
    }  # fmt: skip
    await database.alone(ANSWER, values)


def _again(seen: RowMapping, fingerprint: str) -> Response:
    if seen["fingerprint"] != fingerprint:
        raise KeyReused
    if seen["status"] is None:
        raise AlreadyDone
    headers = {"Idempotent-Replay": "true"}
    if seen["location"]:
        headers["Location"] = seen["location"]
    return Response(base64.b64decode(seen["body"]), seen["status"], headers, seen["media_type"])
