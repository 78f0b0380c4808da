"""The inbox: which events have had their effect in this service, and which keep failing."""

from sqlalchemy import text

DDL = """
create table inbox (
  consumer text not null,
  event_id uuid not null,
  event_type text not null,
  first_received_at timestamptz not null,
  attempts integer not null default 0,
  processed_at timestamptz,
  outcome text,
  last_error_class text,
  rounds integer not null default 0,
  parked_at timestamptz,
  primary key (consumer, event_id)
);
create index inbox_first_received on inbox (first_received_at);
create index inbox_parked on inbox (parked_at) where parked_at is not null;
"""

NOTHING_TO_DO = text("""
    insert into inbox (consumer, event_id, event_type, first_received_at, attempts, processed_at, outcome)
    select :consumer, e.id, e.type, now(), 1, now(), 'nothing-to-do'
      from unnest(cast(:ids as uuid[]), cast(:types as text[])) as e(id, type)
        on conflict (consumer, event_id) do update
       set processed_at = now(), outcome = 'nothing-to-do', attempts = inbox.attempts + 1
     where inbox.processed_at is null
""")
FAILED = text("""
    insert into inbox (consumer, event_id, event_type, first_received_at, attempts, outcome, last_error_class)
    values (:consumer, :id, :type, now(), 1, :outcome, :error)
        on conflict (consumer, event_id) do update
       set attempts = inbox.attempts + 1, outcome = :outcome, last_error_class = :error
     where inbox.processed_at is null
""")
AUTOMATIC_ROUND = text("""
    insert into inbox (consumer, event_id, event_type, first_received_at, outcome, rounds)
    values (:consumer, :id, :type, now(), 'dead', 1)
        on conflict (consumer, event_id) do update
       set rounds = inbox.rounds + 1,
           parked_at = case when inbox.rounds >= :limit then coalesce(inbox.parked_at, now()) end
    returning parked_at
""")
FORGIVE = text("update inbox set rounds = 0, parked_at = null where consumer = :consumer and event_id = :id")
FORGIVE_ALL = text("""
    update inbox set rounds = 0, parked_at = null where consumer = :consumer and (rounds > 0 or parked_at is not null)
""")
CLEAN = text("""
    delete from inbox where (consumer, event_id) in (
      select consumer, event_id from inbox
       where first_received_at < now() - make_interval(days => :days) and parked_at is null limit 5000)
""")
