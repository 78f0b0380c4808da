"""Keeps feedback where it belongs: with the appointment, or with the booking of one that is over already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.ui.booking.model import Target
from throughcare.ui.booking.usecases import book
from throughcare.ui.feedback.model import from_words
from throughcare.ui.peers.delivery import Delivery, Feedback, Meeting
from throughcare.ui.safe import forms_safe
from throughcare.ui.unfinished import usecases as unfinished
from throughcare.ui.unfinished.model import Unfinished


@dataclass
class Account:
    """What happened at an appointment; with ``work`` it is one that is still to be booked."""

    ctx: Context
    target: Target
    held: Meeting
    work: Unfinished | None = None

    @property
    def base(self) -> str:
        """The beginning of the addresses of its pages."""
        return f"{self.target.feedback}/edit/{self.work.id}" if self.work else self.target.feedback

    @property
    def feedback(self) -> Feedback:
        """What was recorded so far."""
        return from_words(self.work.words) if self.work else self.held.appointment_feedback

    async def attend(self, attendance: Mapping[str, Any]) -> None:
        """Record attendance; feedback that fits another answer is let go."""
        if self.work is None:
            if self._session is None:
                await self._peer.attend_assessment(self._referral, attendance)
            else:
                await self._peer.attend_session(self._referral, self._session, attendance)
            return
        words = dict(self.work.words)
        if words.get("attendance") != attendance:
            words.pop("feedback", None)
        await self._keep({**words, "attendance": attendance})

    async def account(self, feedback: Mapping[str, Any]) -> None:
        """Record feedback."""
        if self.work is not None:
            await self._keep({**self.work.words, "feedback": dict(feedback)})
        elif self._session is None:
            await self._peer.account_for_assessment(self._referral, feedback)
        else:
            await self._peer.account_for_session(self._referral, self._session, feedback)

    async def send(self, key: str) -> str:
        """Make it final; the path that tells so. Once, however often it is asked for."""
        if self.work is not None:
            safe, work = forms_safe(self.ctx), self.work
            return await unfinished.carry_out(self.ctx.new_uow, safe, work, lambda: book(self.ctx, self.target, work))
        if self._session is None:
            await self._peer.send_assessment(self._referral, key)
        else:
            await self._peer.send_session(self._referral, self._session, key)
        return self.target.frame.path("progress")

    @property
    def _peer(self) -> Delivery:
        return self.ctx.peer(Delivery, as_user=True)

    @property
    def _referral(self) -> UUID:
        return self.target.frame.referral.id

    @property
    def _session(self) -> UUID | None:
        return self.target.session.appointment_id if self.target.session else None

    async def _keep(self, words: Mapping[str, Any]) -> None:
        assert self.work is not None
        await unfinished.change(self.ctx.new_uow(), forms_safe(self.ctx), self.work.id, words)
