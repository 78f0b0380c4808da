"""Who is in which group."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, func, select

from throughcare.kit.db import Views
from throughcare.services.auth.account.model import Account
from throughcare.services.auth.account.store import account_of, users
from throughcare.services.auth.group.schemas import UserGroup
from throughcare.services.auth.group.store import child_group, groups, user_group

MEMBERSHIPS = groups.join(user_group, user_group.c.group_code == groups.c.group_code)


class GroupViews(Views):
    """Memberships as other services ask for them."""

    async def of_user(self, user_id: UUID, *, children: bool) -> Sequence[UserGroup]:
        """The groups of an account; with ``children`` a group that has some is replaced by them."""
        held = (user_group.c.user_id == user_id) & user_group.c.revoked_at.is_(None)
        own = select(groups.c.group_code, groups.c.group_name).select_from(MEMBERSHIPS).where(held)
        if children:
            below = child_group.c.parent == groups.c.group_code
            code = func.coalesce(child_group.c.child_group_code, groups.c.group_code)
            name = func.coalesce(child_group.c.child_group_name, groups.c.group_name)
            joined = MEMBERSHIPS.outerjoin(child_group, below)
            own = select(code.label("group_code"), name.label("group_name")).select_from(joined).where(held)
        return [UserGroup.model_validate(dict(row)) for row in await self.all(own.order_by("group_code"))]

    async def exists(self, group_code: str) -> bool:
        """Whether there is such a group."""
        return bool(await self.scalar(select(exists().where(groups.c.group_code == group_code))))

    async def members(self, group_code: str) -> Sequence[Account]:
        """The external accounts in a group, by user name."""
        held = (user_group.c.group_code == group_code) & user_group.c.revoked_at.is_(None)
        joined = users.join(user_group, user_group.c.user_id == users.c.user_id)
        statement = select(users).select_from(joined).where(held & (users.c.source == "auth"))
        return [account_of(row) for row in await self.all(statement.order_by(users.c.username))]

    async def share_one(self, user_id: UUID, other: UUID) -> bool:
        """Whether two accounts are in one and the same group."""
        mine, theirs = user_group.alias(), user_group.alias()
        together = (mine.c.group_code == theirs.c.group_code) & (mine.c.user_id == user_id)
        open_both = mine.c.revoked_at.is_(None) & theirs.c.revoked_at.is_(None)
        return bool(await self.scalar(select(exists().where(together & open_both & (theirs.c.user_id == other)))))
