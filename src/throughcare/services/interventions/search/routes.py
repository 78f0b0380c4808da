"""Searching among the referrals that the caller may see."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from throughcare.kit.telemetry.logs import get_logger
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.overview.usecases import find_reach
from throughcare.services.interventions.refusal.model import AccessRefused, Refused
from throughcare.services.interventions.search.model import LONGEST, Sought
from throughcare.services.interventions.search.schemas import FoundReferrals
from throughcare.services.interventions.search.views import SearchViews

router = Router(tag="Referrals")
log = get_logger(__name__)


@router.get("/sent-referrals/search", roles=GATE, errors=[AccessRefused, Refused])
async def search_referrals(ctx: Ctx, q: Annotated[str, Query(max_length=LONGEST)] = "") -> FoundReferrals:
    """The referrals that the caller may see with these words: parts of a CRN, a reference number, or a name.

    At most 50, the best first. Words of a name may come in any order and be spelt not quite right. Every search is
    noted, without the words.
    """
    reach, sought, catalogue = await find_reach(ctx), Sought.read(q), await current_catalogue(ctx)
    async with ctx.reading(SearchViews) as views:
        found, more = await views.search(reach, sought, catalogue)
    log.info("CRN_SEARCH", kind=sought.kind, count=len(found), more=more)
    return FoundReferrals(content=found, more=more)
