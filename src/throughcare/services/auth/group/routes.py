"""The groups of whoever asks."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.auth.account.model import username_of
from throughcare.services.auth.account.routes import NotAUser
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.group.schemas import UserGroup
from throughcare.services.auth.group.views import GroupViews

router = Router(prefix="/users", tag="Users")


@router.get("/me/groups", authenticated=True, errors=[NotAUser])
async def my_groups(ctx: Ctx, children: bool = True) -> Sequence[UserGroup]:
    """The groups that the caller is in; users of other sources than ``auth`` are in none."""
    if ctx.user.username is None:
        raise NotAUser
    async with ctx.reading(AccountStore) as accounts:
        account = await accounts.find_named(username_of(ctx.user.username), ctx.user.auth_source)
    if account is None:
        return []
    async with ctx.reading(GroupViews) as views:
        return await views.of_user(account.user_id, children=children)
