"""``/externalusers``: the users of service providers and other outside bodies, and their groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from throughcare.kit.clock import real_now
from throughcare.kit.context import Context
from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.auth.account.model import Account, username_of
from throughcare.services.auth.account.schemas import ExternalUser
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.account.views import AccountViews
from throughcare.services.auth.external_user.schemas import DisableUser
from throughcare.services.auth.external_user.usecases import (
    CannotDisableSelf,
    ExternalUserNotFound,
    disable_user,
    enable_user,
)
from throughcare.services.auth.group.schemas import UserGroup
from throughcare.services.auth.group.views import GroupViews
from throughcare.services.auth.introspection.usecases import require_live

router = Router(prefix="/externalusers", tag="External users")

MANAGER = "ROLE_AUTH_GROUP_MANAGER"
MANAGERS = ["ROLE_MAINTAIN_OAUTH_USERS", MANAGER]
GROUP_READERS = [*MANAGERS, "ROLE_VIEW_USER_GROUPS"]


class GroupNotFound(NotFound):
    """There is no group with this code (404)."""

    code = "GROUP_NOT_FOUND"
    title = "There is no such group"


@router.get("", authenticated=True, responses={204: {"description": "Nobody has this address"}})
async def with_email(email: Annotated[str, Query(min_length=3, max_length=240)], ctx: Ctx) -> list[ExternalUser]:
    """The external users with this e-mail address; 204 when there is none."""
    async with ctx.reading(AccountViews) as views:
        found = await views.external_with_email(email)
    if not found:
        return Response(status_code=204)  # type: ignore[return-value]  # no body at all
    return _shown(found)


@router.get("/{username}", authenticated=True, errors=[ExternalUserNotFound])
async def by_username(username: str, ctx: Ctx) -> ExternalUser:
    """The external user with this user name."""
    async with ctx.reading(AccountStore) as accounts:
        account = await accounts.find_named(username_of(username), "auth")
    if account is None:
        raise ExternalUserNotFound
    return ExternalUser.of(account, real_now())


@router.get("/id/{user_id}", roles=MANAGERS, errors=[ExternalUserNotFound])
async def by_id(user_id: UUID, ctx: Ctx) -> ExternalUser:
    """The external user with this id; a group manager sees those who share a group with them."""
    return ExternalUser.of(await _reachable(ctx, user_id), real_now())


@router.get("/{user_id}/groups", roles=GROUP_READERS, errors=[ExternalUserNotFound])
async def groups_of(user_id: UUID, ctx: Ctx, children: bool = True) -> Sequence[UserGroup]:
    """The groups of an external user; one that has groups below it is replaced by them."""
    account = await _reachable(ctx, user_id)
    async with ctx.reading(GroupViews) as views:
        return await views.of_user(account.user_id, children=children)


@router.get("/crsgroup/{code}", roles=["ROLE_CONTRACT_MANAGER_VIEW_GROUP"], errors=[GroupNotFound])
async def members_of(code: str, ctx: Ctx) -> list[ExternalUser]:
    """The external users who are in a contract's group."""
    async with ctx.reading(GroupViews) as views:
        if not code.startswith("INT_CR_") or not await views.exists(code):
            raise GroupNotFound
        return _shown(await views.members(code))


@router.put("/{user_id}/disable", roles=MANAGERS, status=204, errors=[ExternalUserNotFound, CannotDisableSelf])
async def disable(user_id: UUID, body: DisableUser, ctx: Ctx) -> None:
    """Shuts an account, and ends its sign-ins and tokens at once."""
    mine = (await require_live(ctx)).token.family.account_id
    account = await _reachable(ctx, user_id)
    by_name = ctx.user.principal_name
    await disable_user(ctx.uow, account.user_id, reason=body.reason, by=mine, by_name=by_name)


@router.put("/{user_id}/enable", roles=MANAGERS, status=204, errors=[ExternalUserNotFound])
async def enable(user_id: UUID, ctx: Ctx) -> None:
    """Opens an account again."""
    await require_live(ctx)
    account = await _reachable(ctx, user_id)
    await enable_user(ctx.uow, account.user_id)


async def _reachable(ctx: Context, user_id: UUID) -> Account:
    """The external user, if the caller may know of them: somebody else is as unknown as nobody."""
    async with ctx.reading(AccountViews) as views:
        account = await views.external(user_id)
    if account is None:
        raise ExternalUserNotFound
    if ctx.user.has_any([role for role in GROUP_READERS if role != MANAGER]):
        return account
    mine = (await require_live(ctx)).token.family.account_id
    async with ctx.reading(GroupViews) as groups:
        if mine is None or not await groups.share_one(mine, account.user_id):
            raise ExternalUserNotFound
    return account


def _shown(accounts: Sequence[Account]) -> list[ExternalUser]:
    now = real_now()
    return [ExternalUser.of(account, now) for account in accounts]
