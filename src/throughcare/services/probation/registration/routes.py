"""Registrations of a case."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.probation.person.model import CaseNotFound
from throughcare.services.probation.person.views import PersonViews
from throughcare.services.probation.reference.model import CASES, READERS
from throughcare.services.probation.registration import usecases
from throughcare.services.probation.registration.model import (
    AlreadyDeregistered,
    AlreadyRegistered,
    RegisterTypeUnknown,
    RegistrationDatesWrong,
    RegistrationNotFound,
)
from throughcare.services.probation.registration.schemas import NewRegistration, RegistrationRead, Review
from throughcare.services.probation.registration.views import RegistrationViews

router = Router(prefix="/probation-case/{crn}/registrations", tag="Registrations")

Id = Annotated[int, Path(ge=1, lt=2**63)]


@router.get("", roles=READERS, errors=[CaseNotFound])
async def list_registrations(crn: str, ctx: Ctx, active: bool = False) -> list[RegistrationRead]:
    """The case's registrations, newest first; with ``active=true`` only those that hold."""
    async with ctx.reading(PersonViews) as views:
        person = await views.get(crn)
        return await RegistrationViews(views.connection).list(person.id, active_only=active)


@router.get("/{registration_id}", roles=READERS, errors=[CaseNotFound, RegistrationNotFound])
async def get_registration(crn: str, registration_id: Id, ctx: Ctx) -> RegistrationRead:
    """One registration of the case."""
    async with ctx.reading(PersonViews) as views:
        person = await views.get(crn)
        return await RegistrationViews(views.connection).get(person.id, registration_id)


@router.post(
    "", status=201, roles=[CASES],
    errors=[CaseNotFound, RegisterTypeUnknown, RegistrationDatesWrong, AlreadyRegistered],
)  # fmt: skip
async def add_registration(crn: str, body: NewRegistration, ctx: Ctx) -> RegistrationRead:
    """Put a flag on a case."""
    added = await usecases.add_registration(
        ctx.uow,
        crn,
        body.type_code,
        start=body.start_date,
        next_review=body.next_review_date,
        notes=body.notes,
    )
    return RegistrationRead.of(added)


@router.put("/{registration_id}", roles=[CASES], errors=[RegistrationNotFound, AlreadyDeregistered])
async def review_registration(crn: str, registration_id: Id, body: Review, ctx: Ctx) -> RegistrationRead:
    """Review a registration."""
    reviewed = await usecases.review_registration(
        ctx.uow, crn, registration_id, next_review=body.next_review_date, notes=body.notes
    )
    return RegistrationRead.of(reviewed)


@router.post("/{registration_id}/deregistration", roles=[CASES], errors=[RegistrationNotFound, AlreadyDeregistered])
async def deregister(crn: str, registration_id: Id, ctx: Ctx) -> RegistrationRead:
    """End a registration today."""
    return RegistrationRead.of(await usecases.deregister(ctx.uow, crn, registration_id))


@router.delete("/{registration_id}", status=204, roles=[CASES], errors=[RegistrationNotFound])
async def delete_registration(crn: str, registration_id: Id, ctx: Ctx) -> None:
    """Delete a registration that was made in error."""
    await usecases.delete_registration(ctx.uow, crn, registration_id)
