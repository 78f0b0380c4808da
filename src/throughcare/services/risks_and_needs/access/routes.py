"""The check of a practitioner against the case record."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.services.risks_and_needs.access.model import CaseLimited, CaseNotFound, UserNeeded
from throughcare.services.risks_and_needs.peers.probation import ProbationPeer


async def require_case_access(ctx: Context, crn: str) -> None:
    """Let a practitioner pass who may see the case. Raises UserNeeded, CaseNotFound, CaseLimited."""
    if ctx.user.username is None:
        raise UserNeeded
    access = await ctx.peer(ProbationPeer).access(ctx.user.username, crn)
    if access is None:
        raise CaseNotFound
    if access.user_excluded or access.user_restricted:
        messages = {
            "exclusionMessage": access.exclusion_message,
            "restrictionMessage": access.restriction_message,
        }
        raise CaseLimited(extra=messages)
