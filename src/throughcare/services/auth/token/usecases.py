"""The grants: for a client itself, for a code, and for a refresh token."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NoReturn

from throughcare.kit.clock import real_now
from throughcare.kit.db import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.auth.account.model import Account, username_of
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.authorization.model import AuthorizationCode
from throughcare.services.auth.authorization.store import CodeStore
from throughcare.services.auth.client.model import ACT_ON_BEHALF, Client, InvalidGrant, narrowed, targeted
from throughcare.services.auth.key.store import KeyStore
from throughcare.services.auth.session.model import Session, hash_of, new_secret
from throughcare.services.auth.session.store import NotBeforeStore, SessionStore
from throughcare.services.auth.token.model import (
    ACCESS_TYPE,
    ID_TYPE,
    REFRESH_LIFE,
    Family,
    IssuedToken,
    Issuing,
    TokenSet,
    client_claims,
    id_claims,
    proves,
    user_claims,
)
from throughcare.services.auth.token.store import IssuedTokenStore

log = get_logger(__name__)


async def issue_client_token(
    uow: UnitOfWork, issuing: Issuing, client: Client, *, scope: str | None, resources: list[str],
    username: str | None, auth_source: str | None,
) -> TokenSet:  # fmt: skip
    """A token for the client itself; with ``username``, for the client acting for that person.

    Raises InvalidScope, InvalidTarget, UnauthorisedClient without the permission to act on behalf, and
    InvalidGrant when there is no such enabled user.
    """
    if username is not None:
        client.check_permission(ACT_ON_BEHALF)
    scopes, audiences = client.scopes_for(scope), client.audiences_for(resources)
    async with uow:
        account = None if username is None else await _person(uow, username, auth_source)
        account_id = None if account is None else account.user_id
        family = Family(new_id(), client.client_id, scopes, audiences, account_id=account_id)
        token = IssuedToken.access(family, uow.now)
        await uow.store(IssuedTokenStore).add(token)
        claims = client_claims(issuing.issuer, token, client, account)
        signed = await _signed(uow, issuing, claims)
    log.info("CreateSystemAccessToken", labels={"grant_type": "client_credentials"})
    return TokenSet(signed, claims, scopes)


async def exchange_code(
    uow: UnitOfWork, issuing: Issuing, client: Client, *, code: str, redirect_uri: str, verifier: str,
    resources: list[str],
) -> TokenSet:  # fmt: skip
    """The tokens for an authorisation code. A code that comes again takes back all that it was exchanged for.

    Raises InvalidGrant, InvalidTarget.
    """
    async with uow:
        store = uow.store(CodeStore)
        found = await store.find(hash_of(code))
        if found is None or found.client_id != client.client_id:
            _refuse("code unknown")
        replayed = found.used_at is not None
        if replayed:
            await uow.store(SessionStore).find(found.session_id, lock=True)
            await uow.store(IssuedTokenStore).revoke_family(found.family_id, uow.now)
        else:
            _check_code(found, redirect_uri, verifier, uow.now)
            await store.use(found.code_hash, uow.now)
            issued = await _issue_for_code(uow, issuing, client, found, resources)
    if replayed:
        _refuse("code replayed")
    log.info("CreateAccessToken", labels={"grant_type": "authorization_code"})
    return issued


async def refresh_tokens(
    uow: UnitOfWork, issuing: Issuing, client: Client, *, refresh_token: str, scope: str | None,
    resources: list[str],
) -> TokenSet:  # fmt: skip
    """New tokens for a refresh token, which is spent by it. One spent before takes back its whole family.

    Raises InvalidGrant, InvalidScope, InvalidTarget.
    """
    async with uow:
        store = uow.store(IssuedTokenStore)
        old = await hold(uow, hash_of(refresh_token))
        if old is None or old.kind != "refresh" or old.family.client_id != client.client_id:
            _refuse("refresh token unknown")
        reused = old.spent()
        if reused:
            await store.revoke_family(old.family.id, uow.now)
        else:
            await store.use(old.jti, uow.now)
            issued = await _issue_for_refresh(uow, issuing, old, scope, resources)
    if reused:
        _refuse("refresh token reused")
    log.info("RefreshAccessToken", labels={"grant_type": "refresh_token"})
    return issued


async def hold(uow: UnitOfWork, jti: str) -> IssuedToken | None:
    """Inside a transaction: the token, or None, while nothing else is issued or taken back in its family.

    Its sign-in is locked before the token itself, as by everyone who issues: so whoever takes a family back sees
    every token of it.
    """
    store = uow.store(IssuedTokenStore)
    seen = await store.find(jti)
    if seen is None or seen.family.session_id is None:
        return await store.find(jti, lock=True)
    await uow.store(SessionStore).find(seen.family.session_id, lock=True)
    return await store.find(jti, lock=True)


async def _issue_for_code(
    uow: UnitOfWork, issuing: Issuing, client: Client, code: AuthorizationCode, resources: list[str]
) -> TokenSet:
    account, session = await _signed_in(uow, code)
    family = Family(code.family_id, client.client_id, code.scopes, code.audiences, code.session_id, code.account_id)
    narrow = replace(family, audiences=targeted(resources, family.audiences))
    access, issued = await _access(uow, issuing, narrow, account)
    if "openid" in code.scopes:
        signed_in_at = uow.now - (real_now() - session.created_at)
        claims = id_claims(issuing.issuer, access, account, signed_in_at, code.nonce)
        issued = replace(issued, id_token=await _signed(uow, issuing, claims, kind=ID_TYPE))
    if "refresh_token" not in client.grants:
        return issued
    return replace(issued, refresh_token=await _add_refresh(uow, family, uow.now + REFRESH_LIFE))


async def _issue_for_refresh(
    uow: UnitOfWork, issuing: Issuing, old: IssuedToken, scope: str | None, resources: list[str]
) -> TokenSet:
    family = old.family
    refs = {"account": str(family.account_id), "client": family.client_id}
    if not replace(old, used_at=None).alive(uow.now, await uow.store(NotBeforeStore).applying(refs)):
        _refuse("refresh token ended")
    account, _ = await _signed_in(uow, family)
    narrow = replace(family, scopes=narrowed(scope, family.scopes), audiences=targeted(resources, family.audiences))
    _, issued = await _access(uow, issuing, narrow, account)
    return replace(issued, refresh_token=await _add_refresh(uow, family, old.expires_at))


async def _access(uow: UnitOfWork, issuing: Issuing, family: Family, account: Account) -> tuple[IssuedToken, TokenSet]:
    token = IssuedToken.access(family, uow.now)
    roles = await uow.store(AccountStore).role_codes(account.user_id)
    claims = user_claims(issuing.issuer, token, account, roles)
    await uow.store(IssuedTokenStore).add(token)
    return token, TokenSet(await _signed(uow, issuing, claims), claims, family.scopes)


async def _add_refresh(uow: UnitOfWork, family: Family, expires_at: datetime) -> str:
    secret = new_secret()
    record = IssuedToken(hash_of(secret), "refresh", family, uow.now, expires_at)
    await uow.store(IssuedTokenStore).add(record)
    return secret


async def _signed_in(uow: UnitOfWork, grant: AuthorizationCode | Family) -> tuple[Account, Session]:
    """The person and the live sign-in behind a grant; the sign-in stays locked, so that revoking it waits."""
    if grant.session_id is None or grant.account_id is None:
        _refuse("no session")
    store, now = uow.store(SessionStore), real_now()
    session = await store.find(grant.session_id, lock=True)
    if session is None or not session.alive(now):
        _refuse("session ended")
    account = await uow.store(AccountStore).find(grant.account_id)
    if account is None or not account.enabled:
        _refuse("account disabled")
    if session.to_be_seen(now):
        await store.seen(session.id, now)
    return account, session


async def _person(uow: UnitOfWork, username: str, auth_source: str | None) -> Account:
    account = await uow.store(AccountStore).find_named(username_of(username), auth_source)
    if account is None or not account.enabled:
        _refuse("no such user")
    return account


async def _signed(uow: UnitOfWork, issuing: Issuing, claims: dict[str, object], *, kind: str = ACCESS_TYPE) -> str:
    key = await uow.store(KeyStore).current()
    return key.sign(claims, kind=kind, secret=issuing.key_secret)


def _check_code(code: AuthorizationCode, redirect_uri: str, verifier: str, now: datetime) -> None:
    if now >= code.expires_at:
        _refuse("code expired")
    if redirect_uri != code.redirect_uri:
        _refuse("redirect URI differs")
    if not proves(verifier, code.code_challenge):
        _refuse("verifier wrong")


def _refuse(reason: str) -> NoReturn:
    log.info("CreateAccessTokenFailure", labels={"reason": reason})
    raise InvalidGrant("the grant is not, or no longer, good")
