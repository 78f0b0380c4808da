"""Limiting access to a case, and deciding about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.kit.context import Context
from throughcare.kit.db import UnitOfWork
from throughcare.services.probation.access.events import ExclusionUpdated, RestrictionUpdated
from throughcare.services.probation.access.model import Decision, Limitations
from throughcare.services.probation.access.store import LimitationStore
from throughcare.services.probation.access.views import AccessViews
from throughcare.services.probation.peers.auth import UserDirectory
from throughcare.services.probation.person.store import PersonStore
from throughcare.services.probation.staff.model import normal
from throughcare.services.probation.staff.views import StaffViews


async def decide_access(ctx: Context, username: str | None, crns: Sequence[str]) -> dict[str, Decision]:
    """What holds for a user (a name or a numeric user id; None for anybody) and each of ``crns`` that is a case.

    Raises PeerUnavailable when a limited case is asked about for somebody who is not on the staff list, and the user
    directory cannot be asked.
    """
    async with ctx.reading(AccessViews) as views:
        limits = await views.limitations(crns)
    user = await _known(ctx, username, limits) if username is not None else None
    return {crn: limits[crn].decide(user) for crn in dict.fromkeys(crns) if crn in limits}


async def _known(ctx: Context, username: str, limits: Mapping[str, Limitations]) -> str | None:
    """The name by which limits know a user, or None when there is no such user; asked only where it matters."""
    name = normal(username)
    if not any(one.depends_on(name) for one in limits.values()):
        return name
    async with ctx.reading(StaffViews) as views:
        found = await views.find(username)
    if found is not None:
        return found.username
    user = await ctx.peer(UserDirectory).find(username)
    return normal(user.username) if user else None


async def limit_access(uow: UnitOfWork, crn: str, limits: Limitations) -> Limitations:
    """Replace the exclusions and restrictions of a case; what they are now. Raises CaseNotFound."""
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        store = uow.store(LimitationStore)
        before = await store.get(person.id)
        await store.save(person.id, limits)
        path = f"/case/{crn}/access-limitations"
        if (before.excluded, before.exclusion_message) != (limits.excluded, limits.exclusion_message):
            uow.publish(ExclusionUpdated(crn=crn, person=person.reference, detail_path=path))
        if (before.restricted_to, before.restriction_message) != (
            limits.restricted_to,
            limits.restriction_message,
        ):
            uow.publish(RestrictionUpdated(crn=crn, person=person.reference, detail_path=path))
    return limits
