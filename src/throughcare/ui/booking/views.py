"""Finds what is booked by the address of the page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from throughcare.kit.context import Context
from throughcare.kit.errors import NotFound
from throughcare.ui.booking.model import Target
from throughcare.ui.peers.delivery import Appointment, Delivery
from throughcare.ui.referral.model import Side
from throughcare.ui.referral.views import frame_of


async def target_of(ctx: Context, ids: Mapping[str, Any], side: Side = Side.PROVIDER) -> Target:
    """The assessment of ``referral_id``, or session ``number`` of ``plan_id`` or of that referral's plan.

    Raises PeerRefused (403, 404), PeerUnavailable, NotFound.
    """
    delivery = ctx.peer(Delivery, as_user=True)
    if "number" not in ids:
        frame, assessment = await asyncio.gather(
            frame_of(ctx, side, ids["referral_id"]), delivery.assessment(ids["referral_id"])
        )
        return Target(frame, assessment)
    if "plan_id" in ids:
        plan = await delivery.plan(ids["plan_id"])
        plan_id, referral_id = plan.id, plan.referral_id
    else:
        referral_id = ids["referral_id"]
        approved = await delivery.approved_plans(referral_id)
        if not approved:
            raise NotFound("there is no plan yet")
        plan_id = approved[0].id
    frame, session = await asyncio.gather(frame_of(ctx, side, referral_id), delivery.session(plan_id, ids["number"]))
    return Target(frame, plan_id=plan_id, session=session)


def appointment_of(target: Target, ids: Mapping[str, Any]) -> Appointment:
    """The appointment that the address names, whether it counts still or not. Raises NotFound."""
    current = target.current
    earlier = target.session.old_appointments if target.session else []
    every: list[Appointment] = [*(target.assessment.appointments if target.assessment else ()), *earlier]
    if isinstance(current, Appointment):
        every.append(current)
    wanted = ids.get("appointment_id")
    found = next((one for one in every if one.id == wanted), None)
    if found is None:
        raise NotFound("there is no such appointment")
    return found
