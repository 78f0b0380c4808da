"""Masks the tables of a copy in place.

New values come from tables and functions that live as long as the connection; the number that they are drawn by is made
up for one run and kept nowhere, so that nobody can find the way back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.masking.model import EMPTIED, OF_PERSON, Kind, Masked

CLASSIFIABLE = """
    select table_name, column_name from information_schema.columns
     where table_schema = 'interventions' and table_name <> all($1)
       and data_type not in ('uuid', 'boolean', 'integer', 'bigint', 'timestamp with time zone')
"""
SCHEMAS = "select nspname from pg_namespace where nspname = any($1)"
SERVICES = """
    select count(*) from pg_stat_activity
     where datname = current_database() and application_name like 'throughcare-%'
"""
WHICH = "select pg_postmaster_start_time()::text || current_database()"
ACTORS = "select id, user_id, auth_source, user_name from actor"
DEEDS = """
    select att.attrelid::regclass::text as name, array_agg(att.attname::text order by att.attnum) as columns
      from pg_attribute att join pg_class one on one.oid = att.attrelid and one.relkind = 'r'
     where one.relnamespace = 'interventions'::regnamespace and att.atttypid = 'uuid'::regtype and not att.attisdropped
       and (att.attname like '%\\_by' or att.attname like '%\\_to' or exists (
             select from pg_constraint con where con.confrelid = 'actor'::regclass and con.contype = 'f'
                and con.conrelid = att.attrelid and att.attnum = any(con.conkey)))
     group by att.attrelid
"""
LINKS = """
    select conrelid::regclass::text as name, quote_ident(conname) as link, pg_get_constraintdef(oid) as rule
      from pg_constraint where confrelid = 'actor'::regclass and contype = 'f'
"""
IDENTIFY = "update actor a set id = m.new from mask_actor m where m.old = a.id"
TOOLS = """
create temporary table mask_names as select cast($names$%(first)s$names$ as text[]) as first,
                                            cast($names$%(last)s$names$ as text[]) as last;
create function pg_temp.mask_pick(given text, most bigint) returns bigint language sql as $$
  select abs(hashtextextended(lower(given), %(seed)s) %% most)
$$;
create function pg_temp.mask_name(n bigint, part text) returns text language sql as $$
  select case part when 'first' then first[1 + n %% cardinality(first)]
                   else last[1 + n / cardinality(first) %% cardinality(last)] end from mask_names
$$;
create function pg_temp.mask_text(given text) returns text language sql as $$
  select case when given ~ '\\S'
              then rtrim(left(repeat('Made up for tests. ', 1 + length(given) / 19),
                              power(2, floor(log(2, length(given)::numeric)))::int))
              else given end
$$;
create function pg_temp.mask_code(given text) returns text language sql as $$
  select case when given ~ '^([A-Z]{3}|CRS[A-Z0-9]{3,5})$' then given else pg_temp.mask_text(given) end
$$;
create function pg_temp.mask_place(given text) returns text language sql as $$
  select case when exists (select from probation_office where name = given)
                or exists (select from probation_delivery_unit where name = given)
              then given else pg_temp.mask_code(given) end
$$;
create function pg_temp.mask_change(given jsonb, topic text) returns jsonb language sql as $$
  select jsonb_build_object('values', coalesce(jsonb_agg(
           case when one ~ '^(true|false|[0-9]{1,3}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$'
                  or topic = 'COMPLETION_DATETIME' and one ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
                then one else pg_temp.mask_text(one) end order by place), '[]'))
    from jsonb_array_elements_text(given -> 'values') with ordinality as each(one, place)
$$;
create function pg_temp.mask_user(given text) returns text language sql as $$
  select case when given = 'hmpps-interventions-service' then given
              when given like '%%@%%' then 'staff.' || pg_temp.mask_pick(given, 1000000000) || '@provider.example.test'
              else 'STAFF' || pg_temp.mask_pick(given, 1000000000) end
$$;
create temporary table mask_person as
select crn as old, chr(65 + (n / 1000000)::int) || lpad((n %% 1000000)::text, 6, '0') as crn,
       pg_temp.mask_name(n, 'first') as first_name, pg_temp.mask_name(n, 'last') as last_name,
       date '1950-01-01' + (n * 7919 %% 19000)::int as date_of_birth, (1 + n %% 28)::int as days
  from (select crn, row_number() over (order by random()) as n
          from (select crn from referral union select crn from draft_referral) as everybody) as numbered;
