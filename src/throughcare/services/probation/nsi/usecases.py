"""Opening and closing the NSI that mirrors a referral."""

from __future__ import annotations

from throughcare.kit.clock import london
from throughcare.kit.db import UnitOfWork
from throughcare.services.probation.contact.model import Kind
from throughcare.services.probation.contact.store import ContactStore
from throughcare.services.probation.conviction.store import ConvictionStore
from throughcare.services.probation.nsi.model import Ending, Nsi, Start, Status
from throughcare.services.probation.nsi.store import NsiStore
from throughcare.services.probation.person.store import PersonStore


async def start_referral(uow: UnitOfWork, crn: str, start: Start) -> Nsi:
    """The NSI for a referral that was sent, made when there is none; repeating it refreshes notes and start.

    Raises CaseNotFound, ConvictionNotFound, ContractTypeUnknown, ReferralElsewhere.
    """
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        store = uow.store(NsiStore)
        existing = await store.find(person.id, start.referral_id)
        if existing is not None:
            refreshed = existing.refreshed(start)
            if refreshed != existing:
                await store.save(refreshed, existing)
            return refreshed
        convictions = uow.store(ConvictionStore)
        conviction = await convictions.get(person.id, start.sentence_id)
        requirement = await convictions.find_rar(conviction.id)
        new = Nsi.of(start, person_id=person.id, requirement_id=requirement.id if requirement else None)
        nsi = await store.add(new)
        await uow.store(ContactStore).add_all(nsi.opening_contacts())
    return nsi


async def end_referral(uow: UnitOfWork, crn: str, ending: Ending) -> Nsi:
    """The NSI of a referral that is over, its later appointments withdrawn; a repeat adds what is missing.

    Raises CaseNotFound, ReferralNotFound.
    """
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        store, contacts = uow.store(NsiStore), uow.store(ContactStore)
        before = await store.get(person.id, ending.referral_id)
        nsi = before.ended(ending)
        await store.save(nsi, before)
        if before.status is not Status.COMPLETED and await contacts.withdraw_after(nsi.id, ending.ended_at):
            await count_rar_days(uow, nsi)
        owed = nsi.closing_contacts(before)
        at = ending.report_submitted_at
        if at is not None and not await contacts.noted(nsi.id, london(at).date(), ending.report_heading):
            owed.append(nsi.contact(Kind.NOTIFICATION, at, ending.report_notes))
        await contacts.add_all(owed)
    return nsi


async def count_rar_days(uow: UnitOfWork, nsi: Nsi) -> None:
    """Count the days of rehabilitation activity anew for the requirement of an NSI, if it has one."""
    if nsi.requirement_id is None:
        return
    counted = await uow.store(NsiStore).with_requirement(nsi.requirement_id)
    days = await uow.store(ContactStore).count_rar_days(counted)
    await uow.store(ConvictionStore).count_rar(nsi.requirement_id, days)
