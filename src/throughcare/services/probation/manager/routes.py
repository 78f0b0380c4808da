"""The managers of cases."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.probation.manager import usecases
from throughcare.services.probation.manager.schemas import ManagedCases, NewManager, ResponsibleOfficer
from throughcare.services.probation.manager.views import ManagerViews, to_wire
from throughcare.services.probation.peers.auth import UserDirectory
from throughcare.services.probation.person.model import CaseNotFound
from throughcare.services.probation.person.views import PersonViews
from throughcare.services.probation.reference.model import CASES, READERS
from throughcare.services.probation.staff.model import StaffNotFound, StaffUnknown
from throughcare.services.probation.staff.views import StaffViews

router = Router(tag="Managers")


@router.get("/probation-case/{crn}/responsible-officer", roles=READERS, errors=[CaseNotFound])
async def get_responsible_officer(crn: str, ctx: Ctx) -> ResponsibleOfficer:
    """The managers of a case, and which of them is responsible."""
    async with ctx.reading(PersonViews) as views:
        person = await views.get(crn)
        return await ManagerViews(views.connection).responsible_officer(person.id)


@router.get("/users/{username}/managed-cases", roles=READERS, errors=[StaffNotFound])
async def list_managed_cases(username: str, ctx: Ctx) -> ManagedCases:
    """The cases that a member of staff manages."""
    async with ctx.reading(StaffViews) as views:
        staff = await views.get(username)
        return await ManagerViews(views.connection).managed_cases(staff.code)


@router.put("/probation-case/{crn}/community-manager", roles=[CASES], errors=[CaseNotFound, StaffUnknown])
async def allocate_community_manager(crn: str, body: NewManager, ctx: Ctx) -> ResponsibleOfficer:
    """Allocate a case to another community manager."""
    directory = await ctx.peer(UserDirectory).find(body.username)
    managers = await usecases.allocate_community_manager(ctx.uow, crn, body.username, directory=directory)
    return to_wire(managers)
