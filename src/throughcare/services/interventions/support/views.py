"""Referrals as support looks them up."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import RowMapping, Select, or_, select

from throughcare.kit.db.database import Views
from throughcare.services.interventions.actor.store import actor
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.referral.store import referral
from throughcare.services.interventions.refusal.model import NotThere
from throughcare.services.interventions.summary.store import referral_summary
from throughcare.services.interventions.support.schemas import Standing

MOST = 50
S = referral_summary.c


class SupportViews(Views):
    """What became of referrals, whoever's they are."""

    async def look_up(self, sought: str, catalogue: Catalogue) -> list[Standing]:
        """The referrals with this reference number or CRN, spaces and case apart, the newest first, at most 50."""
        wanted = "".join(sought.split()).upper()
        with_number = select(referral.c.id).where(referral.c.reference_number == wanted)
        found = _every().where(or_(S.crn == wanted, S.referral_id.in_(with_number)))
        rows = await self.all(found.order_by(S.sent_at.desc()).limit(MOST))
        return [_standing(row, catalogue) for row in rows]

    async def standing(self, referral_id: UUID, catalogue: Catalogue) -> Standing:
        """One referral. Raises NotThere."""
        row = await self.one_or_none(_every().where(S.referral_id == referral_id))
        if row is None:
            raise NotThere("REFERRAL_NOT_FOUND", "there is no such record")
        return _standing(row, catalogue)


def _every() -> Select[tuple[object, ...]]:
    return select(referral_summary, actor.c.user_name.label("sender")).join_from(
        referral_summary, actor, actor.c.id == S.sent_by
    )


def _standing(row: RowMapping, catalogue: Catalogue) -> Standing:
    intervention = catalogue.interventions[row["intervention_id"]]
    return Standing(
        id=row["referral_id"], reference_number=row["reference_number"], crn=row["crn"],
        intervention_title=intervention.title, contract_reference=intervention.contract.reference,
        service_provider=intervention.contract.prime.name, standing=row["standing"], sent_at=row["sent_at"],
        sent_by=row["sender"], assigned_to=row["assignee"], end_requested_at=row["end_requested_at"],
        concluded_at=row["concluded_at"],
    )  # fmt: skip
