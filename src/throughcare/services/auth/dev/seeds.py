"""The demonstration accounts, their roles and their groups. Never in production."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID, uuid5

from throughcare.kit.context import Context
from throughcare.kit.db import UnitOfWork
from throughcare.seeding.accounts import ACCOUNTS, DEMO_CONTRACT, DEMO_PROVIDER, PASSWORD
from throughcare.seeding.accounts import Account as DemoAccount
from throughcare.services.auth.account.model import IMPLIED_ROLES, Account, Lock
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.group.store import GroupStore
from throughcare.services.auth.sign_in.model import passwords

NAMESPACE = UUID("6f1c8a3e-2f0b-5d0c-9f57-1f6f4a0f6f10")
BY = "SEED"
ROLES = {
    "CRS_PROVIDER": (
        "Refer and monitor caseworker",
        "Works on referrals for a service provider",
        ["EXT_ADM"],
    ),
    "QUEUE_ADMIN": ("Queue administrator", "Sees queues, retries and drops dead letters", ["DPS_ADM"]),
    "QUEUE_ADMIN__BODY": ("Queue bodies", "Sees what messages on queues say", ["DPS_ADM"]),
    "CONSOLE__RO": ("Console reader", "Sees the state of the system", ["DPS_ADM"]),
    "CONSOLE__CLOCK": ("Clock keeper", "Moves the clock of a system that is not live", ["DPS_ADM"]),
    "INTEGRATION__CONSUMERS__RW": ("Consumer keeper", "Registers and suspends outside bodies", ["DPS_ADM"]),
    "THROUGHCARE_SUPPORT": ("Support", "Finds out why something went wrong for somebody", ["DPS_ADM"]),
    "INTERVENTIONS_SERVICE_EDITOR": ("Service editor", "Reads what services are commissioned", ["DPS_ADM"]),
    "NOTIFY__INBOX": ("Inbox reader", "Reads the messages that were sent", ["DPS_ADM"]),
}
GROUPS = {
    f"INT_SP_{DEMO_PROVIDER}": "Achieve North West",
    f"INT_CR_{DEMO_CONTRACT}": "Education, training and employment in Greater Manchester",
}


class NotForProduction(RuntimeError):
    """Demonstration accounts have a password that everyone knows."""


async def seed(ctx: Context, _people: object, progress: Callable[[int], None]) -> None:
    """The accounts that ``throughcare up`` prints, added or brought up to date. Raises NotForProduction."""
    environment = ctx.runtime.topology.environment
    if environment not in {"dev", "test"}:
        raise NotForProduction(f"demonstration accounts are not made in the environment {environment}")
    keeper = passwords(environment)
    hashes = [await asyncio.to_thread(keeper.hash, PASSWORD) for _ in ACCOUNTS]
    async with ctx.uow as uow:
        for code, (name, description, kinds) in ROLES.items():
            await uow.store(AccountStore).put_role(
                {"role_code": code, "role_name": name, "role_description": description, "admin_type": kinds}
            )
        for group, title in GROUPS.items():
            await uow.store(GroupStore).put(group, title)
        for one, hashed in zip(ACCOUNTS, hashes, strict=True):
            await _put(uow, one, hashed)
    progress(len(ACCOUNTS))


async def _put(uow: UnitOfWork, one: DemoAccount, hashed: str) -> None:
    user_id = UUID(one.user_id) if one.source == "auth" else uuid5(NAMESPACE, f"{one.source}:{one.username}")
    account = Account(
        user_id=user_id,
        username=one.username,
        source=one.source,
        source_id=one.user_id,
        first_name=one.first_name,
        last_name=one.last_name,
        email=one.email,
        verified=True,
        enabled=True,
        inactive_reason=None,
        password=hashed,
        lock=Lock(),
        last_logged_in=None,
    )
    kept = await uow.store(AccountStore).put(account, uow.now)
    implied = IMPLIED_ROLES.get(one.source)
    for role in (role.removeprefix("ROLE_") for role in one.roles):
        if role != implied:
            await uow.store(AccountStore).grant_role(kept, role, by=BY, at=uow.now)
    for group in one.groups:
        await uow.store(GroupStore).join(kept, group, by=BY, at=uow.now)
