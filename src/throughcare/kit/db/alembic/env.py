"""Runs a service's revisions on the connection that ``kit.db.migrate`` hands over."""

from typing import Any

from alembic import context
from alembic.ddl.postgresql import PostgresqlImpl
from sqlalchemy import TextClause
from sqlalchemy.util import await_only


class ScriptImpl(PostgresqlImpl):
    """Lets ``op.execute`` take a whole SQL script, which a prepared statement cannot be."""

    __dialect__ = "postgresql"

    def execute(self, sql: Any, execution_options: Any = None) -> None:
        """Carry out a script or a statement."""
        script = sql.text if isinstance(sql, TextClause) else sql
        if not isinstance(script, str) or self.connection is None:
            super().execute(sql, execution_options)
            return
        driver = self.connection.connection.driver_connection
        assert driver is not None
        await_only(driver.execute(script))


connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema=context.config.attributes["schema"])
with context.begin_transaction():
    context.run_migrations()
