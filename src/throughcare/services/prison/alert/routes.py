"""Doors to alerts, with the paths of hmpps-alerts-api."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Body, Query

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pagination import Page, Paging
from throughcare.kit.web.router import Router
from throughcare.services.prison.access.model import require_write
from throughcare.services.prison.alert import usecases
from throughcare.services.prison.alert.model import AlertCodeNotUsable, AlertDatesNotValid, AlertExists
from throughcare.services.prison.alert.schemas import (
    AlertCodeOut,
    AlertOut,
    AlertQuery,
    AlertsOut,
    AlertTypeOut,
    CreateAlert,
    UpdateAlert,
)
from throughcare.services.prison.alert.store import AlertStore
from throughcare.services.prison.alert.views import AlertViews, SortNotValid
from throughcare.services.prison.person.schemas import ReadNumber, WrittenNumber
from throughcare.services.prison.person.store import PersonStore
from throughcare.services.prison.reference.model import alert_codes, alert_types

READ, WRITE = "ROLE_PRISONER_ALERTS__RO", "ROLE_PRISONER_ALERTS__RW"
ADMINISTER = "ROLE_PRISONER_ALERTS__PRISONER_ALERTS_ADMINISTRATION_UI"

router = Router(tag="Alerts")
IncludeInactive = Annotated[bool, Query(alias="includeInactive")]


@router.get("/prisoners/{prison_number}/alerts", roles=[READ, WRITE], errors=[SortNotValid])
async def read_alerts(
    prison_number: ReadNumber, query: Annotated[AlertQuery, Query()], request: Paging, ctx: Ctx
) -> Page[AlertOut]:
    """The prisoner's alerts, the newest beginning first."""
    today = ctx.clock.today()
    async with ctx.reading(AlertViews) as views:
        await PersonStore(views.connection).get(prison_number)
        found, total = await views.page(prison_number, query, today, request)
    return Page[AlertOut].of([AlertOut.of(one, today) for one in found], total, request)


@router.post(
    "/prisoners/{prison_number}/alerts", status=201, roles=[WRITE],
    errors=[AlertExists, AlertCodeNotUsable, AlertDatesNotValid],
)  # fmt: skip
async def create_alert(
    prison_number: WrittenNumber,
    body: CreateAlert,
    ctx: Ctx,
    allow_inactive_code: Annotated[bool, Query(alias="allowInactiveCode")] = False,
) -> AlertOut:
    """Give the prisoner an alert."""
    require_write(ctx.user)
    made = await usecases.create_alert(
        ctx.uow, prison_number, body, allow_inactive_code=allow_inactive_code, by=ctx.user
    )
    return AlertOut.of(made, ctx.clock.today())


@router.get("/alerts/{alert_uuid}", roles=[READ, WRITE])
async def read_alert(alert_uuid: UUID, ctx: Ctx) -> AlertOut:
    """One alert."""
    async with ctx.reading(AlertStore) as store:
        return AlertOut.of(await store.get(alert_uuid), ctx.clock.today())


@router.put("/alerts/{alert_uuid}", roles=[WRITE], errors=[AlertExists, AlertDatesNotValid])
async def update_alert(alert_uuid: UUID, body: UpdateAlert, ctx: Ctx) -> AlertOut:
    """Change what an alert says."""
    require_write(ctx.user)
    changed = await usecases.update_alert(ctx.uow, alert_uuid, body, by=ctx.user)
    return AlertOut.of(changed, ctx.clock.today())


@router.delete("/alerts/{alert_uuid}", status=204, roles=[WRITE])
async def delete_alert(alert_uuid: UUID, ctx: Ctx) -> None:
    """Take away an alert that was created by mistake."""
    require_write(ctx.user)
    await usecases.delete_alert(ctx.uow, alert_uuid, by=ctx.user)


@router.post("/search/alerts/prison-numbers", roles=[READ, WRITE])
async def alerts_of_many(
    prison_numbers: Annotated[list[ReadNumber], Body(min_length=1, max_length=1000)],
    ctx: Ctx,
    include_inactive: IncludeInactive = True,
    codes: Annotated[list[str] | None, Query(alias="filterAlertCodes", max_length=200)] = None,
) -> AlertsOut:
    """The alerts of many prisoners by number, the newest beginning first; of certain codes when any are given."""
    today, wanted = ctx.clock.today(), {code for one in codes or () for code in one.split(",")}
    async with ctx.reading(AlertViews) as views:
        found = await views.of_many(prison_numbers, codes=wanted, include_inactive=include_inactive, today=today)
    return AlertsOut(content=[AlertOut.of(one, today) for one in found])


@router.get("/alert-types", roles=[READ, WRITE, ADMINISTER])
async def read_alert_types(ctx: Ctx, include_inactive: IncludeInactive = False) -> list[AlertTypeOut]:
    """The alert types in use, with their codes."""
    known = sorted(alert_types().values(), key=lambda one: (one.sequence, one.code))
    return [AlertTypeOut.of(one, include_inactive=include_inactive) for one in known if one.active or include_inactive]


@router.get("/alert-codes", roles=[READ, WRITE, ADMINISTER])
async def read_alert_codes(ctx: Ctx, include_inactive: IncludeInactive = False) -> list[AlertCodeOut]:
    """The alert codes in use."""
    known = sorted(alert_codes().values(), key=lambda one: (one.alert_type, one.sequence, one.code))
    return [AlertCodeOut.of(one) for one in known if one.active or include_inactive]
