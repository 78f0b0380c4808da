"""``throughcare serve`` and ``throughcare work``: some services in this process, settings from the environment."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence

from throughcare import catalogue
from throughcare.cli import system
from throughcare.cli.errors import CommandError
from throughcare.cli.server import listen, serve_and_drain
from throughcare.kit.db.migrate import current, head
from throughcare.kit.db.reach import DatabaseUnfit, check_database, explained
from throughcare.kit.host import Host
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
        service=services[0].name, version=given.version, environment=given.environment, level=given.log_level,
        plain=given.environment == "dev" and sys.stdout.isatty(),
    )  # fmt: skip
    configure_tracing(service_version=given.version, environment=given.environment, product_id=given.product_id)
    with listen(host, port) as listening:
        uvloop.run(_serve(services, given, listening, web, work))


async def _serve(
    services: Sequence[Service], given: PlatformSettings, listening: socket.socket, web: bool, work: bool
) -> None:
    assert given.database_url is not None
    dsn = given.database_url.get_secret_value()
    topology = system.make_topology(dsn, system.held_secrets(given.data, given), given, given.base_url)
    for service in services:
        await _check_schema(topology.database_dsn(service.name), service)
    async with Host(services, topology, work=work) as hosted:
        await serve_and_drain(hosted.app if web else hosted.operations_app, hosted, listening)


async def _check_schema(dsn: str, service: Service) -> None:
    """Raises CommandError when the service's role cannot sign in, or its schema is not what this program needs."""
    try:
        await check_database(dsn)
        with explained(dsn):
            at, newest = await current(dsn, service.name), head(service)
    except DatabaseUnfit as error:
        raise CommandError(f"{service.name}: {error}, and run `throughcare migrate` with the same settings") from None
    if at is None or at < newest:
        raise CommandError(
            f"schema {service.name} is at {at or 'nothing'}, this program needs {newest}: run `throughcare migrate`"
        )
