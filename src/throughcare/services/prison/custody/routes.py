"""Doors to creating people and moving them. Every one answers with the prisoner as they are then."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.prison.access.model import require_write
from throughcare.services.prison.inmate.schemas import InmateDetail
from throughcare.services.prison.inmate.views import InmateViews
from throughcare.services.prison.movement import model, usecases
from throughcare.services.prison.movement.schemas import (
    RequestForNewBooking,
    RequestToRecall,
    RequestToRelease,
    RequestToReturn,
    RequestToTransferIn,
    RequestToTransferOut,
    RequestToTransferOutToCourt,
    RequestToTransferOutToTemporaryAbsence,
)
from throughcare.services.prison.person.model import (
    IdentifierNotValid,
    PrisonerAlreadyExists,
    UnknownCode,
    WrongAge,
)
from throughcare.services.prison.person.schemas import RequestToCreate, WrittenNumber
from throughcare.services.prison.person.usecases import create_person

CREATE, RELEASE, TRANSFER = "ROLE_BOOKING_CREATE", "ROLE_RELEASE_PRISONER", "ROLE_TRANSFER_PRISONER"
REFUSALS = [model.MovementRefused, model.MovementTimeNotValid, model.UnknownMovementReason]
ADMISSION_REFUSALS = [*REFUSALS, model.UnknownAgency, model.UnknownImprisonmentStatus, model.CellNotValid]

router = Router(prefix="/api/offenders", tag="Receptions, releases and transfers")


@router.post("", status=201, roles=[CREATE], errors=[PrisonerAlreadyExists, WrongAge, UnknownCode, IdentifierNotValid])
async def create(
    body: RequestToCreate,
    ctx: Ctx,
    allow_name_duplicate: Annotated[bool, Query(alias="allowNameDuplicate")] = False,
) -> InmateDetail:
    """Give somebody a prisoner number."""
    require_write(ctx.user)
    made = await create_person(ctx.uow, body, allow_name_duplicate=allow_name_duplicate, by=ctx.user)
    return await _now(ctx, made.prisoner_number)


@router.post("/{offender_no}/booking", status=201, roles=[CREATE], errors=ADMISSION_REFUSALS)
async def admit(offender_no: WrittenNumber, body: RequestForNewBooking, ctx: Ctx) -> InmateDetail:
    """Receive somebody on a new booking."""
    require_write(ctx.user)
    await usecases.admit_prisoner(ctx.uow, offender_no, body, by=ctx.user)
    return await _now(ctx, offender_no)


@router.put("/{offender_no}/recall", roles=[TRANSFER], errors=ADMISSION_REFUSALS)
async def recall(offender_no: WrittenNumber, body: RequestToRecall, ctx: Ctx) -> InmateDetail:
    """Receive somebody again on the booking that was closed last."""
    require_write(ctx.user)
    await usecases.recall_prisoner(ctx.uow, offender_no, body, by=ctx.user)
    return await _now(ctx, offender_no)


@router.put("/{offender_no}/release", roles=[RELEASE], errors=REFUSALS)
async def release(offender_no: WrittenNumber, body: RequestToRelease, ctx: Ctx) -> InmateDetail:
    """Let somebody go."""
    require_write(ctx.user)
    await usecases.release_prisoner(ctx.uow, offender_no, body, by=ctx.user)
    return await _now(ctx, offender_no)


@router.put("/{offender_no}/transfer-out", roles=[TRANSFER], errors=[*REFUSALS, model.UnknownAgency])
async def transfer_out(offender_no: WrittenNumber, body: RequestToTransferOut, ctx: Ctx) -> InmateDetail:
    """Send somebody to another prison."""
    require_write(ctx.user)
    await usecases.transfer_out(ctx.uow, offender_no, body, by=ctx.user)
    return await _now(ctx, offender_no)


@router.put("/{offender_no}/transfer-in", roles=[TRANSFER], errors=[*REFUSALS, model.CellNotValid])
async def transfer_in(offender_no: WrittenNumber, body: RequestToTransferIn, ctx: Ctx) -> InmateDetail:
    """Receive somebody at the prison that they were sent to."""
    require_write(ctx.user)
    await usecases.transfer_in(ctx.uow, offender_no, body, by=ctx.user)
    return await _now(ctx, offender_no)


@router.put("/{offender_no}/court-transfer-out", roles=[TRANSFER], errors=[*REFUSALS, model.UnknownAgency])
async def to_court(offender_no: WrittenNumber, body: RequestToTransferOutToCourt, ctx: Ctx) -> InmateDetail:
    """Send somebody to court for a while."""
    require_write(ctx.user)
    await usecases.send_to_court(ctx.uow, offender_no, body, by=ctx.user)
    return await _now(ctx, offender_no)


@router.put("/{offender_no}/court-transfer-in", roles=[TRANSFER], errors=[*REFUSALS, model.UnknownAgency])
async def from_court(offender_no: WrittenNumber, body: RequestToReturn, ctx: Ctx) -> InmateDetail:
    """Receive somebody back from court."""
    require_write(ctx.user)
    await usecases.return_from_court(ctx.uow, offender_no, body, by=ctx.user)
    return await _now(ctx, offender_no)


@router.put("/{offender_no}/temporary-absence-out", roles=[TRANSFER], errors=REFUSALS)
async def absence_out(
    offender_no: WrittenNumber, body: RequestToTransferOutToTemporaryAbsence, ctx: Ctx
) -> InmateDetail:
    """Let somebody out for a while."""
    require_write(ctx.user)
    await usecases.begin_temporary_absence(ctx.uow, offender_no, body, by=ctx.user)
    return await _now(ctx, offender_no)


@router.put("/{offender_no}/temporary-absence-arrival", roles=[TRANSFER], errors=[*REFUSALS, model.UnknownAgency])
async def absence_arrival(offender_no: WrittenNumber, body: RequestToReturn, ctx: Ctx) -> InmateDetail:
    """Receive somebody back from a temporary absence."""
    require_write(ctx.user)
    await usecases.return_from_temporary_absence(ctx.uow, offender_no, body, by=ctx.user)
    return await _now(ctx, offender_no)


async def _now(ctx: Ctx, offender_no: str) -> InmateDetail:
    async with ctx.reading(InmateViews) as views:
        return InmateDetail.of(await views.record(offender_no), ctx.clock.today())
