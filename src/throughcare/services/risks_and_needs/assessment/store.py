"""Assessments."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Integer, RowMapping, Table, Text
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema
from throughcare.services.risks_and_needs.assessment.model import Assessment, AssessmentExists
from throughcare.services.risks_and_needs.reference.model import Layer, Status

assessment = Table(
    "assessment",
    schema("risks_and_needs"),
    Column("id", BigInteger, primary_key=True),
    Column("crn", Text, nullable=False),
    Column("noms_number", Text),
    Column("layer", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("initiated_at", DateTime(timezone=True), nullable=False),
    Column("completed_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False),
)


def to_assessment(row: RowMapping) -> Assessment:
    """The assessment that a row of ``assessment`` holds."""
    return Assessment(
        crn=row["crn"], noms_number=row["noms_number"], layer=Layer(row["layer"]), status=Status(row["status"]),
        initiated_at=row["initiated_at"], completed_at=row["completed_at"], version=row["version"], id=row["id"],
    )  # fmt: skip


def assessment_row(one: Assessment) -> dict[str, object]:
    """The values of an assessment apart from its id."""
    return {
        "crn": one.crn, "noms_number": one.noms_number, "layer": str(one.layer), "status": str(one.status),
        "initiated_at": one.initiated_at, "completed_at": one.completed_at, "version": one.version,
    }  # fmt: skip


class AssessmentStore(Store):
    """Writes assessments."""

    async def add(self, one: Assessment) -> Assessment:
        """Store a new assessment. Raises AssessmentExists."""
        adding = insert(assessment).values(assessment_row(one))
        row = await self.one_or_none(adding.on_conflict_do_nothing().returning(assessment))
        if row is None:
            raise AssessmentExists
        return to_assessment(row)
