"""Prison: prisoners, bookings, movements and alerts. Stands for prison-api and hmpps-alerts-api."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.kit.jobs.schedule import Job, every
from throughcare.kit.service import Service
from throughcare.kit.web.router import Router
from throughcare.services.prison.alert.events import (
    AlertCreated,
    AlertDeleted,
    AlertInactive,
    AlertsChanged,
    AlertUpdated,
)
from throughcare.services.prison.alert.jobs import announce_due
from throughcare.services.prison.dev.seeds import seed
from throughcare.services.prison.movement.events import BookingClosed, BookingOpened, MovementRecorded
from throughcare.services.prison.person.events import AliasAdded, IdentifierAdded, PersonCreated


def _routers() -> Sequence[Router]:
    from throughcare.services.prison.alert import routes as alert
    from throughcare.services.prison.custody import routes as custody
    from throughcare.services.prison.inmate import routes as inmate
    from throughcare.services.prison.movement import routes as movement
    from throughcare.services.prison.person import routes as person
    from throughcare.services.prison.reference import routes as reference
    from throughcare.services.prison.search_details import routes as search_details

    features = (person, custody, inmate, movement, search_details, reference, alert)
    return [feature.router for feature in features]


SERVICE = Service(
    name="prison",
    path="/prison-api",
    title="Prison API",
    routers=_routers,
    publishes=[
        PersonCreated, IdentifierAdded, AliasAdded, BookingOpened, BookingClosed, MovementRecorded,
        AlertCreated, AlertUpdated, AlertInactive, AlertDeleted, AlertsChanged,
    ],
    jobs=[Job("announce-due-alerts", every(hours=1), announce_due)],
    seed=seed,
)  # fmt: skip
