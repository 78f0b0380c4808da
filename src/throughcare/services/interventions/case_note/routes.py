"""Case notes: written and read by both sides of a referral."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pagination import Page, PageRequest
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PEOPLE
from throughcare.services.interventions.access.usecases import (
    allow_case_note,
    allow_named_referral,
    allow_referral,
)
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.actor.store import named
from throughcare.services.interventions.case_note import model, usecases
from throughcare.services.interventions.case_note.schemas import CaseNote, SendCaseNote
from throughcare.services.interventions.case_note.store import CaseNoteStore
from throughcare.services.interventions.refusal.model import AccessRefused, NotThere, Refused

router = Router(tag="Case notes")


@router.post("/case-note", roles=GATE, errors=[AccessRefused, Refused])
async def send_case_note(body: SendCaseNote, ctx: Ctx) -> CaseNote:
    """Write a note; whoever works on the referral, and the responsible officer, are told unless they wrote it."""
    entry = await allow_named_referral(ctx, body.referral_id, PEOPLE)
    note = await usecases.send_case_note(
        ctx.uow, body.referral_id, subject=body.subject, body=body.body, tell_officer=body.send_email is not False,
        by=entry.actor,
    )  # fmt: skip
    return (await _shown(ctx, [note]))[0]


@router.get("/sent-referral/{referral_id}/case-notes", roles=GATE, errors=[AccessRefused, NotThere, Refused])
async def list_case_notes(
    referral_id: UUID,
    ctx: Ctx,
    *,
    page: Annotated[int, Query(ge=0, le=1_000_000)] = 1,
    size: Annotated[int, Query(ge=1, le=1000)] = 10,
    sort: Annotated[list[str] | None, Query()] = None,
) -> Page[CaseNote]:
    """A page of the notes about a referral, oldest first unless ``sort=sentAt,desc``; ``page`` counts from 1."""
    newest_first = model.newest_first(tuple(sort or ()))
    await allow_referral(ctx, referral_id, PEOPLE)
    request = PageRequest(max(page - 1, 0), size, tuple(sort or ("sentAt",)))
    async with ctx.reading(CaseNoteStore) as store:
        notes, total = await store.page(referral_id, newest_first=newest_first, limit=size, offset=request.offset)
    return Page.of(await _shown(ctx, notes), total, request)


@router.get("/case-note/{note_id}", roles=GATE, errors=[AccessRefused, NotThere])
async def get_case_note(note_id: UUID, ctx: Ctx) -> CaseNote:
    """One note."""
    await allow_case_note(ctx, note_id, PEOPLE)
    async with ctx.reading(CaseNoteStore) as store:
        note = await store.get(note_id)
    return (await _shown(ctx, [note]))[0]


async def _shown(ctx: Context, notes: Sequence[model.CaseNote]) -> list[CaseNote]:
    async with ctx.reading(CaseNoteStore) as store:
        actors = await named(store, {one.sent.by for one in notes})
    return [CaseNote.of(one, actors) for one in notes]
