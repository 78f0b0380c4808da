"""What a token is worth now: for its holder, for a service, and for this server's own routes."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from throughcare.kit.auth.claims import Claims, TokenRefused
from throughcare.kit.auth.jwks import KeySource, VerificationKey, import_keys
from throughcare.kit.auth.verifier import TokenReader
from throughcare.kit.clock import real_now
from throughcare.kit.context import Context
from throughcare.kit.db import Database, UnitOfWork
from throughcare.kit.telemetry.metrics import REGISTRY, auth_token_rejected_total
from throughcare.services.auth.client.model import INTROSPECT, AccessDenied, Client
from throughcare.services.auth.introspection.model import NotAToken, Standing, concerns
from throughcare.services.auth.introspection.views import StandingViews
from throughcare.services.auth.key.model import key_set
from throughcare.services.auth.key.store import KeyStore
from throughcare.services.auth.session.model import Session, hash_of
from throughcare.services.auth.session.store import SessionStore
from throughcare.services.auth.token.store import IssuedTokenStore
from throughcare.services.auth.token.usecases import hold

verified_total = Counter("token_verify_total", "Tokens asked about, by the answer.", ["result"], registry=REGISTRY)
verify_seconds = Histogram("token_verify_seconds", "Time that an answer about a token took.", registry=REGISTRY)


class StoredKeys(KeySource):
    """The signing keys as they are in the database at this moment."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, kid: str) -> VerificationKey | None:
        """The published key called ``kid``, or None."""
        async with self._database.reading(KeyStore) as store:
            key = await store.find(kid)
        return None if key is None else import_keys(key_set([key])).get(kid)


async def is_active(ctx: Context, token: str) -> bool:
    """Whether the caller may rely on ``token``. Raises NotAToken if it was not issued here, or expired."""
    result = "error"
    with verify_seconds.time():
        try:
            claims = await _reader(ctx).read(token)
            active = await _is_active(ctx, claims)
            result = "active" if active else "inactive"
        except TokenRefused:
            result = "malformed"
            raise NotAToken from None
        finally:
            verified_total.labels(result).inc()
    return active


async def _is_active(ctx: Context, claims: Claims) -> bool:
    standing = await _standing(ctx, claims.jti)
    if standing is None or not concerns(claims.audiences, claims.client_id, ctx.user.client_id):
        return False
    if standing.session is not None:
        await _see(ctx.uow, standing.session)
    return True


async def require_live(ctx: Context) -> Standing:
    """What the caller's own token hangs on. Raises TokenRefused when the token was revoked."""
    standing = await _standing(ctx, ctx.user.jti)
    if standing is None:
        auth_token_rejected_total.labels("revoked").inc()
        raise TokenRefused("revoked")
    return standing


async def introspect(ctx: Context, requester: Client, token: str) -> tuple[Standing, Claims | None] | None:
    """What is known of a live access token, or of the requester's own refresh token; None of any other.

    Raises AccessDenied for a client that has no permission to ask.
    """
    if INTROSPECT not in requester.permissions:
        raise AccessDenied("the client may not introspect")
    try:
        claims = await _reader(ctx).read(token)
    except TokenRefused:
        return await _refresh_token(ctx, requester, token)
    standing = await _standing(ctx, claims.jti)
    if standing is None or not concerns(claims.audiences, claims.client_id, requester.client_id):
        return None
    return standing, claims


async def revoke_token(ctx: Context, client: Client, token: str) -> None:
    """Take back a token of the client's own: an access token alone, a refresh token with its family."""
    try:
        jti = (await _reader(ctx).read(token)).jti
    except TokenRefused:
        jti = hash_of(token)
    async with ctx.uow as uow:
        store = uow.store(IssuedTokenStore)
        found = await hold(uow, jti)
        if found is None or found.family.client_id != client.client_id:
            return
        if found.kind == "refresh":
            await store.revoke_family(found.family.id, uow.now)
        else:
            await store.revoke(jti, uow.now)


async def _refresh_token(ctx: Context, requester: Client, token: str) -> tuple[Standing, None] | None:
    standing = await _standing(ctx, hash_of(token))
    if standing is None or standing.token.family.client_id != requester.client_id:
        return None
    return standing, None


async def _standing(ctx: Context, jti: str) -> Standing | None:
    async with ctx.reading(StandingViews) as views:
        standing = await views.of(jti)
    return standing if standing is not None and standing.alive(ctx.now, real_now()) else None


async def _see(uow: UnitOfWork, session: Session) -> None:
    now = real_now()
    if session.to_be_seen(now):
        async with uow:
            await uow.store(SessionStore).seen(session.id, now)


def _reader(ctx: Context) -> TokenReader:
    keys = StoredKeys(ctx.runtime.database)
    return TokenReader(issuer=ctx.runtime.topology.issuer, audience=None, keys=keys, clock=ctx.clock)
