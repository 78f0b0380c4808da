"""Where case notes are kept."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, DateTime, RowMapping, Table, Text, Uuid, func, insert, select

from throughcare.kit.db.database import Store, schema
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.case_note.model import CaseNote, no_case_note

case_note = Table(
    "case_note",
    schema("interventions"),
    Column("id", Uuid, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("sent_by", Uuid, nullable=False),
)


class CaseNoteStore(Store):
    """Case notes."""

    async def add(self, note: CaseNote) -> None:
        """Keep a new note."""
        await self.run(
            insert(case_note).values(
                id=note.id, referral_id=note.referral_id, subject=note.subject, body=note.body, sent_at=note.sent.at,
                sent_by=note.sent.by,
            )
        )  # fmt: skip

    async def get(self, note_id: UUID) -> CaseNote:
        """The note. Raises NotThere."""
        row = await self.one_or_none(select(case_note).where(case_note.c.id == note_id))
        if row is None:
            raise no_case_note()
        return _note(row)

    async def page(
        self, referral_id: UUID, *, newest_first: bool, limit: int, offset: int
    ) -> tuple[list[CaseNote], int]:
        """Some of a referral's notes by the time at which they were sent, and how many there are."""
        mine = case_note.c.referral_id == referral_id
        total = await self.count(select(func.count()).select_from(case_note).where(mine))
        order = (case_note.c.sent_at, case_note.c.id)
        by = [one.desc() for one in order] if newest_first else [*order]
        rows = await self.all(select(case_note).where(mine).order_by(*by).limit(limit).offset(offset))
        return [_note(row) for row in rows], total


def _note(row: RowMapping) -> CaseNote:
    sent = Mark(row["sent_at"], row["sent_by"])
    return CaseNote(row["id"], row["referral_id"], row["subject"], row["body"], sent)
