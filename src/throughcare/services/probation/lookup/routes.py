"""One door for those who ask about many people at once."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.probation.lookup.schemas import Identifiers, KnownCases
from throughcare.services.probation.lookup.views import LookupViews
from throughcare.services.probation.reference.model import HMPPS_API

router = Router(tag="Cases")


@router.post("/probation-cases/lookup", roles=[HMPPS_API])
async def look_up(body: Identifiers, ctx: Ctx) -> KnownCases:
    """The cases that have one of many CRNs or NOMS numbers; an identifier that nobody has is left out."""
    async with ctx.reading(LookupViews) as views:
        return KnownCases(cases=await views.known(body.crns, body.noms_numbers))
