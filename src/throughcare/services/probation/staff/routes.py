"""Questions about staff."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.probation.person.schemas import Name
from throughcare.services.probation.reference.model import READERS
from throughcare.services.probation.staff.model import StaffNotFound
from throughcare.services.probation.staff.schemas import StaffDetails
from throughcare.services.probation.staff.views import StaffViews

router = Router(tag="Staff")


@router.get("/users/{username}/details", roles=READERS, errors=[StaffNotFound])
async def get_user_details(username: str, ctx: Ctx) -> StaffDetails:
    """Name and e-mail address of a member of staff."""
    async with ctx.reading(StaffViews) as views:
        one = await views.get(username)
    name = Name(forename=one.forename, surname=one.surname)
    return StaffDetails(username=one.username or username, name=name, email=one.email)
