"""A service that does nothing but send mail, under the name of one that the stand-in knows."""

from __future__ import annotations

import json
from importlib.resources import files

from throughcare.kit.notify import (
    MailSettings,
    Manifest,
    NotificationDeliveryFailed,
    callbacks_router,
    mail_jobs,
    mail_workers,
)
from throughcare.kit.service import Service

MANIFEST: Manifest = json.loads(
    files("throughcare.services.notify").joinpath("templates", "interventions", "manifest.json").read_text("utf-8")
)

SERVICE = Service(
    name="interventions",
    path="/interventions-service",
    title="Sender",
    package="tests.service.notify.sender",
    routers=lambda: [callbacks_router()],
    settings=MailSettings,
    publishes=[NotificationDeliveryFailed],
    workers=mail_workers("interventions"),
    jobs=mail_jobs(),
)
