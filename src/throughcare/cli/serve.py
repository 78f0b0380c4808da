"""``throughcare serve`` and ``throughcare work``: some services in this process, settings from the environment."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from throughcare import catalogue
from throughcare.cli import system
from throughcare.cli.errors import CommandError
from throughcare.cli.server import listen, serve_and_drain
from throughcare.kit.db.migrate import current, head
from throughcare.kit.host import Host
from throughcare.kit.messaging.bus import BusUnavailable
from throughcare.kit.service import Service
from throughcare.kit.settings import PlatformSettings
from throughcare.kit.telemetry.logs import configure_logging
from throughcare.kit.telemetry.traces import configure_tracing


def serve(names: Sequence[str], *, host: str, port: int, web: bool, work: bool) -> None:
    """Run until told to stop; SIGTERM drains within 25 s. Raises CommandError."""
    import uvloop

    try:
        services = catalogue.services(names)
    except catalogue.UnknownService as error:
        raise CommandError(str(error.args[0])) from None
    given = system.settings()
    if given.database_url is None or given.secret is None:
        raise CommandError(
            "set DATABASE_URL and THROUGHCARE_SECRET: `serve` and `work` take settings from the environment"
        )
    configure_logging(
        service=services[0].name, version=given.version, environment=given.environment, level=given.log_level
    )
    configure_tracing(service_version=given.version, environment=given.environment, product_id=given.product_id)
    with listen(host, port) as listening:
        uvloop.run(_serve(services, given, listening, web, work))


async def _serve(
    services: Sequence[Service], given: PlatformSettings, listening: socket.socket, web: bool, work: bool
) -> None:
    assert given.database_url is not None
    dsn = given.database_url.get_secret_value()
    await system.reachable(dsn)
    await _check_schemas(dsn, services)
    secrets = system.secrets_of(given.data, given)
    topology = system.make_topology(dsn, secrets, given, given.base_url)
    try:
        async with Host(services, topology, work=work) as hosted:
            application = hosted.app if web else hosted.operations_app
            await serve_and_drain(application, hosted, listening)
    except BusUnavailable as error:
        raise CommandError(
            f"the message bus cannot be reached ({error}): check THROUGHCARE_BUS and its settings"
        ) from None


async def _check_schemas(dsn: str, services: Sequence[Service]) -> None:
    for service in services:
        at, newest = await current(dsn, service.name), head(service)
        if at != newest:
            raise CommandError(
                f"schema {service.name} is at {at or 'nothing'}, this program needs {newest}: run `throughcare migrate`"
            )
