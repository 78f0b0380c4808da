"""Staff and teams."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, RowMapping, Select, Table, Text, func, insert, select

from throughcare.kit.db import Store, schema
from throughcare.services.probation.reference.model import DEFAULT_TEAM, office_locations
from throughcare.services.probation.staff.model import NewStaff, Staff, Team, normal

team = Table(
    "team",
    schema("probation"),
    Column("code", Text, primary_key=True),
    Column("description", Text, nullable=False),
    Column("email", Text),
    Column("telephone_number", Text),
    Column("pdu_code", Text, nullable=False),
    Column("pdu_description", Text, nullable=False),
    Column("provider_code", Text, nullable=False),
)
staff = Table(
    "staff",
    schema("probation"),
    Column("code", Text, primary_key=True),
    Column("username", Text),
    Column("user_id", BigInteger),
    Column("forename", Text, nullable=False),
    Column("surname", Text, nullable=False),
    Column("email", Text),
    Column("telephone_number", Text),
    Column("team_code", Text, nullable=False),
)
team_office = Table(
    "team_office",
    schema("probation"),
    Column("team_code", Text, primary_key=True),
    Column("location_code", Text, primary_key=True),
)
OFFICES = (
    select(func.array_agg(team_office.c.location_code))
    .where(team_office.c.team_code == team.c.code)
    .scalar_subquery()
    .label("office_codes")
)
STAFF_WITH_TEAM = select(
    staff,
    *(column.label(f"team__{column.name}") for column in team.c),
    OFFICES,
).join(team, team.c.code == staff.c.team_code)
NEXT_CODE = func.nextval("probation.staff_number")


def to_staff(row: RowMapping) -> Staff:
    """The member of staff that a row of ``STAFF_WITH_TEAM`` holds."""
    offices = tuple(office_locations()[code] for code in sorted(row["office_codes"] or ()))
    own_team = Team(**{column.name: row[f"team__{column.name}"] for column in team.c}, offices=offices)
    known = {column.name: row[column.name] for column in staff.c if column.name != "team_code"}
    return Staff(**known, team=own_team)


def by_username(username: str) -> Select[tuple[object, ...]]:
    """The statement for the member of staff with a user name, or with a numeric user id."""
    if username.isdecimal() and len(username) < 19:
        return STAFF_WITH_TEAM.where(staff.c.user_id == int(username))
    return STAFF_WITH_TEAM.where(staff.c.username == normal(username))


class StaffStore(Store):
    """Loads and writes staff."""

    async def find(self, username: str) -> Staff | None:
        """The member of staff with this user name or numeric user id, or None."""
        row = await self.one_or_none(by_username(username))
        return to_staff(row) if row else None

    async def get_by_code(self, code: str) -> Staff:
        """The member of staff with a code that is known to be there."""
        row = await self.one_or_none(STAFF_WITH_TEAM.where(staff.c.code == code))
        assert row is not None, code
        return to_staff(row)

    async def add(self, new: NewStaff) -> Staff:
        """The user as a member of staff of the default team; who is there already stays as they are."""
        await self.connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(normal(new.username)))))
        found = await self.find(new.username)
        if found is not None:
            return found
        code = f"{DEFAULT_TEAM[:3]}A{await self.count(select(NEXT_CODE)):03}"
        values = {
            "code": code, "username": normal(new.username), "user_id": new.user_id, "forename": new.forename,
            "surname": new.surname, "email": new.email, "team_code": DEFAULT_TEAM,
        }  # fmt: skip
        await self.run(insert(staff).values(values))
        return await self.get_by_code(code)
