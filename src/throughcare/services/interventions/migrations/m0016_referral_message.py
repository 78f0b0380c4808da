"""Which messages were asked for about which referral, and for whom."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0016", "0015"

MESSAGES = """
create table referral_message (
  request_id uuid primary key,
  referral_id uuid not null references referral,
  recipient text not null check (recipient in ('probation-practitioner', 'caseworker', 'service-provider')),
  name text not null,
  sent_again_as uuid
);
create index referral_message_of_referral on referral_message (referral_id);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(MESSAGES)
