"""The sender's tables: messages asked for, and what Notify said became of them.

A sending service makes them in a migration of its own: ``op.execute(table.DDL)``. Instants of delivery
(when to try next, leases, how long a message is useful) are real time; the others are business time.
"""

from sqlalchemy import text

DDL = """
create table notification_request (
  id uuid primary key,
  dedupe_key text unique,
  channel text not null,
  template_key text not null,
  template_version_seen integer,
  recipient_ciphertext text,
  recipient_hash text not null,
  personalisation text,
  status text not null check (status in (
    'queued', 'sending', 'accepted', 'delivered', 'failed-permanent', 'failed-temporary', 'failed-technical',
    'abandoned', 'suppressed')),
  notify_id uuid,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  claimed_until timestamptz,
  last_error_class text,
  created_at timestamptz not null,
  accepted_at timestamptz,
  completed_at timestamptz,
  expires_at timestamptz not null
);
create index notification_request_due on notification_request (next_attempt_at)
 where status in ('queued', 'sending');
create index notification_request_accepted on notification_request (accepted_at) where status = 'accepted';
create index notification_request_notify_id on notification_request (notify_id) where notify_id is not null;
create index notification_request_to_wipe on notification_request (completed_at)
 where completed_at is not null and personalisation is not null;
create index notification_request_unreachable on notification_request (recipient_hash, completed_at)
 where status = 'failed-permanent';
create table notification_receipt (
  id uuid primary key,
  notify_id uuid not null,
  reference uuid,
  status text not null,
  completed_at timestamptz,
  raw_ciphertext text not null,
  received_at timestamptz not null,
  look_at timestamptz not null default now(),
  processed_at timestamptz,
  outcome text
);
create index notification_receipt_open on notification_receipt (look_at) where processed_at is null;
create index notification_receipt_received on notification_receipt (received_at);
create function notification_requested() returns trigger language plpgsql as $$
begin
  perform pg_notify('throughcare_mail_' || tg_table_schema, '');
  return null;
end $$;
create trigger notification_requested after insert on notification_request
   for each statement execute function notification_requested();
"""


def channel(service: str) -> str:
    """The NOTIFY channel that wakes the sender of ``service``."""
    return f"throughcare_mail_{service}"


ADD = text("""
    insert into notification_request (
      id, dedupe_key, channel, template_key, recipient_ciphertext, recipient_hash, personalisation, status,
      created_at, completed_at, expires_at)
    select cast(:id as uuid), :dedupe_key, 'email', :template, :recipient, :recipient_hash, :personalisation,
           case when fate.send then 'queued' else 'suppressed' end, fate.at,
           case when fate.send then null else fate.at end,
           now() + make_interval(secs => cast(:window as float8))
      from (select cast(:now as timestamptz) as at, cast(:send as boolean) and not exists (
              select 1 from notification_request
               where recipient_hash = :recipient_hash and status = 'failed-permanent'
                 and notify_id is not null
                 and completed_at > cast(:now as timestamptz) - make_interval(days => :unreachable_days)
            ) as send) fate
        on conflict (dedupe_key) do nothing
    returning id
""")
REPEAT = text("""
    insert into notification_request (
      id, dedupe_key, channel, template_key, recipient_ciphertext, recipient_hash, personalisation, status,
      created_at, completed_at, expires_at)
    select cast(:id as uuid), 'again:' || id, channel, template_key, coalesce(:recipient, recipient_ciphertext),
           coalesce(:recipient_hash, recipient_hash), personalisation,
           case when cast(:send as boolean) then 'queued' else 'suppressed' end, :now,
           case when cast(:send as boolean) then null else cast(:now as timestamptz) end,
           now() + make_interval(secs => cast(:window as float8))
      from notification_request where id = :request_id and personalisation is not null
        on conflict (dedupe_key) do nothing
    returning id
""")
CLAIM = text("""
    update notification_request set status = 'sending', attempts = attempts + 1,
           claimed_until = now() + make_interval(secs => :lease)
     where id in (
       select id from notification_request
        where status in ('queued', 'sending') and next_attempt_at <= now()
          and (claimed_until is null or claimed_until < now())
        order by next_attempt_at limit :batch for update skip locked)
    returning id, template_key, recipient_ciphertext, personalisation, attempts,
              expires_at <= now() as expired
""")
ACCEPT = text("""
    update notification_request
       set status = 'accepted', notify_id = :notify_id, template_version_seen = :version,
           accepted_at = :now, claimed_until = null, last_error_class = null
     where id = :id and status = 'sending'
""")
END = text("""
    update notification_request set status = :status, completed_at = :now, claimed_until = null,
           last_error_class = :error
     where id = :id and status = 'sending'
""")
POSTPONE = text("""
    update notification_request set status = 'queued', claimed_until = null, last_error_class = :error,
           next_attempt_at = least(now() + make_interval(secs => :delay), greatest(expires_at, now()))
     where id = :id and status = 'sending'
""")
HOLD_ALL = text("""
    update notification_request
       set next_attempt_at = greatest(next_attempt_at, now() + make_interval(secs => :delay))
     where status = 'queued'
""")
OPEN_BY_TEMPLATE = text("""
    select template_key, count(*) as messages from notification_request
     where status in ('queued', 'sending', 'accepted') group by template_key
""")
WIPE = text("""
    update notification_request set personalisation = null, recipient_ciphertext = null
     where id in (
       select id from notification_request
        where completed_at < cast(:now as timestamptz) - interval '7 days' and personalisation is not null
        limit 5000)
""")
UNSETTLED = text("""
    select id, notify_id from notification_request
     where status = 'accepted' and accepted_at < cast(:now as timestamptz) - interval '97 hours'
     order by accepted_at limit 500
""")
SETTLE = text("""
    update notification_request
       set status = :status, notify_id = :notify_id, completed_at = :completed_at, claimed_until = null,
           accepted_at = coalesce(accepted_at, :completed_at)
     where id = :id and status <> :status and (completed_at is null or completed_at <= :completed_at)
    returning id, template_key
""")

KEEP_RECEIPT = text("""
    insert into notification_receipt (
      id, notify_id, reference, status, completed_at, raw_ciphertext, received_at)
    values (:id, :notify_id, :reference, :status, :completed_at, :raw, :now)
""")
OPEN_RECEIPTS = text("""
    select r.id, r.notify_id, r.reference, r.status, r.completed_at, r.received_at
      from notification_receipt r
     where r.processed_at is null and r.look_at <= now()
     order by r.received_at limit 100 for update skip locked
""")
REQUEST_OF = text("""
    select id from notification_request where id = :reference or notify_id = :notify_id limit 1
""")
CLOSE_RECEIPT = text("update notification_receipt set processed_at = now(), outcome = :outcome where id = :id")
LOOK_LATER = text("update notification_receipt set look_at = now() + interval '10 minutes' where id = :id")
CLEAN_RECEIPTS = text("""
    delete from notification_receipt where id in (
      select id from notification_receipt
       where processed_at is not null and received_at < cast(:now as timestamptz) - interval '7 days'
       limit 5000)
""")
