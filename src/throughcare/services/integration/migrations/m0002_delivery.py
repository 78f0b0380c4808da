"""One pending notification for an endpoint and type; a numbered line of deliveries for each consumer."""

from alembic import op

revision, down_revision = "0002", "0001"

NOTIFICATIONS = """
alter table notification add column audiences jsonb not null default '{}';
alter table notification add column open boolean not null default true;
update notification
   set audiences = jsonb_build_object(coalesce(prison_id, '') || '/' || supervision_status, hmpps_id);
update notification n set open = false
  from (select event_id, row_number() over (partition by path, event_type order by event_id desc) as place
          from notification where distributed_at is null) r
 where n.event_id = r.event_id and r.place > 1 or n.distributed_at is not null;
drop index notification_pending;
drop index notification_due;
alter table notification drop column id;
alter table notification set (fillfactor = 80);
create unique index notification_open on notification (path, event_type) where open;
create index notification_due on notification (due_at, event_id) where distributed_at is null;
"""
DELIVERIES = """
create table lane (
  consumer text primary key,
  position bigint not null default 0,
  forgotten bigint not null default 0,
  failures integer not null default 0,
  retry_at timestamptz,
  last_error text,
  last_delivered_at timestamptz
);
alter table consumer add column feed boolean not null default false;
alter table delivery drop constraint delivery_pkey, drop constraint delivery_notification_id_consumer_key,
  drop constraint delivery_notification_id_fkey, drop constraint delivery_consumer_fkey;
alter table delivery add column position bigint, add column hmpps_id text, add column prison_id text,
  add column supervision_status text, add column dead_at timestamptz;
update delivery d
   set position = r.place, hmpps_id = n.hmpps_id, prison_id = n.prison_id, supervision_status = n.supervision_status
  from (select id, row_number() over (partition by consumer order by id) as place from delivery) r, notification n
 where r.id = d.id and n.event_id = d.notification_id;
delete from delivery where position is null;
drop index delivery_pending;
alter table delivery drop column id, add primary key (consumer, position);
alter table delivery alter column supervision_status set not null, set (fillfactor = 80);
create index delivery_pending on delivery (consumer, position) where delivered_at is null and dead_at is null;
create index delivery_dead on delivery (consumer, position) where dead_at is not null;
create index delivery_notification on delivery (notification_id);
insert into lane (consumer, position)
select c.name, coalesce(max(d.position), 0) from consumer c left join delivery d on d.consumer = c.name group by c.name;
"""


def upgrade() -> None:
    op.execute(NOTIFICATIONS)
    op.execute(DELIVERIES)
