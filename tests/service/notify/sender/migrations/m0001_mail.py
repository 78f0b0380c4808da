from alembic import op

from throughcare.kit.db.migrate import kit_tables
from throughcare.kit.notify import table

revision, down_revision = "0001", None


def upgrade() -> None:
    kit_tables(op)
    op.execute(table.DDL)
