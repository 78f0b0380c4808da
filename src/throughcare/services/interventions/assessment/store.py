"""Where supplier assessments are kept."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, ColumnElement, Integer, Table, Uuid, insert, select, update

from throughcare.kit.db.database import Store, schema
from throughcare.kit.db.unit_of_work import StaleVersion
from throughcare.services.interventions.appointment.store import AppointmentStore
from throughcare.services.interventions.assessment.model import SupplierAssessment, no_assessment

supplier_assessment = Table(
    "supplier_assessment",
    schema("interventions"),
    Column("id", Uuid, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
)


class AssessmentStore(Store):
    """Supplier assessments with their appointments."""

    async def get(self, assessment_id: UUID) -> SupplierAssessment:
        """The assessment. Raises NotThere."""
        return self._found(await self._find(supplier_assessment.c.id == assessment_id))

    async def of_referral(self, referral_id: UUID) -> SupplierAssessment:
        """The assessment of a referral. Raises NotThere."""
        return self._found(await self.find_of_referral(referral_id))

    async def find_of_referral(self, referral_id: UUID) -> SupplierAssessment | None:
        """The assessment of a referral, or None."""
        return await self._find(supplier_assessment.c.referral_id == referral_id)

    async def add(self, new: SupplierAssessment) -> None:
        """Keep a new assessment."""
        values = {"id": new.id, "referral_id": new.referral_id, "version": new.version}
        await self.run(insert(supplier_assessment).values(**values))

    async def advance(self, assessment: SupplierAssessment) -> None:
        """Note a booking; the assessment must still be at its version. Raises StaleVersion."""
        table = supplier_assessment
        here = (table.c.id == assessment.id) & (table.c.version == assessment.version)
        if not await self.run(update(table).where(here).values(version=assessment.version + 1)):
            raise StaleVersion

    async def _find(self, condition: ColumnElement[bool]) -> SupplierAssessment | None:
        row = await self.one_or_none(select(supplier_assessment).where(condition))
        if row is None:
            return None
        appointments = await AppointmentStore(self.connection).of_assessment(row["id"])
        return SupplierAssessment(row["id"], row["referral_id"], appointments, row["version"])

    @staticmethod
    def _found(assessment: SupplierAssessment | None) -> SupplierAssessment:
        if assessment is None:
            raise no_assessment()
        return assessment
