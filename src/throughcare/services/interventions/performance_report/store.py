"""Where requests for performance reports are kept, until the reports have been there long enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    RowMapping,
    Table,
    Text,
    Uuid,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from throughcare.kit.db.database import Store, schema
from throughcare.services.interventions.performance_report.model import PerformanceReport, no_performance_report
from throughcare.services.interventions.reporting.model import Place

MOMENT = DateTime(timezone=True)

performance_report = Table(
    "performance_report",
    schema("interventions"),
    Column("id", Uuid, primary_key=True),
    Column("file", Text, nullable=False),
    Column("requested_at", MOMENT, nullable=False),
    Column("requested_by", Uuid, nullable=False),
    Column("from_date", Date, nullable=False),
    Column("to_date", Date, nullable=False),
    Column("interventions", JSONB, nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("last_sent_at", MOMENT),
    Column("last_referral_id", Uuid),
    Column("attempts", Integer, nullable=False),
    Column("not_before", MOMENT, nullable=False),
    Column("finished_at", MOMENT),
    Column("failed_at", MOMENT),
)
REPORT = performance_report.c
OPEN = REPORT.finished_at.is_(None) & REPORT.failed_at.is_(None)


class PerformanceReportStore(Store):
    """Requests for reports, and how far they have come."""

    async def get(self, report_id: UUID) -> PerformanceReport:
        """The report. Raises NotThere."""
        return await self._only(REPORT.id == report_id)

    async def get_of(self, person: UUID, report_id: UUID) -> PerformanceReport:
        """A report that this person asked for. Raises NotThere."""
        return await self._only((REPORT.id == report_id) & (REPORT.requested_by == person))

    async def get_file_of(self, person: UUID, file: str) -> PerformanceReport:
        """The finished report with this file name that this person asked for. Raises NotThere."""
        finished = REPORT.finished_at.is_not(None)
        return await self._only((REPORT.file == file) & (REPORT.requested_by == person) & finished)

    async def list_of(self, person: UUID) -> list[PerformanceReport]:
        """The reports that a person asked for, newest first."""
        mine = select(performance_report).where(REPORT.requested_by == person)
        return [_report(row) for row in await self.all(mine.order_by(REPORT.requested_at.desc(), REPORT.id.desc()))]

    async def add(self, report: PerformanceReport) -> None:
        """Keep a new request."""
        values = {**vars(report), "interventions": [str(one) for one in report.interventions]}
        await self.run(insert(performance_report).values(**values, attempts=0, not_before=func.now()))

    async def take(self) -> tuple[PerformanceReport, Place | None] | None:
        """The oldest request that can be worked on, ours until this transaction ends, and where it stands."""
        due = select(performance_report).where(OPEN, REPORT.not_before <= func.now())
        row = await self.first(due.order_by(REPORT.requested_at, REPORT.id).limit(1).with_for_update(skip_locked=True))
        if row is None:
            return None
        last = row["last_sent_at"]
        return _report(row), None if last is None else Place(last, row["last_referral_id"])

    async def advance(self, report: PerformanceReport, last: Place | None) -> None:
        """Keep how far a report has come."""
        values: dict[str, object] = {
            "done": report.done, "parts": report.parts, "finished_at": report.finished_at, "attempts": 0,
        }  # fmt: skip
        if last is not None:
            values |= {"last_sent_at": last.sent_at, "last_referral_id": last.referral_id}
        await self.run(update(performance_report).where(REPORT.id == report.id).values(**values))

    async def put_off(self, report_id: UUID, seconds: int) -> int:
        """Note that work on a report failed, to be tried again later; how often it has failed in a row."""
        later = func.now() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
        change = update(performance_report).where(REPORT.id == report_id, OPEN)
        statement = change.values(attempts=REPORT.attempts + 1, not_before=later).returning(REPORT.attempts)
        return await self.count(statement)

    async def give_up(self, report_id: UUID, at: datetime) -> None:
        """Note that a report will not be written."""
        await self.run(update(performance_report).where(REPORT.id == report_id).values(failed_at=at))

    async def remove_older_than(self, moment: datetime) -> Sequence[UUID]:
        """Delete the requests that ended before; their ids."""
        over = or_(REPORT.finished_at < moment, REPORT.failed_at < moment)
        return [row["id"] for row in await self.all(delete(performance_report).where(over).returning(REPORT.id))]

    async def _only(self, condition: ColumnElement[bool]) -> PerformanceReport:
        row = await self.one_or_none(select(performance_report).where(condition))
        if row is None:
            raise no_performance_report()
        return _report(row)


def _report(row: RowMapping) -> PerformanceReport:
    return PerformanceReport(
        row["id"], row["file"], row["requested_at"], row["requested_by"], row["from_date"], row["to_date"],
        [UUID(one) for one in row["interventions"]], row["total"], row["done"], row["parts"], row["finished_at"],
        row["failed_at"],
    )  # fmt: skip
