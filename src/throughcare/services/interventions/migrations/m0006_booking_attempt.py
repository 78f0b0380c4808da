"""Bookings under way, and those whose answer never came."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0006", "0005"

ATTEMPT = """
create table booking_attempt (
  owner_id uuid primary key,
  kept integer not null,
  appointment_id uuid,
  busy_until timestamptz
);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(ATTEMPT)
