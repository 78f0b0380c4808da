"""Recording supplementary risk."""

from __future__ import annotations

from datetime import datetime

from throughcare.kit.db import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.services.risks_and_needs.supplementary_risk.events import SupplementaryRiskCreated
from throughcare.services.risks_and_needs.supplementary_risk.model import (
    Content,
    SupplementaryRisk,
    check_created,
)
from throughcare.services.risks_and_needs.supplementary_risk.store import SupplementaryRiskStore


async def record_supplementary_risk(
    uow: UnitOfWork, content: Content, *, created_at: datetime, by: str, user_type: str
) -> tuple[SupplementaryRisk, bool]:
    """What the source has on record now, and whether this call recorded it. Raises CreatedInFuture."""
    check_created(created_at, uow.now)
    async with uow:
        store = uow.store(SupplementaryRiskStore)
        risk = SupplementaryRisk(new_id(), content, by, user_type, created_at)
        if not await store.add(risk, recorded_at=uow.now):
            return await store.get_by_source(content.source, content.source_id), False
        uow.publish(
            SupplementaryRiskCreated(
                supplementary_risk_id=risk.id,
                source=content.source,
                source_id=content.source_id,
                person=PersonReference.of(crn=content.crn),
                detail_path=f"/risks/supplementary/{risk.id}",
            )
        )
    return risk, True
