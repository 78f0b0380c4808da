"""The contacts of a case."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pagination import Page, Paging
from throughcare.kit.web.router import Router
from throughcare.services.probation.contact.schemas import ContactRead
from throughcare.services.probation.contact.views import ContactViews
from throughcare.services.probation.person.model import CaseNotFound
from throughcare.services.probation.reference.model import READERS

router = Router(tag="Contacts")


@router.get("/probation-case/{crn}/contacts", roles=READERS, errors=[CaseNotFound])
async def list_contacts(crn: str, ctx: Ctx, request: Paging) -> Page[ContactRead]:
    """A case's contacts, newest first."""
    async with ctx.reading(ContactViews) as views:
        found, total = await views.list(crn, limit=request.size, offset=request.offset)
    return Page.of(found, total, request)
