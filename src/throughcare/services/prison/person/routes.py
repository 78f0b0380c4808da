"""Doors to people's identifiers, aliases and numbers."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pagination import Page, Paging
from throughcare.kit.web.router import Router
from throughcare.services.prison.access.model import READERS, require_write
from throughcare.services.prison.person import usecases
from throughcare.services.prison.person.model import (
    IdentifierExists,
    IdentifierNotValid,
    UnknownCode,
    WrongAge,
)
from throughcare.services.prison.person.schemas import (
    AliasOut,
    NameBody,
    OffenderIdentifier,
    ReadNumber,
    RequestToAddIdentifier,
    WrittenNumber,
)
from throughcare.services.prison.person.store import PersonStore

PROFILE = "ROLE_PRISON_API__PRISONER_PROFILE__RW"

router = Router(prefix="/api", tag="People")


@router.get("/prisoners/prisoner-numbers", roles=["ROLE_PRISONER_INDEX"])
async def prisoner_numbers(request: Paging, ctx: Ctx) -> Page[str]:
    """Every prisoner number, in order."""
    async with ctx.reading(PersonStore) as store:
        numbers, total = await store.numbers(request.offset, request.size)
    return Page[str].of(numbers, total, request)


@router.get("/offenders/{offender_no}/offender-identifiers", roles=[*READERS, PROFILE])
async def read_identifiers(offender_no: ReadNumber, ctx: Ctx) -> list[OffenderIdentifier]:
    """The prisoner's identifiers, oldest first."""
    async with ctx.reading(PersonStore) as store:
        await store.get(offender_no)
        return [OffenderIdentifier.of(one) for one in await store.identifiers(offender_no)]


@router.post(
    "/offenders/{offender_no}/offender-identifiers", status=201, roles=[PROFILE],
    errors=[IdentifierExists, IdentifierNotValid, UnknownCode],
)  # fmt: skip
async def add_identifiers(
    offender_no: WrittenNumber,
    body: Annotated[list[RequestToAddIdentifier], Body(min_length=1, max_length=20)],
    ctx: Ctx,
) -> list[OffenderIdentifier]:
    """Add identifiers; all that the prisoner has then."""
    require_write(ctx.user)
    held = await usecases.add_identifiers(ctx.uow, offender_no, body, by=ctx.user)
    return [OffenderIdentifier.of(one) for one in held]


@router.get("/offenders/{offender_no}/aliases", roles=[PROFILE])
async def read_aliases(offender_no: ReadNumber, ctx: Ctx) -> list[AliasOut]:
    """The prisoner's other names, oldest first."""
    async with ctx.reading(PersonStore) as store:
        await store.get(offender_no)
        return [AliasOut.of(one) for one in await store.aliases(offender_no)]


@router.post("/offenders/{offender_no}/aliases", status=201, roles=[PROFILE], errors=[UnknownCode, WrongAge])
async def add_alias(offender_no: WrittenNumber, body: NameBody, ctx: Ctx) -> AliasOut:
    """Record another name of the prisoner."""
    require_write(ctx.user)
    return AliasOut.of(await usecases.add_alias(ctx.uow, offender_no, body, by=ctx.user))