create temporary table mask_record as
select id, crn from referral union all select id, crn from draft_referral;
analyze mask_person, mask_record;
"""
NEW = {
    Kind.CRN: "p.crn",
    Kind.FIRST_NAME: "p.first_name",
    Kind.LAST_NAME: "p.last_name",
    Kind.FULL_NAME: "lower(p.first_name || ' ' || p.last_name)",
    Kind.BIRTH: "p.date_of_birth",
    Kind.DATE: "t.{0} + p.days",
    Kind.STATED: "'Not stated'",
    Kind.STATED_LIST: "case when t.{0} = '[]' then t.{0} else '[\"Not stated\"]' end",
    Kind.LANGUAGE: "(array['Welsh', 'Polish', 'Urdu', 'Arabic'])[1 + pg_temp.mask_pick(t.{0}, 4)]",
    Kind.TEXT: "pg_temp.mask_text(t.{0})",
    Kind.CODE: "pg_temp.mask_code(t.{0})",
    Kind.PLACE: "pg_temp.mask_place(t.{0})",
    Kind.CHANGE: "pg_temp.mask_change(t.{0}, t.topic)",
    Kind.NAME: "pg_temp.mask_name(pg_temp.mask_pick(t.{0}, 1000000), 'first') || ' '"
    " || pg_temp.mask_name(pg_temp.mask_pick(t.{0}, 1000000), 'last')",
    Kind.USER: "pg_temp.mask_user(t.{0})",
    Kind.USER_ID: "case when t.auth_source = 'urn:hmpps:interventions' then t.{0}"
    " else pg_temp.mask_pick(t.{0}, 1000000000000)::text end",
    Kind.EMAIL: "'mailbox.' || pg_temp.mask_pick(t.{0}, 1000000000) || '@example.test'",
    Kind.EMAILS_IN: "regexp_replace(t.{0}::text, '[^\"\\s@]+@[^\"\\s@]+', 'mailbox@example.test', 'g')::jsonb",
    Kind.TELEPHONE: "'07700 900' || lpad(pg_temp.mask_pick(t.{0}, 1000)::text, 3, '0')",
    Kind.ADDRESS: "(1 + pg_temp.mask_pick(t.{0}, 200)) || ' Example Street'",
    Kind.POST_CODE: "'ZZ993VZ'",
}


@dataclass(frozen=True)
class MaskingStore:
    """A copy, by its owner's connection."""

    connection: asyncpg.Connection[asyncpg.Record]

    async def which(self) -> str:
        """What tells this database from every other."""
        return str(await self.connection.fetchval(WHICH))

    async def in_use(self) -> bool:
        """Whether a service is connected."""
        return bool(await self.connection.fetchval(SERVICES))

    async def schemas(self, names: Sequence[str]) -> list[str]:
        """Those of these schemas that there are."""
        return sorted(row["nspname"] for row in await self.connection.fetch(SCHEMAS, names))

    async def columns(self) -> set[tuple[str, str]]:
        """Every column that needs to be classified, with its table."""
        rows = await self.connection.fetch(CLASSIFIABLE, EMPTIED)
        return {(row["table_name"], row["column_name"]) for row in rows}

    @asynccontextmanager
    async def masking(self, seed: int, first: Sequence[str], last: Sequence[str]) -> AsyncIterator[None]:
        """A transaction in which ``mask`` and ``empty`` can be used, once a connection."""
        lists = {name: "{" + ",".join(f'"{one}"' for one in given) + "}"
                 for name, given in (("first", first), ("last", last))}  # fmt: skip
        async with self.connection.transaction():
            await self.connection.execute("set local statement_timeout = 0; set local search_path = interventions")
            await self.connection.execute(TOOLS % {"seed": seed, **lists})
            yield

    async def mask(self, name: str, masked: Masked) -> int:
        """Give a table its new values; how many rows it has. One with nothing to mask is left alone."""
        new = {column: kind for column, kind in masked.columns.items() if kind is not Kind.KEPT}
        if not new:
            return 0
        values = ", ".join(
            f"{column} = case when t.{column} is not null then {NEW[kind].format(column)} end"
            for column, kind in new.items()
        )
        people = ""
        if OF_PERSON & set(new.values()):
            people = f" from mask_record r join mask_person p on p.old = r.crn where r.id = t.{masked.record}"
        return _rows(await self.connection.execute(f"update {name} t set {values}{people}"))

    async def actors(self) -> dict[UUID, Actor]:
        """Everybody who did something, by the identity that it is kept under."""
        rows = await self.connection.fetch(ACTORS)
        return {row["id"]: Actor(row["user_id"], row["auth_source"], row["user_name"]) for row in rows}

    async def identify(self, identities: Mapping[UUID, UUID]) -> list[str]:
        """Keep what people did under other identities; the tables where that was changed.

        The links to actors are untied for as long as that takes: to check each of them by itself would take hours.
        """
        run = self.connection.execute
        await run("create temporary table mask_actor (old uuid primary key, new uuid not null)")
        await self.connection.executemany("insert into mask_actor values ($1, $2)", list(identities.items()))
        links = await self.connection.fetch(LINKS)
        for one in links:
            await run(f"alter table {one['name']} drop constraint {one['link']}")
        await run(IDENTIFY)
        tables = await self.connection.fetch(DEEDS)
        for one in tables:
            new = (f"{name} = coalesce((select new from mask_actor where old = {name}), {name})"
                   for name in one["columns"])  # fmt: skip
            await run(f"update {one['name']} set {', '.join(new)}")
        await run("set constraints all immediate")
        for one in links:
            await run(f"alter table {one['name']} add constraint {one['link']} {one['rule']}")
        return [one["name"] for one in tables]

    async def empty(self, name: str) -> int:
        """Delete every row of a table; how many there were."""
        return _rows(await self.connection.execute(f"delete from {name}"))

    async def forget(self, name: str) -> None:
        """Write a table anew, without the old values that an update leaves in its files."""
        await self.connection.execute(f"vacuum (full, analyze) interventions.{name}")


def _rows(said: str) -> int:
    return int(said.rpartition(" ")[2])


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[MaskingStore]:
    """The database at ``dsn``. Raises asyncpg.PostgresError, OSError."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        await connection.execute("set statement_timeout = 0")
        yield MaskingStore(connection)
    finally:
        await connection.close()
