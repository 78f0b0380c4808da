from alembic import op

from throughcare.kit.db.migrate import kit_tables

revision, down_revision = "0001", None


def upgrade() -> None:
    kit_tables(op)
    op.execute(ACCOUNTS)
    op.execute(CLIENTS_AND_KEYS)
    op.execute(SESSIONS)
    op.execute(TOKENS)


ACCOUNTS = """
create table users (
  user_id uuid primary key,
  username text not null,
  source text not null,
  source_id text not null,
  email text,
  verified boolean not null,
  first_name text not null,
  last_name text not null,
  enabled boolean not null,
  inactive_reason text,
  password text,
  failures integer not null,
  retry_after timestamptz,
  locked_until timestamptz,
  last_logged_in timestamptz,
  created_at timestamptz not null
);
create unique index users_source_username on users (source, username);
create index users_username on users (username);
create index users_email on users (lower(email));
create unique index users_verified_email on users (source, lower(email)) where verified;

create table roles (
  role_code text primary key,
  role_name text not null,
  role_description text not null,
  admin_type jsonb not null,
  hidden_date timestamptz
);
create table user_role (
  id uuid primary key,
  user_id uuid not null references users,
  role_code text not null references roles,
  granted_by text not null,
  granted_at timestamptz not null,
  revoked_at timestamptz
);
create unique index user_role_held on user_role (user_id, role_code) where revoked_at is null;

create table groups (
  group_code text primary key,
  group_name text not null
);
create table child_group (
  child_group_code text primary key,
  child_group_name text not null,
  parent text not null references groups
);
create index child_group_parent on child_group (parent);
create table user_group (
  id uuid primary key,
  user_id uuid not null references users,
  group_code text not null references groups,
  granted_by text not null,
  granted_at timestamptz not null,
  revoked_at timestamptz
);
create unique index user_group_held on user_group (user_id, group_code) where revoked_at is null;
create index user_group_members on user_group (group_code) where revoked_at is null;

create table sign_in_count (
  bucket text not null,
  window_start timestamptz not null,
  attempts integer not null,
  primary key (bucket, window_start)
);
create index sign_in_count_window on sign_in_count (window_start);
"""

CLIENTS_AND_KEYS = """
create table oauth_client (
  client_id text primary key,
  secret_hash text not null,
  grants jsonb not null,
  roles jsonb not null,
  audiences jsonb not null,
  redirect_uris jsonb not null,
  permissions jsonb not null,
  scopes jsonb not null,
  allowed_ips jsonb not null,
  ends_at timestamptz
);
create table signing_key (
  kid text primary key,
  state text not null,
  public jsonb not null,
  private text not null,
  created_at timestamptz not null,
  activated_at timestamptz,
  superseded_at timestamptz
);
create unique index signing_key_in_line on signing_key (state) where state in ('current', 'next');
"""

SESSIONS = """
create table auth_session (
  id uuid primary key,
  account_id uuid not null,
  auth_source text not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  absolute_expiry timestamptz not null,
  revoked_at timestamptz,
  revoke_reason text,
  revoked_by text
);
create index auth_session_account on auth_session (account_id);
create index auth_session_expiry on auth_session (absolute_expiry);
create table browser_session (
  cookie_hash text primary key,
  csrf text not null,
  pending text,
  session_id uuid,
  created_at timestamptz not null
);
create index browser_session_created on browser_session (created_at);
create table not_before (
  scope text not null,
  ref text not null,
  not_before timestamptz not null,
  primary key (scope, ref)
);
"""

TOKENS = """
create table authorization_code (
  code_hash text primary key,
  client_id text not null,
  redirect_uri text not null,
  code_challenge text not null,
  session_id uuid not null,
  account_id uuid not null,
  scopes jsonb not null,
  audiences jsonb not null,
  nonce text,
  family_id uuid not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index authorization_code_expiry on authorization_code (expires_at);
create table issued_token (
  jti text primary key,
  kind text not null,
  client_id text not null,
  session_id uuid,
  account_id uuid,
  family_id uuid not null,
  scopes jsonb not null,
  audiences jsonb not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index issued_token_family on issued_token (family_id);
create index issued_token_client on issued_token (client_id);
create index issued_token_expiry on issued_token (expires_at);
"""
