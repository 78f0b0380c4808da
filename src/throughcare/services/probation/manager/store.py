"""The managers of cases, now and before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    RowMapping,
    Select,
    Table,
    Text,
    insert,
    update,
)

from throughcare.kit.db import Store, schema
from throughcare.services.probation.manager.model import Manager, Managers, Role
from throughcare.services.probation.staff.model import Staff
from throughcare.services.probation.staff.store import STAFF_WITH_TEAM, staff, to_staff

manager = Table(
    "manager",
    schema("probation"),
    Column("id", BigInteger, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("team_code", Text, nullable=False),
    Column("allocated_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("responsible_officer", Boolean, nullable=False),
)


def current_managers(person_id: int) -> Select[tuple[object, ...]]:
    """The statement for the managers that a case has now."""
    return (
        STAFF_WITH_TEAM.add_columns(
            manager.c.id.label("manager__id"),
            manager.c.role,
            manager.c.allocated_at,
            manager.c.responsible_officer,
        )
        .join(manager, manager.c.staff_code == staff.c.code)
        .where(manager.c.person_id == person_id, manager.c.ended_at.is_(None))
    )


def to_managers(person_id: int, rows: list[RowMapping]) -> Managers:
    """The managers of a case from its rows."""
    by_role = {Role(row["role"]): _manager(row) for row in rows}
    return Managers(person_id, by_role[Role.COMMUNITY], by_role.get(Role.PRISON))


def _manager(row: RowMapping) -> Manager:
    return Manager(
        row["manager__id"], Role(row["role"]), to_staff(row), row["allocated_at"], row["responsible_officer"]
    )


class ManagerStore(Store):
    """Loads and writes the managers of a case. Writers hold the lock of its person."""

    async def get(self, person_id: int) -> Managers:
        """The managers of a case now."""
        return to_managers(person_id, list(await self.all(current_managers(person_id))))

    async def allocate(self, person_id: int, role: Role, to: Staff, *, at: datetime, responsible: bool) -> None:
        """Make ``to`` the manager in place of whoever it is now."""
        await self.end(person_id, role, at=at)
        if responsible:
            await self.make_responsible(person_id, role)
        await self.add(person_id, role, to, at=at, responsible=responsible)

    async def add(self, person_id: int, role: Role, to: Staff, *, at: datetime, responsible: bool) -> None:
        """Make ``to`` the first manager in this role."""
        values = {
            "person_id": person_id, "role": str(role), "staff_code": to.code, "team_code": to.team.code,
            "allocated_at": at, "responsible_officer": responsible,
        }  # fmt: skip
        await self.run(insert(manager).values(values))

    async def end(self, person_id: int, role: Role, *, at: datetime) -> None:
        """End the allocation in this role, if there is one."""
        await self.run(
            update(manager)
            .where(manager.c.person_id == person_id, manager.c.role == str(role), manager.c.ended_at.is_(None))
            .values(ended_at=at, responsible_officer=False)
        )

    async def make_responsible(self, person_id: int, role: Role) -> None:
        """Make the manager in this role the responsible officer, and the other one not."""
        mine = (manager.c.person_id == person_id, manager.c.ended_at.is_(None))
        await self.run(update(manager).where(*mine, manager.c.role != str(role)).values(responsible_officer=False))
        await self.run(update(manager).where(*mine, manager.c.role == str(role)).values(responsible_officer=True))
