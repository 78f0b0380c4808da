"""Notes about action plans."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.kit.clock import london
from throughcare.kit.db import UnitOfWork
from throughcare.services.probation.contact.model import Kind
from throughcare.services.probation.contact.store import ContactStore
from throughcare.services.probation.nsi.store import NsiStore
from throughcare.services.probation.person.store import PersonStore


async def note_action_plan(
    uow: UnitOfWork, crn: str, referral_id: UUID, *, heading: str, text: str, at: datetime
) -> bool:
    """Note what happened to an action plan, once a day under one heading; whether this was the first.

    Raises CaseNotFound, ReferralNotFound.
    """
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        nsi = await uow.store(NsiStore).get(person.id, referral_id)
        contacts = uow.store(ContactStore)
        if await contacts.noted(nsi.id, london(at).date(), heading):
            return False
        await contacts.add(nsi.contact(Kind.NOTIFICATION, at, f"{heading}: {text}"))
    return True
