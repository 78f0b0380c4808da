"""One row a referral for lists: the facts that lists show, sort and filter by, brought up to date with each change.

Whoever changes one of these facts calls ``refresh`` in the same transaction. Of what follows from the facts, only the
list that a referral is on is kept: PostgreSQL works it out, so that it cannot disagree, and finds lists by it.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Boolean, Column, Computed, Date, DateTime, Table, Text, Uuid, text

from throughcare.kit.db.database import Store, schema

MOMENT = DateTime(timezone=True)
OPEN, COMPLETED, CANCELLED = "OPEN", "COMPLETED", "CANCELLED"
# As ``Closing.completed`` and ``Closing.cancelled`` have them.
STANDING = f"""
case when concluded_at is not null and report_submitted then '{COMPLETED}'
     when concluded_at is not null and end_requested_at is not null and not started then '{CANCELLED}'
     else '{OPEN}' end
"""

referral_summary = Table(
    "referral_summary",
    schema("interventions"),
    Column("referral_id", Uuid, primary_key=True),
    Column("intervention_id", Uuid, nullable=False),
    Column("reference_number", Text, nullable=False),
    Column("crn", Text, nullable=False),
    Column("sent_at", MOMENT, nullable=False),
    Column("sent_by", Uuid, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("first_name", Text),
    Column("last_name", Text),
    Column("full_name", Text),
    Column("assigned_to", Uuid),
    Column("assignee", Text),
    Column("concluded_at", MOMENT),
    Column("end_requested_at", MOMENT),
    Column("has_report", Boolean, nullable=False),
    Column("report_submitted", Boolean, nullable=False),
    Column("started", Boolean, nullable=False),
    Column("expected_release_date", Date),
    Column("location_type", Text),
    Column("location", Text),
    Column("referral_releasing_12_weeks", Boolean),
    Column("standing", Text, Computed(STANDING, persisted=True), nullable=False),
)

FACTS = """
select r.id, r.intervention_id, r.reference_number, r.crn, r.sent_at, r.sent_by, r.created_by, p.first_name,
       p.last_name, lower(p.first_name || ' ' || p.last_name), a.assigned_to, who.user_name, r.concluded_at,
       r.end_requested_at, e.id is not null, e.submitted_at is not null,
       exists (select from appointment one
                where one.referral_id = r.id and one.delivery_session_id is not null and not one.stale
                  and one.appointment_feedback_submitted_at is not null and one.attended in ('YES', 'LATE')),
       l.expected_release_date, l.person_current_location_type,
       case when l.person_current_location_type = 'CUSTODY' then nullif(l.person_custody_prison_id, '')
            else coalesce(nullif(d.pp_probation_office, ''), nullif(d.pp_pdu, ''), nullif(d.ndelius_pdu, '')) end,
       l.referral_releasing_12_weeks
  from referral r
  join referral_service_user_data p on p.referral_id = r.id
  join referral_location l on l.referral_id = r.id
  join probation_practitioner_details d on d.referral_id = r.id
  left join referral_assignment a on a.referral_id = r.id and not a.superseded
  left join actor who on who.id = a.assigned_to
  left join end_of_service_report e on e.referral_id = r.id
"""
NAMES = [column.name for column in referral_summary.columns if column.computed is None]
REFRESH = text(f"""
    insert into referral_summary ({", ".join(NAMES)}) {FACTS} where r.id = any(:referral_ids)
    on conflict (referral_id) do update set {", ".join(f"{name} = excluded.{name}" for name in NAMES[1:])}
""")  # constants


class SummaryStore(Store):
    """What lists say of referrals."""

    async def refresh(self, *referral_ids: UUID) -> None:
        """Bring the lines of referrals up to date with what this transaction wrote."""
        await self.connection.execute(REFRESH, {"referral_ids": list(referral_ids)})
