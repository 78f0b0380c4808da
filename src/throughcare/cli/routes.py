"""``throughcare routes``: who may use what."""

from __future__ import annotations

import json

from rich.console import Console
from rich.table import Table

from throughcare import catalogue
from throughcare.cli.errors import CommandError
from throughcare.kit.route_table import route_table


def routes(*, roles: bool, service: str, as_json: bool) -> None:
    """Print the route table. Raises CommandError."""
    try:
        rows = route_table([catalogue.service(service)] if service else catalogue.services())
    except catalogue.UnknownService as error:
        raise CommandError(str(error.args[0])) from None
    if as_json:
        print(
            json.dumps(
                [{"service": one.service, "method": one.method, "path": one.path, "roles": one.roles} for one in rows]
            )
        )
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("service", "method", "path", *(["roles (any of)"] if roles else [])):
        table.add_column(heading, overflow="fold")
    for one in rows:
        table.add_row(one.service, one.method, one.path, *([", ".join(one.roles)] if roles else []))
    Console(highlight=False, soft_wrap=False).print(table)
    print(f"{len(rows)} routes")
