"""Prison managers."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.probation.custody import usecases
from throughcare.services.probation.manager.schemas import NewManager, ResponsibleOfficer
from throughcare.services.probation.manager.views import to_wire
from throughcare.services.probation.peers.auth import UserDirectory
from throughcare.services.probation.person.model import CaseNotFound
from throughcare.services.probation.reference.model import CASES
from throughcare.services.probation.staff.model import StaffUnknown

router = Router(tag="Managers")


@router.put("/probation-case/{crn}/prison-manager", roles=[CASES], errors=[CaseNotFound, StaffUnknown])
async def allocate_prison_manager(crn: str, body: NewManager, ctx: Ctx) -> ResponsibleOfficer:
    """Allocate a case to a prison manager, who is responsible while the person is in custody."""
    directory = await ctx.peer(UserDirectory).find(body.username, source=None)
    managers = await usecases.allocate_prison_manager(ctx.uow, crn, body.username, directory=directory)
    return to_wire(managers)
