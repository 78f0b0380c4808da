"""Reads referrals for accommodation."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import RowMapping, select

from throughcare.kit.db.database import Views
from throughcare.services.interventions.accommodation.schemas import AccommodationProviders, SasReferral
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.actor.store import named
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.catalogue.schemas import ServiceProvider
from throughcare.services.interventions.progress.model import Closing
from throughcare.services.interventions.referral.store import referral, referral_service_category
from throughcare.services.interventions.report.store import end_of_service_report

CATEGORY = "Accommodation"


class AccommodationViews(Views):
    """Referrals with the category for accommodation."""

    async def of_person(self, crn: str, catalogue: Catalogue) -> list[SasReferral]:
        """A person's sent referrals for accommodation, oldest first."""
        categories = [one.id for one in catalogue.categories.values() if one.name == CATEGORY]
        sent, chosen, report = referral.c, referral_service_category.c, end_of_service_report.c
        joined = referral.outerjoin(end_of_service_report, report.referral_id == sent.id)
        for_accommodation = select(chosen.referral_id).where(chosen.service_category_id.in_(categories))
        statement = (
            select(referral, report.id.label("report_id"))
            .select_from(joined)
            .where(sent.crn == crn, sent.id.in_(for_accommodation))
            .order_by(sent.sent_at, sent.id)
        )
        rows = await self.all(statement)
        actors = await named(self, {row["sent_by"] for row in rows})
        return [_shown(row, catalogue, actors) for row in rows]


def _shown(row: RowMapping, catalogue: Catalogue, actors: dict[UUID, Actor]) -> SasReferral:
    closing = Closing(
        concluded_at=row["concluded_at"], end_requested_at=row["end_requested_at"],
        has_report=row["report_id"] is not None, withdrawal_code=row["withdrawal_code"],
        withdrawal_comments=row["withdrawal_comments"],
    )  # fmt: skip
    contract = catalogue.interventions[row["intervention_id"]].contract
    providers = [ServiceProvider.model_validate(one) for one in (contract.prime, *contract.subcontractors)]
    return SasReferral(
        status=closing.service_access_status, sent_at=row["sent_at"], sent_by=AuthUser.of(actors[row["sent_by"]]),
        referral=AccommodationProviders(created_at=row["created_at"], service_providers=providers),
    )  # fmt: skip
