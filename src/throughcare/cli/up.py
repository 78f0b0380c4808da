"""``throughcare up``: the whole system in one process."""

from __future__ import annotations

import socket
from datetime import datetime
from pathlib import Path
from time import monotonic

from rich.console import Console

from throughcare import __version__, catalogue
from throughcare.cli import system
from throughcare.cli.errors import CommandError
from throughcare.cli.populate import populate_if_empty
from throughcare.cli.server import listen, serve_and_drain
from throughcare.kit.db import shared_clock
from throughcare.kit.host import Host
from throughcare.kit.settings import PlatformSettings, Secrets
from throughcare.kit.telemetry.logs import configure_logging
from throughcare.kit.telemetry.traces import configure_tracing
from throughcare.kit.web.static import AssetsMissing, manifest
from throughcare.seeding.accounts import ACCOUNTS, PASSWORD

console = Console(highlight=False, soft_wrap=True)


def up(*, port: int, host: str, data: Path, people: int, clock: str) -> None:
    """Start everything, say where it is, and serve until interrupted. Raises CommandError."""
    started = monotonic()
    given = system.settings()
    moment = _moment(clock)
    if given.environment == "prod":
        raise CommandError("`up` is for development and demonstrations: run `serve` and `work` in production")
    try:
        manifest()
    except AssetsMissing as error:
        raise CommandError(str(error)) from None
    system.check_people(people)
    with listen(host, port) as listening:
        folder = system.data_folder_for(data, given)
        with system.alone(folder), (folder / "throughcare.log").open("a", encoding="utf-8") as log:
            configure_logging(
                service="throughcare", version=given.version, environment=given.environment, stream=log,
                level=given.log_level,
            )  # fmt: skip
            configure_tracing(service_version=given.version, environment=given.environment, product_id=given.product_id)
            secrets = system.secrets_of(folder, given)
            with console.status("starting PostgreSQL"), system.database(folder, given) as dsn:
                _run(dsn, secrets, given, listening, folder, people, moment, started)
    console.print("stopped; the data is kept in", str(data))


def _run(
    dsn: str, secrets: Secrets, given: PlatformSettings, listening: socket.socket, folder: Path, people: int,
    moment: datetime | None, started: float,
) -> None:  # fmt: skip
    import uvloop

    uvloop.run(_serve(dsn, secrets, given, listening, folder, people, moment, started))


async def _serve(
    dsn: str, secrets: Secrets, given: PlatformSettings, listening: socket.socket, folder: Path, people: int,
    moment: datetime | None, started: float,
) -> None:  # fmt: skip
    base_url = f"http://localhost:{listening.getsockname()[1]}"
    changed = await system.bring_up_to_date(dsn, catalogue.services(), secrets, bus=given.bus == "pgmq")
    if changed:
        console.print(f"schemas brought up to date: {', '.join(changed)}")
    await shared_clock.begin(dsn, moment)
    topology = system.make_topology(dsn, secrets, given, base_url)
    async with Host(catalogue.services(), topology, work=True, held=True) as host:
        await populate_if_empty(host, people, console=console)
        host.begin_work()
        system.note_running(folder, base_url)
        try:
            await serve_and_drain(
                host.app, host, listening, ready=lambda: _welcome(host, base_url, monotonic() - started)
            )
        finally:
            (folder / system.RUNNING).unlink(missing_ok=True)


def _welcome(host: Host, base_url: str, seconds: float) -> None:
    who = {
        "ROLE_PROBATION": "probation practitioner",
        "ROLE_CRS_PROVIDER": "service provider caseworker",
        "ROLE_THROUGHCARE_SUPPORT": "support",
        "ROLE_INTERVENTIONS_SERVICE_EDITOR": "service editor",
    }
    console.print(f"throughcare {__version__}: {len(host.services)} services in {seconds:.1f} s at {base_url}")
    console.print(
        f"console {base_url}/console · messages {base_url}/inbox · API docs {base_url}/<service>/swagger-ui/index.html",
    )
    if host.topology.clock.settable:
        console.print(
            f"the clock says {host.topology.clock.now():%Y-%m-%d %H:%M} UTC; `throughcare clock advance 1d` moves it"
        )
    console.print(f"sign in with the password {PASSWORD!r} as")
    for account in ACCOUNTS:
        role = who.get(account.roles[0], "operator (console, inbox)")
        console.print(f"  {account.username:<36}{account.name}, {role}")
    console.print("Ctrl-C stops everything")


def _moment(clock: str) -> datetime | None:
    if not clock:
        return None
    try:
        return datetime.fromisoformat(clock)
    except ValueError:
        raise CommandError(f"--clock {clock!r} is not a time: write it like 2024-03-04T12:00:00Z") from None
