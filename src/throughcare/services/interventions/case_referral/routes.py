"""A person's referrals, for the machine that shows them beside the case."""

from __future__ import annotations

from fastapi import Request, Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.actor.model import REFER_AND_MONITOR
from throughcare.services.interventions.case_referral.schemas import ProbationCaseReferral
from throughcare.services.interventions.case_referral.usecases import find_case_referrals

router = Router(tag="For other systems")


@router.get("/probation-case/{crn}/referral", roles=[REFER_AND_MONITOR], status=201)
async def list_case_referrals(crn: str, request: Request, response: Response, ctx: Ctx) -> list[ProbationCaseReferral]:
    """A person's sent referrals, oldest first. The status is 201 with a Location, as callers have always had it."""
    response.headers["Location"] = str(request.url.replace(query=None))
    return await find_case_referrals(ctx, crn)
