"""Booking appointments and recording what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from throughcare.kit.clock import london
from throughcare.kit.db import UnitOfWork
from throughcare.services.probation.appointment.model import (
    ENFORCEMENT_ACTION,
    RESPONSE_DAYS,
    AppointmentClash,
    AppointmentNotFound,
    Booking,
    Feedback,
    reference_of,
)
from throughcare.services.probation.contact.model import Contact, Kind
from throughcare.services.probation.contact.store import ContactStore
from throughcare.services.probation.conviction.store import ConvictionStore
from throughcare.services.probation.nsi.model import Nsi
from throughcare.services.probation.nsi.store import NsiStore
from throughcare.services.probation.nsi.usecases import count_rar_days
from throughcare.services.probation.person.store import PersonStore


async def book_appointment(uow: UnitOfWork, crn: str, booking: Booking) -> int:
    """The contact id of an appointment: new, replaced when its time changed, or the one it had.

    Raises CaseNotFound, ReferralNotFound, AppointmentInPast, AppointmentSpansDays, OfficeLocationUnknown,
    OutcomeUnclear, AppointmentClash, ReferenceTaken.
    """
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        nsi = await uow.store(NsiStore).get(person.id, booking.referral_id)
        booking.check()
        contact = await _place(uow.store(ContactStore), booking, nsi, uow.now)
        if booking.feedback is not None:
            await _give_outcome(uow, contact, booking.feedback, nsi)
    return contact.id


async def record_feedback(
    uow: UnitOfWork, crn: str, referral_id: UUID, given: Sequence[tuple[UUID, Feedback]], *,
    delius_id: int | None, notes: str,
) -> int:  # fmt: skip
    """The contact id of the appointment that got an outcome: that with ``delius_id``, else the last given.

    Raises CaseNotFound, ReferralNotFound, AppointmentNotFound, OutcomeUnclear.
    """
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        nsi = await uow.store(NsiStore).get(person.id, referral_id)
        contacts = uow.store(ContactStore)
        named = await contacts.find_appointment(nsi.id, contact_id=delius_id)
        by_reference = {reference_of(one): feedback for one, feedback in given}
        chosen = named.external_reference if named else None
        if chosen is None or chosen not in by_reference:
            chosen = list(by_reference)[-1]
        contact = await contacts.find_appointment(nsi.id, reference=chosen) or named
        if contact is None:
            raise AppointmentNotFound
        await _give_outcome(uow, contact.with_notes(notes), by_reference[chosen], nsi)
    return contact.id


async def _place(contacts: ContactStore, booking: Booking, nsi: Nsi, now: datetime) -> Contact:
    known = await _known(contacts, booking, nsi)
    if known is not None and booking.keeps_time_of(known):
        moved = booking.moved(known)
        await contacts.save(moved)
        return moved
    booking.check_start(now)
    besides = [known.id] if known else []
    if booking.start > now and await contacts.clashes(nsi.person_id, booking.start, booking.end, besides=besides):
        raise AppointmentClash
    if known is not None:
        await contacts.save(booking.replaced(known))
    new = booking.contact(nsi)
    return replace(new, id=await contacts.add(new))


async def _known(contacts: ContactStore, booking: Booking, nsi: Nsi) -> Contact | None:
    """The appointment itself, else the one that it takes the place of, unless that has an outcome already."""
    same = await contacts.find_appointment(nsi.id, reference=booking.reference)
    if same is not None:
        return same
    previous = reference_of(booking.previous_id) if booking.previous_id else None
    earlier = await contacts.find_appointment(nsi.id, reference=previous, contact_id=booking.delius_id)
    return earlier if earlier is not None and earlier.outcome_code is None else None


async def _give_outcome(uow: UnitOfWork, contact: Contact, feedback: Feedback, nsi: Nsi) -> None:
    given = feedback.apply(contact)
    failed = given.complied is False
    given = replace(given, enforcement=given.enforcement or failed)
    await uow.store(ContactStore).save(given)
    if failed:
        await _enforce(uow, given)
    if failed or contact.complied is False:
        await _count_failures(uow, given)
    await count_rar_days(uow, nsi)


async def _enforce(uow: UnitOfWork, contact: Contact) -> None:
    contacts = uow.store(ContactStore)
    respond_by = london(uow.now + timedelta(days=RESPONSE_DAYS)).date()
    if await contacts.enforce(contact.id, ENFORCEMENT_ACTION, respond_by=respond_by, at=uow.now):
        notes = "Enforcement action: refer to offender manager"
        await contacts.add(contact.follow_up(Kind.ENFORCEMENT_REFERRAL, at=uow.now, notes=notes))


async def _count_failures(uow: UnitOfWork, contact: Contact) -> None:
    if contact.conviction_id is None:
        return
    contacts, convictions = uow.store(ContactStore), uow.store(ConvictionStore)
    conviction = await convictions.get(contact.person_id, contact.conviction_id)
    failures = await contacts.count_failures(conviction.id, conviction.failures_since)
    conviction = conviction.with_failures(failures)
    await convictions.save(conviction)
    if not conviction.over_limit or contact.complied is not False:
        return
    if not await contacts.under_review(conviction.id, conviction.breach_end):
        await contacts.add(contact.follow_up(Kind.ENFORCEMENT_REVIEW, at=contact.start_time))
