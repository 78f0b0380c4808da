"""``throughcare routes``: who may use what."""

from __future__ import annotations

import json

from throughcare import catalogue
from throughcare.cli.errors import CommandError
from throughcare.cli.tables import print_table
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
    columns = {"service": "service", "method": "method", "path": "path"} | (
        {"roles (any of)": "roles"} if roles else {}
    )
    shown = [
        {"service": one.service, "method": one.method, "path": one.path, "roles": ", ".join(one.roles)} for one in rows
    ]
    print_table(shown, columns, "there are no routes")
    print(f"{len(rows)} routes")
