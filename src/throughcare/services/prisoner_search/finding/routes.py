"""Doors to searching. Personal data travels in bodies, never in addresses."""

from __future__ import annotations

from throughcare.kit.errors import BadRequest
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pagination import Page, Paging
from throughcare.kit.web.router import Router
from throughcare.services.prisoner_search.document.model import Document
from throughcare.services.prisoner_search.finding.model import Identifiers, Names, Stage, cascade
from throughcare.services.prisoner_search.finding.schemas import (
    GlobalSearch,
    Matches,
    MatchRequest,
    PossibleMatchRequest,
)
from throughcare.services.prisoner_search.finding.views import SearchViews, with_aliases
from throughcare.services.prisoner_search.identity.model import cro_key, lenient_dates, name_words, pnc_key

SEARCHERS = ["ROLE_PRISONER_SEARCH", "ROLE_GLOBAL_SEARCH"]
MOST_MATCHES = 10
MOST_POSSIBLE = 100
GENDERS = {"M": "Male", "F": "Female", "NK": "Not Known / Not Recorded", "NS": "Not Specified (Indeterminate)"}

router = Router(tag="Searching")


class NothingToSearch(BadRequest):
    """No criterion was given (400)."""

    code = "NOTHING_TO_SEARCH"
    title = "Give an identifier, a first name or a last name"


@router.post("/global-search", roles=SEARCHERS, errors=[NothingToSearch])
async def global_search(body: GlobalSearch, ctx: Ctx, paging: Paging) -> Page[Document]:
    """By identifier when one is given and known, else by names that agree exactly."""
    names = Names(
        tuple(name_words(body.first_name)),
        tuple(name_words(body.last_name)),
        (body.date_of_birth,) if body.date_of_birth else (),
        GENDERS.get(body.gender or "ALL"),
    )
    identifier = (body.prisoner_identifier or "").strip()
    if not identifier and not (names.first or names.last):
        raise NothingToSearch
    async with ctx.reading(SearchViews) as views:
        condition = await views.by_identifier(identifier) if identifier else None
        if condition is None:
            if not (names.first or names.last):
                nobody: list[Document] = []
                return Page.of(nobody, 0, paging)
            condition = with_aliases(names, aliases=body.include_aliases)
        found, total = await views.page(condition, body.location, limit=paging.size, offset=paging.offset)
    return Page.of(found, total, paging)


@router.post("/match-prisoners", roles=SEARCHERS, response_model=Matches)
async def match_prisoners(body: MatchRequest, ctx: Ctx) -> dict[str, object]:
    """Stage by stage, from everything that was given to the name alone; the first stage with a hit wins."""
    if body.date_of_birth and body.date_of_birth > ctx.clock.today():
        raise BadRequest("the date of birth must be in the past", code="INVALID")
    dates = (body.date_of_birth,) if body.date_of_birth else ()
    names = Names(tuple(name_words(body.first_name)), tuple(name_words(body.last_name)), dates)
    lenient = tuple(sorted(lenient_dates(body.date_of_birth))) if body.date_of_birth else ()
    async with ctx.reading(SearchViews) as views:
        for stage in cascade(_identifiers(body.noms_number, body.pnc_number, body.cro_number), names, lenient):
            if found := await views.stage(stage, MOST_MATCHES):
                return {"matches": [{"prisoner": one} for one in found], "matchedBy": stage.name}
    return {"matches": [], "matchedBy": "NOTHING"}


@router.post("/prisoner-search/possible-matches", roles=SEARCHERS, errors=[NothingToSearch])
async def possible_matches(body: PossibleMatchRequest, ctx: Ctx) -> list[Document]:
    """Everybody whose number, PNC, or last name with date of birth agrees."""
    stages = []
    if body.noms_number:
        stages.append(Stage("NUMBER", _identifiers(body.noms_number, None, None), Names()))
    if body.pnc_number:
        stages.append(Stage("PNC", _identifiers(None, body.pnc_number, None), Names()))
    if body.last_name and body.date_of_birth:
        first, last = tuple(name_words(body.first_name)), tuple(name_words(body.last_name))
        stages.append(Stage("NAME", Identifiers(), Names(first, last, (body.date_of_birth,)), aliases=True))
    if not stages:
        raise NothingToSearch("Give a prisoner number, a PNC, or a last name with a date of birth")
    async with ctx.reading(SearchViews) as views:
        return await views.any_of(stages, MOST_POSSIBLE)


def _identifiers(number: str | None, pnc: str | None, cro: str | None) -> Identifiers:
    return Identifiers((number or "").strip().upper() or None, pnc_key(pnc), cro_key(cro))
