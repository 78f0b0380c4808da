"""The check of a reader against the case record."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.services.risks_and_needs.access.model import (
    Audience,
    CaseLimited,
    CaseNotFound,
    UserNeeded,
    audience_of,
    is_crn,
)
from throughcare.services.risks_and_needs.peers.probation import ProbationPeer


async def check_reader(ctx: Context, crn: str) -> None:
    """Let a reader pass who may see the case; a system passes unasked, as it answers for its own users.

    Raises UserNeeded, CaseNotFound, CaseLimited, PeerUnavailable.
    """
    if ctx.user.is_user or audience_of(ctx.user.roles) is not Audience.SYSTEM:
        await require_case_access(ctx, crn)


async def require_case_access(ctx: Context, crn: str) -> None:
    """Let a person pass who may see the case. Raises UserNeeded, CaseNotFound, CaseLimited, PeerUnavailable."""
    if ctx.user.username is None:
        raise UserNeeded
    access = await ctx.peer(ProbationPeer).access(ctx.user.username, crn) if is_crn(crn) else None
    if access is None:
        raise CaseNotFound
    if access.user_excluded or access.user_restricted:
        messages = {
            "exclusionMessage": access.exclusion_message,
            "restrictionMessage": access.restriction_message,
        }
        raise CaseLimited(extra=messages)
