"""The refusals of one domain event are found without reading all of them."""

from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    op.execute("create index refusal_source on refusal (source_event_id)")
