"""Asks for what the pages of action plans show."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.errors import NotFound
from throughcare.ui.action_plan.model import Line, Version, lines_of, versions_of
from throughcare.ui.outcome.model import Wanted, wanted_of
from throughcare.ui.peers.catalogue import Catalogue, Intervention
from throughcare.ui.peers.delivery import Delivery, Plan
from throughcare.ui.peers.referrals import Referral, usernames
from throughcare.ui.peers.users import Users
from throughcare.ui.referral.model import Frame, Side
from throughcare.ui.referral.views import frame_of


@dataclass(frozen=True)
class Drafted:
    """A plan that is written. ``in_force`` is the plan by which the referral is delivered meanwhile."""

    frame: Frame
    plan: Plan
    wanted: Sequence[Wanted]
    in_force: Plan | None


async def drafted(ctx: Context, plan_id: UUID) -> Drafted:
    """A plan with what its pages show beside it. Raises PeerRefused (403, 404), PeerUnavailable."""
    delivery = ctx.peer(Delivery, as_user=True)
    plan = await delivery.plan(plan_id)
    frame, approved = await asyncio.gather(
        frame_of(ctx, Side.PROVIDER, plan.referral_id), delivery.approved_plans(plan.referral_id)
    )
    versions = versions_of(approved, None)
    intervention, in_force = await asyncio.gather(
        _intervention(ctx, frame.referral), _plan(delivery, versions[0].id if versions else None, plan)
    )
    return Drafted(frame, plan, wanted_of(frame.referral.referral, intervention), in_force)


@dataclass(frozen=True)
class Seen:
    """The plan of a referral as one side reads it: one version of it, ``plan``, or None before the first.

    ``draft`` is the version that the provider is writing; a practitioner is not told of it.
    """

    frame: Frame
    versions: Sequence[Version] = ()
    plan: Plan | None = None
    before: Plan | None = None
    draft: Plan | None = None
    wanted: Sequence[Wanted] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> Version | None:
        """The version that is shown."""
        return next((one for one in self.versions if self.plan and one.id == self.plan.id), None)

    @property
    def current(self) -> bool:
        """Whether no newer version was submitted."""
        return bool(self.version) and self.version == self.versions[0]

    @property
    def lines(self) -> list[Line]:
        """The activities, marked by what is different in the version before."""
        return lines_of(self.plan, self.before) if self.plan else []

    @property
    def to_approve(self) -> bool:
        """Whether it waits for its practitioner's approval."""
        waiting = self.plan is not None and self.plan.approved_at is None
        return waiting and self.current and self.frame.side is Side.PRACTITIONER and not self.ended

    @property
    def ended(self) -> bool:
        """Whether the referral is over, so that nothing is planned any more."""
        return self.frame.referral.concluded_at is not None


async def plan_of_referral(ctx: Context, side: Side, referral_id: UUID) -> Seen:
    """The newest version that was submitted. Raises PeerRefused (403, 404), PeerUnavailable."""
    return await _seen(ctx, side, referral_id, None)


async def one_plan(ctx: Context, side: Side, plan_id: UUID) -> Seen:
    """One version; the provider's draft is found as ``draft``. Raises NotFound, PeerRefused, PeerUnavailable."""
    plan = await ctx.peer(Delivery, as_user=True).plan(plan_id)
    if plan.submitted_at is None and side is Side.PRACTITIONER:
        raise NotFound("there is no such action plan")
    return await _seen(ctx, side, plan.referral_id, plan)


async def _seen(ctx: Context, side: Side, referral_id: UUID, plan: Plan | None) -> Seen:
    delivery = ctx.peer(Delivery, as_user=True)
    frame, approved = await asyncio.gather(frame_of(ctx, side, referral_id), delivery.approved_plans(referral_id))
    newest = await _plan(delivery, frame.referral.action_plan_id, plan)
    versions = versions_of(approved, newest)
    if plan is None:
        plan = await _plan(delivery, versions[0].id if versions else None, newest)
    at = next((place for place, one in enumerate(versions) if plan and one.id == plan.id), len(versions))
    intervention, before, names = await asyncio.gather(
        _intervention(ctx, frame.referral),
        _plan(delivery, versions[at + 1].id if at + 1 < len(versions) else None, newest),
        ctx.peer(Users, as_user=True).names(usernames(plan.submitted_by if plan else None)),
    )  # fmt: skip
    unsent = newest if newest and newest.submitted_at is None and side is Side.PROVIDER else None
    wanted = wanted_of(frame.referral.referral, intervention)
    return Seen(frame, versions, plan, before, unsent, wanted, names)


async def _intervention(ctx: Context, referral: Referral) -> Intervention:
    return await ctx.peer(Catalogue, as_user=True).intervention(referral.intervention_id)


async def _plan(delivery: Delivery, plan_id: UUID | None, *known: Plan | None) -> Plan | None:
    """The plan with this id; not asked for again when it is one of the known."""
    if plan_id is None:
        return None
    return next((one for one in known if one is not None and one.id == plan_id), None) or await delivery.plan(plan_id)
