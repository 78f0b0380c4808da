"""What is done with alerts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from throughcare.kit.auth.principal import Principal
from throughcare.kit.clock import london
from throughcare.kit.db import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.services.prison.alert.events import (
    AlertCreated,
    AlertDeleted,
    AlertInactive,
    AlertsChanged,
    AlertUpdated,
)
from throughcare.services.prison.alert.model import Alert, AlertExists, Stamp, check_dates, usable_code
from throughcare.services.prison.alert.schemas import CreateAlert, UpdateAlert
from throughcare.services.prison.alert.store import AlertStore
from throughcare.services.prison.movement.model import custody_after
from throughcare.services.prison.movement.store import MovementStore
from throughcare.services.prison.person.store import PersonStore


async def create_alert(
    uow: UnitOfWork, number: str, wanted: CreateAlert, *, allow_inactive_code: bool, by: Principal
) -> Alert:
    """Give a prisoner an alert.

    Raises PrisonerNotFound, AlertCodeNotUsable, AlertDatesNotValid, AlertExists.
    """
    code = usable_code(wanted.alert_code, allow_inactive=allow_inactive_code).code
    async with uow:
        today, stamp = london(uow.now).date(), _stamp(uow, by)
        begins = wanted.active_from or today
        check_dates(begins, wanted.active_to)
        await uow.store(PersonStore).touch(number)
        held = await uow.store(AlertStore).of_prisoner(number)
        if any(one.code == code and not one.ended_on(today) for one in held):
            raise AlertExists
        custody = custody_after(await uow.store(MovementStore).last(number))
        one = Alert(
            id=new_id(), prisoner_number=number, code=code, description=wanted.description,
            authorised_by=wanted.authorised_by, active_from=begins, active_to=wanted.active_to,
            prison_id=custody.agency_id, created=stamp, active_to_set=stamp if wanted.active_to else None,
        ).announced(stamp, today)  # fmt: skip
        await uow.store(AlertStore).add(one)
        uow.publish(AlertCreated(**_facts(one)))
        _changed(uow, number)
    return one


async def update_alert(uow: UnitOfWork, alert_id: UUID, wanted: UpdateAlert, *, by: Principal) -> Alert:
    """Change what an alert says; nothing happens when it says so already.

    Raises AlertNotFound, AlertDatesNotValid, AlertExists, StaleVersion.
    """
    async with uow:
        today, stamp = london(uow.now).date(), _stamp(uow, by)
        store = uow.store(AlertStore)
        number = (await store.get(alert_id)).prisoner_number
        await uow.store(PersonStore).touch(number)
        one = await store.get(alert_id)
        changed = one.revised(
            description=wanted.description, authorised_by=wanted.authorised_by,
            active_from=wanted.active_from, active_to=wanted.active_to, by=stamp, today=today,
        )  # fmt: skip
        if changed.same_content(one):
            return one
        if one.ended_on(today) and not changed.ended_on(today):
            await _refuse_second(store, changed, uow)
        await store.save(changed)
        uow.publish(AlertUpdated(**_facts(changed)))
        if changed.made_inactive and not one.made_inactive:
            uow.publish(AlertInactive(**_facts(changed)))
        _changed(uow, number)
    return changed


async def delete_alert(uow: UnitOfWork, alert_id: UUID, *, by: Principal) -> None:
    """Take away an alert that was created by mistake. Raises AlertNotFound."""
    async with uow:
        store = uow.store(AlertStore)
        number = (await store.get(alert_id)).prisoner_number
        await uow.store(PersonStore).touch(number)
        one = await store.get(alert_id)
        await store.save(replace(one, deleted=_stamp(uow, by)))
        uow.publish(AlertDeleted(**_facts(one)))
        _changed(uow, number)


async def announce_due_alerts(uow: UnitOfWork, number: str, *, by: Principal) -> None:
    """Make known which of a prisoner's alerts have begun or ended since that was last done."""
    async with uow:
        today, stamp = london(uow.now).date(), _stamp(uow, by)
        await uow.store(PersonStore).touch(number)
        store, changed = uow.store(AlertStore), False
        for one in await store.of_prisoner(number):
            now = one.announced(stamp, today)
            if now != one:
                await store.save(now)
                changed = True
                if now.made_inactive and not one.made_inactive:
                    uow.publish(AlertInactive(**_facts(now)))
        if changed:
            _changed(uow, number)


async def _refuse_second(store: AlertStore, one: Alert, uow: UnitOfWork) -> None:
    today = london(uow.now).date()
    held = await store.of_prisoner(one.prisoner_number)
    if any(other.code == one.code and other.id != one.id and not other.ended_on(today) for other in held):
        raise AlertExists


def _stamp(uow: UnitOfWork, by: Principal) -> Stamp:
    return Stamp(uow.now, by.principal_name, by.name or by.principal_name)


def _facts(one: Alert) -> dict[str, Any]:
    return {
        "alert_uuid": str(one.id), "alert_code": one.code, "detail_path": f"/alerts/{one.id}",
        "person": PersonReference.of(noms=one.prisoner_number),
    }  # fmt: skip


def _changed(uow: UnitOfWork, number: str) -> None:
    about = PersonReference.of(noms=number)
    uow.publish(AlertsChanged(noms_number=number, person=about, detail_path=f"/prisoners/{number}/alerts"))
