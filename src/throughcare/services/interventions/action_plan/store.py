"""Where action plans are kept."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Integer,
    RowMapping,
    Table,
    Text,
    Uuid,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from throughcare.kit.db.database import Store, schema
from throughcare.kit.db.unit_of_work import StaleVersion
from throughcare.services.interventions.action_plan.model import ActionPlan, Activity, no_plan
from throughcare.services.interventions.appointment.model import Mark

SCHEMA = schema("interventions")
MOMENT = DateTime(timezone=True)

action_plan = Table(
    "action_plan",
    SCHEMA,
    Column("id", Uuid, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
    Column("number_of_sessions", Integer),
    Column("created_at", MOMENT, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("submitted_at", MOMENT),
    Column("submitted_by", Uuid),
    Column("approved_at", MOMENT),
    Column("approved_by", Uuid),
    Column("version", Integer, nullable=False),
)
action_plan_activity = Table(
    "action_plan_activity",
    SCHEMA,
    Column("id", Uuid, primary_key=True),
    Column("action_plan_id", Uuid, nullable=False),
    Column("description", Text, nullable=False),
    Column("created_at", MOMENT, nullable=False),
)


class ActionPlanStore(Store):
    """Action plans with their activities."""

    async def get(self, plan_id: UUID) -> ActionPlan:
        """The plan. Raises NotThere."""
        found = await self._find(action_plan.c.id == plan_id)
        if not found:
            raise no_plan()
        return found[0]

    async def of_referral(self, referral_id: UUID) -> list[ActionPlan]:
        """Every plan of a referral, oldest first."""
        return await self._find(action_plan.c.referral_id == referral_id)

    async def outlines(self, referral_id: UUID) -> list[ActionPlan]:
        """Every plan of a referral without its activities, oldest first."""
        table = action_plan
        mine = select(table).where(table.c.referral_id == referral_id).order_by(table.c.created_at, table.c.id)
        return [_plan(row, ()) for row in await self.all(mine)]

    async def add(self, plan: ActionPlan) -> None:
        """Keep a new plan."""
        await self.run(insert(action_plan).values(**_values(plan)))
        await self._put_activities(plan)

    async def save(self, plan: ActionPlan) -> ActionPlan:
        """Keep changes; the plan must still be at ``plan.version``. Raises StaleVersion."""
        here = (action_plan.c.id == plan.id) & (action_plan.c.version == plan.version)
        values = {**_values(plan), "version": plan.version + 1}
        if not await self.run(update(action_plan).where(here).values(**values)):
            raise StaleVersion
        await self._put_activities(plan)
        return await self.get(plan.id)

    async def _put_activities(self, plan: ActionPlan) -> None:
        new = upsert(action_plan_activity)
        merge = new.on_conflict_do_update(index_elements=["id"], set_={"description": new.excluded.description})
        await self.run(merge, [{**vars(one), "action_plan_id": plan.id} for one in plan.activities])

    async def _find(self, condition: ColumnElement[bool]) -> list[ActionPlan]:
        table, activity = action_plan, action_plan_activity
        rows = await self.all(select(table).where(condition).order_by(table.c.created_at, table.c.id))
        if not rows:
            return []
        wanted = activity.c.action_plan_id.in_([row["id"] for row in rows])
        held: dict[UUID, list[Activity]] = defaultdict(list)
        for row in await self.all(select(activity).where(wanted).order_by(activity.c.created_at, activity.c.id)):
            held[row["action_plan_id"]].append(Activity(row["id"], row["description"], row["created_at"]))
        return [_plan(row, tuple(held[row["id"]])) for row in rows]


def _values(plan: ActionPlan) -> dict[str, object]:
    submitted, approved = plan.submitted, plan.approved
    return {
        "id": plan.id, "referral_id": plan.referral_id, "number_of_sessions": plan.number_of_sessions,
        "created_at": plan.created.at, "created_by": plan.created.by,
        "submitted_at": submitted.at if submitted else None,
        "submitted_by": submitted.by if submitted else None,
        "approved_at": approved.at if approved else None, "approved_by": approved.by if approved else None,
        "version": plan.version,
    }  # fmt: skip


def _mark(row: RowMapping, name: str) -> Mark | None:
    return None if row[f"{name}_at"] is None else Mark(row[f"{name}_at"], row[f"{name}_by"])


def _plan(row: RowMapping, activities: tuple[Activity, ...]) -> ActionPlan:
    return ActionPlan(
        row["id"], row["referral_id"], Mark(row["created_at"], row["created_by"]), row["number_of_sessions"],
        activities, _mark(row, "submitted"), _mark(row, "approved"), row["version"],
    )  # fmt: skip
