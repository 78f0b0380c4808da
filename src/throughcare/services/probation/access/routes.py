"""Access checks and access limits."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.probation.access import usecases
from throughcare.services.probation.access.model import Limitations
from throughcare.services.probation.access.schemas import (
    AccessLimitations,
    AskedCases,
    Crns,
    LimitedAccess,
    UserAccess,
    Username,
)
from throughcare.services.probation.access.views import AccessViews
from throughcare.services.probation.person.model import CaseNotFound
from throughcare.services.probation.reference.model import CASE_DETAIL, CASES, HMPPS_API, USER_ACCESS
from throughcare.services.probation.staff.model import normal

router = Router(tag="Access")

CHECKERS = (CASE_DETAIL, USER_ACCESS)
OptionalUsername = Annotated[Username | None, Query()]


@router.post("/users/{username}/access", roles=CHECKERS)
async def check_access(username: str, crns: Crns, ctx: Ctx) -> UserAccess:
    """Whether a user may see each of up to 500 cases; a numeric user id will do for a name."""
    return UserAccess.of(await usecases.decide_access(ctx, username, crns))


@router.get("/users/{username}/access", roles=CHECKERS)
async def ask_access(username: str, crn: Annotated[Crns, Query()], ctx: Ctx) -> UserAccess:
    """The same question with the CRNs as query parameters."""
    return UserAccess.of(await usecases.decide_access(ctx, username, crn))


@router.post("/probation-cases/access", roles=[HMPPS_API])
async def check_access_for_outside(body: AskedCases, ctx: Ctx, username: OptionalUsername = None) -> UserAccess:
    """The same for those who answer to outside bodies; without a user name, whether the cases are limited at all."""
    return UserAccess.of(await usecases.decide_access(ctx, username, body.crns))


@router.get("/case/{crn}/access-limitations", roles=[HMPPS_API], errors=[CaseNotFound])
async def get_access_limitations(crn: str, ctx: Ctx) -> LimitedAccess:
    """Who is kept from a case and to whom alone it is open."""
    async with ctx.reading(AccessViews) as views:
        return await views.limited_access(crn)


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
