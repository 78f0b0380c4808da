"""Access checks and access limits."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.probation.access import usecases
from throughcare.services.probation.access.model import Limitations
from throughcare.services.probation.access.schemas import AccessLimitations, CaseAccess, Crns, UserAccess
from throughcare.services.probation.access.views import AccessViews
from throughcare.services.probation.person.model import CaseNotFound
from throughcare.services.probation.reference.model import CASE_DETAIL, CASES, USER_ACCESS
from throughcare.services.probation.staff.model import normal
from throughcare.services.probation.staff.views import StaffViews

router = Router(tag="Access")

CHECKERS = (CASE_DETAIL, USER_ACCESS)


@router.post("/users/{username}/access", roles=CHECKERS)
async def check_access(username: str, crns: Crns, ctx: Ctx) -> UserAccess:
    """Whether a user may see each of up to 500 cases; a numeric user id is looked up first."""
    return await _check(username, crns, ctx)


@router.get("/users/{username}/access", roles=CHECKERS)
async def ask_access(username: str, crn: Annotated[Crns, Query()], ctx: Ctx) -> UserAccess:
    """The same question with the CRNs as query parameters."""
    return await _check(username, crn, ctx)


@router.put("/probation-case/{crn}/access-limitations", roles=[CASES], errors=[CaseNotFound])
async def limit_access(crn: str, body: AccessLimitations, ctx: Ctx) -> AccessLimitations:
    """Replace the users who are excluded from a case, and those to whom alone it is open."""
    limits = Limitations.of(
        map(normal, body.excluded_from), map(normal, body.restricted_to),
        exclusion_message=body.exclusion_message, restriction_message=body.restriction_message,
    )  # fmt: skip
    now = await usecases.limit_access(ctx.uow, crn, limits)
    return AccessLimitations(
        excluded_from=sorted(now.excluded), exclusion_message=now.exclusion_message,
        restricted_to=sorted(now.restricted_to), restriction_message=now.restriction_message,
    )  # fmt: skip


async def _check(username: str, crns: list[str], ctx: Ctx) -> UserAccess:
    user: str | None = normal(username)
    if username.isdecimal():
        async with ctx.reading(StaffViews) as staff:
            found = await staff.find(username)
        user = found.username if found else None
    async with ctx.reading(AccessViews) as views:
        limits = await views.limitations(crns)
    decisions = [(crn, limits[crn].decide(user)) for crn in dict.fromkeys(crns) if crn in limits]
    return UserAccess(access=[CaseAccess(crn=crn, **vars(decision)) for crn, decision in decisions])
