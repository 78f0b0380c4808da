"""The SQL of the PostgreSQL bus that PGMQ's own functions do not cover."""

from __future__ import annotations

from functools import cache

SCHEMA = """
create schema if not exists bus;
create table if not exists bus.topic (name text primary key);
create table if not exists bus.queue (
  name text primary key check (name ~ '^[a-z0-9_]{1,43}$'),
  max_receives integer not null check (max_receives > 0),
  visibility double precision not null check (visibility > 0)
);
create table if not exists bus.subscription (
  topic text not null references bus.topic,
  queue text not null references bus.queue,
  policy jsonb not null,
  primary key (topic, queue)
);

create or replace function bus.create_queue(
  new_name text, new_max_receives integer, new_visibility double precision
) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  one text;
begin
  insert into bus.queue as q (name, max_receives, visibility)
  values (new_name, new_max_receives, new_visibility)
  on conflict (name) do update set max_receives = excluded.max_receives, visibility = excluded.visibility
   where (q.max_receives, q.visibility) is distinct from (excluded.max_receives, excluded.visibility);
  foreach one in array array[new_name, new_name || '_dlq'] loop
    if not exists (select from pgmq.meta m where m.queue_name = one) then
      perform pgmq.create(one);
      execute format('alter table pgmq.%I set (autovacuum_vacuum_scale_factor = 0.02,'
                     ' autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0)', 'q_' || one);
    end if;
  end loop;
end $$;
revoke execute on function bus.create_queue(text, integer, double precision) from public;
"""

GRANTS = """
grant usage on schema pgmq, bus to {role};
grant select, insert, update, delete, truncate on all tables in schema pgmq to {role};
alter default privileges in schema pgmq grant select, insert, update, delete, truncate on tables to {role};
grant select, insert, update, delete on all tables in schema bus to {role};
grant execute on function bus.create_queue(text, integer, double precision) to {role};
"""

CREATE_QUEUE = "select bus.create_queue($1, $2, $3)"
CREATE_TOPIC = "insert into bus.topic (name) values ($1) on conflict do nothing"
SUBSCRIBE = """
insert into bus.subscription (topic, queue, policy) values ($1, $2, $3)
on conflict (topic, queue) do update set policy = excluded.policy
"""
UNSUBSCRIBE = "delete from bus.subscription where topic = $1 and queue = $2"
ROUTES = """
select t.name as topic, s.queue, s.policy
  from bus.topic t left join bus.subscription s on s.topic = t.name
 order by t.name, s.queue
"""

RECEIVE = """
select r.msg_id, r.read_ct, r.enqueued_at, r.message #>> '{}' as body, r.headers, q.max_receives, q.visibility
  from bus.queue q, lateral pgmq.read(q.name, ceil(q.visibility)::integer, $2) r
 where q.name = $1
"""
HIDE = "select from pgmq.set_vt($1, $2::bigint[], clock_timestamp() + make_interval(secs => $3))"
PURGE = "select pgmq.purge_queue($1)"

# Formatted with the table of the queue; a lease holds while the message's read count is that of its receipt.
NEXT_DUE = """
select (select extract(epoch from min(vt) - clock_timestamp())::float8 from {table}) as seconds
  from bus.queue where name = $1
"""
ACKNOWLEDGE = """
delete from {table} m using unnest($1::bigint[], $2::integer[]) as lease(id, receives)
 where m.msg_id = lease.id and m.read_ct = lease.receives
"""
EXTEND = """
update {table} m set vt = clock_timestamp() + make_interval(secs => $3)
  from unnest($1::bigint[], $2::integer[]) as lease(id, receives)
 where m.msg_id = lease.id and m.read_ct = lease.receives
"""
RELEASE = """
with freed as (
  update {table} m set vt = clock_timestamp() + make_interval(secs => $3)
   where m.msg_id = $1 and m.read_ct = $2 returning 1)
select pg_notify('throughcare_bus', $4) from freed
"""
BURY = """
with gone as (
  delete from {table} m using unnest($1::bigint[], $2::integer[]) as lease(id, receives)
   where m.msg_id = lease.id and m.read_ct = lease.receives
  returning m.msg_id, m.message, m.enqueued_at, coalesce(m.headers, '{{}}') || jsonb_build_object('dead',
    jsonb_build_object('reason', $4::text, 'detail', $5::text, 'message_id', m.msg_id::text,
                       'sent_at', m.enqueued_at, 'receives', m.read_ct)) as headers)
select pgmq.send_batch($3, array_agg(message order by msg_id), array_agg(headers order by msg_id))
  from gone having count(*) > 0
"""
DEAD = """
select msg_id, message #>> '{{}}' as body, headers, enqueued_at,
       (headers -> 'dead' ->> 'sent_at')::timestamptz as first_sent_at
  from {table} order by msg_id limit $1
"""
REDRIVE = """
with gone as (
  delete from {table} where $2::bigint[] is null or msg_id = any($2)
  returning msg_id, message, coalesce(headers, '{{}}') - 'dead' as headers),
back as (
  select pgmq.send_batch($1, array_agg(message order by msg_id), array_agg(headers order by msg_id))
    from gone having count(*) > 0)
select count(*) as moved, pg_notify('throughcare_bus', $1) from back
"""
DROP_DEAD = """
with gone as (delete from {table} where msg_id = any($1::bigint[]) returning 1) select count(*) from gone
"""
DEPTH = """
select count(*) filter (where vt <= clock_timestamp()) as visible,
       count(*) filter (where vt > clock_timestamp()) as inflight,
       coalesce(extract(epoch from clock_timestamp()
                - min(enqueued_at) filter (where vt <= clock_timestamp())), 0)::float8 as oldest
  from {table}
"""
COUNT = "select count(*) from {table}"


@cache
def send_to(queues: int) -> str:
    """One statement, and so one transaction, that sends to as many queues and wakes who waits for them.

    Its arguments are name, bodies and headers of each queue, then all names; its row holds the ids for each queue.
    """
    places = [3 * number for number in range(queues)]
    ids = [f"array(select pgmq.send_batch(${one + 1}, ${one + 2}::jsonb[], ${one + 3}::jsonb[]))" for one in places]
    wake = f"array(select pg_notify('throughcare_bus', q)::text from unnest(${3 * queues + 1}::text[]) as q)"
    return f"select {', '.join([*ids, wake])}"
