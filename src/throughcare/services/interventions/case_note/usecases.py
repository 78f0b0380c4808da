"""Writes case notes."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.case_note.events import CaseNoteSent
from throughcare.services.interventions.case_note.model import CaseNote
from throughcare.services.interventions.case_note.store import CaseNoteStore
from throughcare.services.interventions.referral.store import ReferralStore


async def send_case_note(
    uow: UnitOfWork, referral_id: UUID, *, subject: str, body: str, tell_officer: bool, by: Actor
) -> CaseNote:
    """The note as it was sent, also about a referral that is over. Raises NotThere."""
    async with uow:
        referral = await uow.store(ReferralStore).get(referral_id)
        await uow.store(ActorStore).note(by)
        note = CaseNote(new_id(), referral_id, subject, body, Mark(uow.now, by.id))
        await uow.store(CaseNoteStore).add(note)
        person = PersonReference.of(crn=referral.crn)
        uow.publish(
            CaseNoteSent(referral_id=referral_id, case_note_id=note.id, tell_officer=tell_officer, person=person)
        )
    return note
