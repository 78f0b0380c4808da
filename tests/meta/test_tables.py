"""Each service's tables as its stores declare them, against those that its migrations make."""

from __future__ import annotations

import importlib
import pkgutil

import asyncpg
import pytest
from sqlalchemy import Table

from tests.conftest import database_url
from throughcare import catalogue
from throughcare.kit.db import schema
from throughcare.kit.service import Service

COLUMNS = """
    select table_name, column_name, is_nullable = 'YES' as nullable, data_type, udt_name
      from information_schema.columns where table_schema = $1
"""


def declared(service: Service) -> dict[str, Table]:
    package = importlib.import_module(catalogue.PACKAGES[service.name])
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.endswith((".store", ".views", ".seeds")):
            importlib.import_module(module.name)
    return {table.name: table for table in schema(service.name).tables.values()}


@pytest.mark.parametrize("service", catalogue.services(), ids=lambda one: one.name)
async def test_a_declared_table_has_the_columns_that_the_migrations_made(
    service: Service, server: str, template: str
) -> None:
    connection = await asyncpg.connect(database_url(server, template))
    rows = await connection.fetch(COLUMNS, service.name)
    await connection.close()
    made: dict[str, dict[str, bool]] = {}
    for row in rows:
        made.setdefault(row["table_name"], {})[row["column_name"]] = row["nullable"]
    for name, table in declared(service).items():
        assert name in made, f"{service.name}.{name} is declared and not made"
        columns = {column.name: bool(column.nullable) for column in table.columns}
        unknown = columns.keys() - made[name].keys()
        assert unknown == set(), f"{service.name}.{name} has no such columns"
        differing = {one for one, nullable in columns.items() if nullable != made[name][one]}
        assert differing == set(), f"{service.name}.{name}: these may be null on one side only"
