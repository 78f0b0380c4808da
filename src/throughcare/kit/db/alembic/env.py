"""Runs a service's revisions on the connection that ``kit.db.migrate`` hands over."""

from typing import Any

from alembic import context
from alembic.ddl.postgresql import PostgresqlImpl
from sqlalchemy import TextClause
from sqlalchemy.util import await_only


class ScriptImpl(PostgresqlImpl):
    """Lets ``op.execute`` take a whole SQL script, which a prepared statement cannot be."""

    __dialect__ = "postgresql"

    def _exec(self, construct: Any, *args: Any, **options: Any) -> Any:
        if isinstance(construct, TextClause) and not options.get("execution_options") and self.connection is not None:
            driver = self.connection.connection.driver_connection
            assert driver is not None
            return await_only(driver.execute(construct.text))
        return super()._exec(construct, *args, **options)


connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema=context.config.attributes["schema"])
with context.begin_transaction():
    context.run_migrations()
