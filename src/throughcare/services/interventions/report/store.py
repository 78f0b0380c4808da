"""Where end of service reports are kept."""

from __future__ import annotations

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
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.report.model import Outcome, Report, no_report

SCHEMA = schema("interventions")
MOMENT = DateTime(timezone=True)

end_of_service_report = Table(
    "end_of_service_report",
    SCHEMA,
    Column("id", Uuid, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("submitted_at", MOMENT),
    Column("submitted_by", Uuid),
    Column("further_information", Text),
    Column("version", Integer, nullable=False),
)
end_of_service_report_outcome = Table(
    "end_of_service_report_outcome",
    SCHEMA,
    Column("end_of_service_report_id", Uuid, primary_key=True),
    Column("desired_outcome_id", Uuid, primary_key=True),
    Column("achievement_level", Text, nullable=False),
    Column("progression_comments", Text),
    Column("additional_task_comments", Text),
)


class ReportStore(Store):
    """End of service reports with their outcomes."""

    async def get(self, report_id: UUID) -> Report:
        """The report. Raises NotThere."""
        found = await self._find(end_of_service_report.c.id == report_id)
        if found is None:
            raise no_report()
        return found

    async def find_of_referral(self, referral_id: UUID) -> Report | None:
        """The report on a referral, or None."""
        return await self._find(end_of_service_report.c.referral_id == referral_id)

    async def add(self, report: Report) -> None:
        """Keep a new report."""
        await self.run(insert(end_of_service_report).values(**_values(report)))

    async def save(self, report: Report) -> Report:
        """Keep changes; the report must still be at ``report.version``. Raises StaleVersion."""
        table = end_of_service_report
        here = (table.c.id == report.id) & (table.c.version == report.version)
        values = {**_values(report), "version": report.version + 1}
        if not await self.run(update(table).where(here).values(**values)):
            raise StaleVersion
        new = upsert(end_of_service_report_outcome)
        texts = ("achievement_level", "progression_comments", "additional_task_comments")
        merge = new.on_conflict_do_update(
            index_elements=["end_of_service_report_id", "desired_outcome_id"],
            set_={name: new.excluded[name] for name in texts},
        )
        rows = [{**vars(one), "end_of_service_report_id": report.id} for one in report.outcomes.values()]
        await self.run(merge, rows)
        return await self.get(report.id)

    async def _find(self, condition: ColumnElement[bool]) -> Report | None:
        row = await self.one_or_none(select(end_of_service_report).where(condition))
        if row is None:
            return None
        table = end_of_service_report_outcome
        mine = select(table).where(table.c.end_of_service_report_id == row["id"]).order_by(table.c.desired_outcome_id)
        outcomes = [
            Outcome(
                one["desired_outcome_id"], one["achievement_level"], one["progression_comments"],
                one["additional_task_comments"],
            )
            for one in await self.all(mine)
        ]  # fmt: skip
        return _report(row, outcomes)


def _values(report: Report) -> dict[str, object]:
    submitted = report.submitted
    return {
        "id": report.id, "referral_id": report.referral_id, "created_at": report.created.at,
        "created_by": report.created.by, "submitted_at": submitted.at if submitted else None,
        "submitted_by": submitted.by if submitted else None,
        "further_information": report.further_information,
        "version": report.version,
    }  # fmt: skip


def _report(row: RowMapping, outcomes: list[Outcome]) -> Report:
    submitted = Mark(row["submitted_at"], row["submitted_by"]) if row["submitted_at"] else None
    return Report(
        row["id"], row["referral_id"], Mark(row["created_at"], row["created_by"]), submitted,
        row["further_information"], {one.desired_outcome_id: one for one in outcomes}, row["version"],
    )  # fmt: skip
