"""Limiting access to a case."""

from __future__ import annotations

from throughcare.kit.db import UnitOfWork
from throughcare.services.probation.access.events import ExclusionUpdated, RestrictionUpdated
from throughcare.services.probation.access.model import Limitations
from throughcare.services.probation.access.store import LimitationStore
from throughcare.services.probation.person.store import PersonStore


async def limit_access(uow: UnitOfWork, crn: str, limits: Limitations) -> Limitations:
    """Replace the exclusions and restrictions of a case; what they are now. Raises CaseNotFound."""
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        store = uow.store(LimitationStore)
        before = await store.get(person.id)
        await store.save(person.id, limits)
        if (before.excluded, before.exclusion_message) != (limits.excluded, limits.exclusion_message):
            uow.publish(ExclusionUpdated(crn=crn, person=person.reference))
        if (before.restricted_to, before.restriction_message) != (
            limits.restricted_to,
            limits.restriction_message,
        ):
            uow.publish(RestrictionUpdated(crn=crn, person=person.reference))
    return limits
