"""Asks for what the pages of case notes show."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.ui.case_note.model import SIZE, Entry
from throughcare.ui.peers.notes import Notes
from throughcare.ui.peers.referrals import usernames
from throughcare.ui.peers.users import Users
from throughcare.ui.referral.model import Frame, Side
from throughcare.ui.referral.views import frame_of


@dataclass(frozen=True)
class Listed:
    """A page of the notes about a referral, the newest first; ``number`` counts pages from 1."""

    frame: Frame
    entries: Sequence[Entry]
    number: int
    total: int
    last: int

    @property
    def before(self) -> int:
        """How many notes stand on the pages before."""
        return (self.number - 1) * SIZE


async def listed(ctx: Context, side: Side, referral_id: UUID, number: int) -> Listed:
    """A page of the notes about a referral. Raises PeerRefused (403, 404), PeerUnavailable."""
    frame, found = await asyncio.gather(
        frame_of(ctx, side, referral_id), ctx.peer(Notes, as_user=True).of_referral(referral_id, number, SIZE)
    )
    names = await ctx.peer(Users, as_user=True).names(usernames(*(one.sent_by for one in found.content)))
    entries = [Entry(one, names[one.sent_by.username]) for one in found.content]
    return Listed(frame, entries, number, found.total_elements, max(found.total_pages, 1))


async def one_note(ctx: Context, side: Side, note_id: UUID) -> tuple[Frame, Entry]:
    """One note, and the referral that it is about. Raises PeerRefused (403, 404), PeerUnavailable."""
    note = await ctx.peer(Notes, as_user=True).note(note_id)
    frame, names = await asyncio.gather(
        frame_of(ctx, side, note.referral_id), ctx.peer(Users, as_user=True).names(usernames(note.sent_by))
    )
    return frame, Entry(note, names[note.sent_by.username])
