"""Doors to matching a person with the index."""

from __future__ import annotations

from fastapi import Response
from fastapi.responses import JSONResponse

from throughcare.kit.errors import BadRequest, FieldError
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.prisoner_search.document.schemas import Prisoner
from throughcare.services.prisoner_search.matching.schemas import (
    MatchRequest,
    PossibleMatchRequest,
    PrisonerMatches,
)
from throughcare.services.prisoner_search.matching.views import MatchViews

SEARCHERS = ["ROLE_PRISONER_SEARCH", "ROLE_GLOBAL_SEARCH"]

router = Router(tag="Matching")


class DateOfBirthNotPast(BadRequest):
    """The date of birth has not come yet (400)."""

    code = "DATE_OF_BIRTH_NOT_PAST"
    title = "The date of birth must lie in the past"


class NothingToMatch(BadRequest):
    """Nothing is given by which anybody could be matched (400)."""

    code = "NOTHING_TO_MATCH"
    title = "Give a prisoner number, a PNC number, or a last name with a date of birth"


@router.post("/match-prisoners", roles=SEARCHERS, errors=[DateOfBirthNotPast], response_model=PrisonerMatches)
async def match_prisoners(body: MatchRequest, ctx: Ctx) -> Response:
    """Those whom the surest stage of the cascade finds."""
    if body.date_of_birth is not None and body.date_of_birth >= ctx.clock.today():
        wrong = FieldError("dateOfBirth", DateOfBirthNotPast.code, DateOfBirthNotPast.title)
        raise DateOfBirthNotPast(errors=[wrong])
    async with ctx.reading(MatchViews) as views:
        found, stage = await views.match(body)
    return JSONResponse({"matches": [{"prisoner": document} for document in found], "matchedBy": stage})


@router.post(
    "/prisoner-search/possible-matches",
    roles=SEARCHERS,
    errors=[NothingToMatch],
    response_model=list[Prisoner],
)
async def possible_matches(body: PossibleMatchRequest, ctx: Ctx) -> Response:
    """Everybody who may be the person."""
    if not body.sufficient:
        raise NothingToMatch
    async with ctx.reading(MatchViews) as views:
        return JSONResponse(await views.possible(body))
