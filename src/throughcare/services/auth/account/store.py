"""Accounts and their roles in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Integer,
    RowMapping,
    Table,
    Text,
    Uuid,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, distinct_on, insert

from throughcare.kit.db import Store, schema
from throughcare.kit.ids import new_id
from throughcare.services.auth.account.model import SOURCES, Account, Lock

users = Table(
    "users",
    schema("auth"),
    Column("user_id", Uuid, primary_key=True),
    Column("username", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("email", Text),
    Column("verified", Boolean, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("inactive_reason", Text),
    Column("password", Text),
    Column("failures", Integer, nullable=False),
    Column("retry_after", DateTime(timezone=True)),
    Column("locked_until", DateTime(timezone=True)),
    Column("last_logged_in", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
roles = Table(
    "roles",
    schema("auth"),
    Column("role_code", Text, primary_key=True),
    Column("role_name", Text, nullable=False),
    Column("role_description", Text, nullable=False),
    Column("admin_type", JSONB, nullable=False),
    Column("hidden_date", DateTime(timezone=True)),
)
user_role = Table(
    "user_role",
    schema("auth"),
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("role_code", Text, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
)

BY_SOURCE = case({source: place for place, source in enumerate(SOURCES)}, value=users.c.source)


def account_of(row: RowMapping) -> Account:
    """The account in a row of ``users``."""
    return Account(
        user_id=row["user_id"],
        username=row["username"],
        source=row["source"],
        source_id=row["source_id"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        email=row["email"],
        verified=row["verified"],
        enabled=row["enabled"],
        inactive_reason=row["inactive_reason"],
        password=row["password"],
        lock=Lock(row["failures"], row["retry_after"], row["locked_until"]),
        last_logged_in=row["last_logged_in"],
    )


class AccountStore(Store):
    """Accounts by id, user name and source, or whatever was typed at sign-in."""

    async def find(self, user_id: UUID, *, lock: bool = False) -> Account | None:
        """The account, or None; with ``lock`` nobody else changes it before this transaction ends."""
        statement = select(users).where(users.c.user_id == user_id)
        row = await self.one_or_none(statement.with_for_update() if lock else statement)
        return None if row is None else account_of(row)

    async def find_named(self, username: str, source: str | None = None) -> Account | None:
        """The account with this user name: in ``source``, or in the first source that has one."""
        statement = select(users).where(users.c.username == username).order_by(BY_SOURCE).limit(1)
        row = await self.first(statement if source is None else statement.where(users.c.source == source))
        return None if row is None else account_of(row)

    async def named_any(self, usernames: Sequence[str]) -> Sequence[Account]:
        """Of each of these user names that has an account, that in the first source which has one."""
        meant = select(users).where(users.c.username.in_(usernames)).ext(distinct_on(users.c.username))
        return [account_of(row) for row in await self.all(meant.order_by(users.c.username, BY_SOURCE))]

    async def answering_to(self, typed: str) -> Sequence[Account]:
        """The accounts that a person may mean: by user name, or by verified e-mail address."""
        verified = (func.lower(users.c.email) == typed.lower()) & users.c.verified
        meant = select(users).where(or_(users.c.username == typed.upper(), verified))
        statement = meant.order_by(BY_SOURCE, users.c.user_id)
        return [account_of(row) for row in await self.all(statement)]

    async def role_codes(self, user_id: UUID) -> tuple[str, ...]:
        """The roles granted to the account, without the prefix, in alphabetical order."""
        held = (user_role.c.user_id == user_id) & user_role.c.revoked_at.is_(None)
        rows = await self.all(select(user_role.c.role_code).where(held).order_by(user_role.c.role_code))
        return tuple(row["role_code"] for row in rows)

    async def save_lock(self, user_id: UUID, lock: Lock) -> None:
        """Keep how often sign-in failed."""
        values = {
            "failures": lock.failures,
            "retry_after": lock.retry_after,
            "locked_until": lock.locked_until,
        }
        await self.run(update(users).where(users.c.user_id == user_id).values(values))

    async def save_sign_in(self, user_id: UUID, at: datetime, password: str) -> None:
        """Keep that the account signed in, and its password's hash as it is now."""
        values: dict[str, object] = {"last_logged_in": at, "password": password, "failures": 0}
        values |= {"retry_after": None, "locked_until": None}
        await self.run(update(users).where(users.c.user_id == user_id).values(values))

    async def save_enabled(self, user_id: UUID, *, enabled: bool, reason: str | None) -> None:
        """Open or shut the account, with the reason for shutting it."""
        values = {"enabled": enabled, "inactive_reason": reason}
        await self.run(update(users).where(users.c.user_id == user_id).values(values))

    async def put(self, account: Account, at: datetime) -> UUID:
        """Add the account, or bring the one of the same source and user name up to date; its id."""
        values = {
            "user_id": account.user_id,
            "username": account.username,
            "source": account.source,
            "source_id": account.source_id,
            "email": account.email,
            "verified": account.verified,
            "first_name": account.first_name,
            "last_name": account.last_name,
            "enabled": account.enabled,
            "inactive_reason": account.inactive_reason,
            "password": account.password,
            "failures": 0,
            "created_at": at,
        }
        statement = insert(users).values(values)
        changes = {name: statement.excluded[name] for name in values if name not in {"user_id", "created_at"}}
        upsert = statement.on_conflict_do_update(index_elements=["source", "username"], set_=changes)
        row = (await self.connection.execute(upsert.returning(users.c.user_id))).scalar_one()
        return UUID(str(row))

    async def put_role(self, role: Mapping[str, object]) -> None:
        """Add a role that can be granted, or bring its name and description up to date."""
        statement = insert(roles).values(role)
        changes = {name: statement.excluded[name] for name in role if name != "role_code"}
        await self.run(statement.on_conflict_do_update(index_elements=["role_code"], set_=changes))

    async def grant_role(self, user_id: UUID, role_code: str, *, by: str, at: datetime) -> None:
        """Give the account a role; nothing changes when it holds it already."""
        values = {
            "id": new_id(),
            "user_id": user_id,
            "role_code": role_code,
            "granted_by": by,
            "granted_at": at,
        }
        await self.run(insert(user_role).values(values).on_conflict_do_nothing())
