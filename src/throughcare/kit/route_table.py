"""Every route of a service with what it needs, read from the routers without starting anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi.routing import APIRoute

from throughcare.kit.service import Service


@dataclass(frozen=True)
class RouteRow:
    """One method and path of a service, and the roles of which a caller needs one."""

    service: str
    method: str
    path: str
    roles: tuple[str, ...]


def route_table(services: Sequence[Service]) -> list[RouteRow]:
    """The rows of ``services``, in the order of their routers, the kit's own routes last."""
    from throughcare.kit.operations import events, queues
    from throughcare.kit.web import health, static
    from throughcare.kit.web.router import required

    rows = []
    for service in services:
        for router in (*service.routers(), queues.router, events.router, health.router, static.router):
            for route in router.api.routes:
                assert isinstance(route, APIRoute)
                path = f"{service.path.rstrip('/')}{route.path}"
                rows += [RouteRow(service.name, one, path, required(route)) for one in sorted(route.methods or ())]
    return rows
