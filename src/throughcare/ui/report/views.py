"""Asks for what the pages of an end of service report show."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.errors import NotFound
from throughcare.ui.outcome.model import wanted_of
from throughcare.ui.peers.catalogue import Catalogue
from throughcare.ui.peers.delivery import ApprovedPlan, Delivery
from throughcare.ui.peers.referrals import Report, usernames
from throughcare.ui.peers.reports import Reports
from throughcare.ui.peers.users import Users
from throughcare.ui.referral.model import Frame, Side
from throughcare.ui.referral.views import frame_of, optional
from throughcare.ui.report.model import Attendance, Desired, Part, attendance_of, desired_of, parts_of


@dataclass(frozen=True)
class Reported:
    """A report. ``attendance`` is None where the sessions could not be had, or there never was a plan."""

    frame: Frame
    report: Report
    desired: Sequence[Desired]
    attendance: Attendance | None
    names: Mapping[str, str]

    @property
    def parts(self) -> list[Part]:
        """The pages on which it is written."""
        return parts_of(self.report, self.desired)

    @property
    def complete(self) -> bool:
        """Whether everything is written that must be."""
        return all(one.done for one in self.parts)


async def reported(ctx: Context, side: Side, report_id: UUID) -> Reported:
    """One report; to a practitioner one that was submitted.

    Raises NotFound, PeerRefused (403, 404), PeerUnavailable.
    """
    report = await ctx.peer(Reports, as_user=True).report(report_id)
    if report.submitted_at is None and side is Side.PRACTITIONER:
        raise NotFound("there is no such report")
    frame, attendance, names = await asyncio.gather(
        frame_of(ctx, side, report.referral_id), _attendance(ctx, report.referral_id),
        ctx.peer(Users, as_user=True).names(usernames(report.submitted_by)),
    )  # fmt: skip
    intervention = await ctx.peer(Catalogue, as_user=True).intervention(frame.referral.intervention_id)
    desired = desired_of(report, wanted_of(frame.referral.referral, intervention))
    return Reported(frame, report, desired, attendance, names)


async def _attendance(ctx: Context, referral_id: UUID) -> Attendance | None:
    delivery, none = ctx.peer(Delivery, as_user=True), list[ApprovedPlan]()
    approved = await optional(delivery.approved_plans(referral_id), none)
    if not approved:
        return None
    in_force = max(approved, key=lambda one: one.approved_at)
    sessions = await optional(delivery.sessions(in_force.id), None)
    return attendance_of(sessions, ctx.now) if sessions is not None else None
