"""``/users``: who somebody is, for every service that has their user name."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query, Response

from throughcare.kit.context import Context
from throughcare.kit.errors import Forbidden, NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.auth.account.model import Account, username_of
from throughcare.services.auth.account.schemas import (
    UserDetails,
    UserEmail,
    UserName,
    UserNames,
    UserRole,
    UserStub,
)
from throughcare.services.auth.account.store import AccountStore

router = Router(prefix="/users", tag="Users")

ROLE_READERS = [
    "ROLE_INTEL_ADMIN",
    "ROLE_PCMS_USER_ADMIN",
    "ROLE_PF_USER_ADMIN",
    "ROLE_USER_PERMISSIONS__RO",
]
Source = Annotated[Literal["auth", "nomis", "azuread", "delius"] | None, Query(alias="authSource")]


class UserNotFound(NotFound):
    """No source has an account with this name (404)."""

    code = "USER_NOT_FOUND"
    title = "There is no such user"


class NotAUser(Forbidden):
    """The token is a machine client's, and the question is about the user who asks (403)."""

    code = "NOT_A_USER"
    title = "This is for signed-in users"


@router.get("/me", authenticated=True, errors=[NotAUser], response_model_exclude_none=True)
async def my_details(ctx: Ctx) -> UserDetails | UserStub:
    """The caller's own account, from the source that signed them in."""
    account = await _mine(ctx)
    if account is None:
        return UserStub(username=ctx.user.principal_name, auth_source=ctx.user.auth_source)
    return UserDetails.of(account)


@router.get("/me/roles", authenticated=True, errors=[NotAUser])
async def my_roles(ctx: Ctx) -> list[UserRole]:
    """The roles granted to the caller."""
    account = await _mine(ctx)
    return [] if account is None else await _roles(ctx, account)


@router.get("/me/email", authenticated=True, errors=[NotAUser], responses={204: {"description": "Not verified"}})
async def my_email(ctx: Ctx, unverified: bool = False) -> UserEmail:
    """The caller's e-mail address; 204 when it is not verified, unless ``unverified`` ones will do."""
    account = await _mine(ctx)
    return _no_email() if account is None else _email(account, unverified)


@router.post("/names", authenticated=True)
async def user_names(body: UserNames, ctx: Ctx) -> list[UserName]:
    """What people are called, for a list that names many; who has no account is left out."""
    async with ctx.reading(AccountStore) as accounts:
        found = await accounts.named_any([username_of(one) for one in body.usernames])
    return [UserName(username=one.username, name=one.name) for one in found]


@router.get("/{username}", authenticated=True, errors=[UserNotFound], response_model_exclude_none=True)
async def user_details(username: str, ctx: Ctx, source: Source = None) -> UserDetails:
    """The account with this user name: of one source, or of the first that has one."""
    return UserDetails.of(await _named(ctx, username, source))


@router.get(
    "/{username}/email",
    authenticated=True,
    errors=[UserNotFound],
    responses={204: {"description": "Not verified"}},
)
async def user_email(
    username: str, ctx: Ctx, source: Source = None, unverified: bool = False
) -> UserEmail:  # fmt: skip
    """The account's e-mail address; 204 when it is not verified, unless ``unverified`` ones will do."""
    return _email(await _named(ctx, username, source), unverified)


@router.get("/{username}/roles", roles=ROLE_READERS, errors=[UserNotFound])
async def user_roles(username: str, ctx: Ctx, source: Source = None) -> list[UserRole]:
    """The roles granted to the account; what its source implies is not listed."""
    return await _roles(ctx, await _named(ctx, username, source))


def _email(account: Account, unverified: bool) -> UserEmail:
    if account.email is None or not (account.verified or unverified):
        return _no_email()
    return UserEmail(username=account.username, email=account.email, verified=account.verified)


def _no_email() -> UserEmail:
    return Response(status_code=204)  # type: ignore[return-value]  # no body at all


async def _named(ctx: Context, username: str, source: str | None) -> Account:
    async with ctx.reading(AccountStore) as accounts:
        account = await accounts.find_named(username_of(username), source)
    if account is None:
        raise UserNotFound
    return account


async def _mine(ctx: Context) -> Account | None:
    if ctx.user.username is None:
        raise NotAUser
    async with ctx.reading(AccountStore) as accounts:
        return await accounts.find_named(username_of(ctx.user.username), ctx.user.auth_source)


async def _roles(ctx: Context, account: Account) -> list[UserRole]:
    async with ctx.reading(AccountStore) as accounts:
        return [UserRole(role_code=code) for code in await accounts.role_codes(account.user_id)]
