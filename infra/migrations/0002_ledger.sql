-- The tables of the write side. Only the functions of 0003_append.sql and 0004_protection.sql write to the ledger itself.

create table ledger.workspace (
  workspace_id    uuid primary key,
  name            text not null check (name <> '' and octet_length(name) <= 400),
  fingerprint_key bytea not null check (octet_length(fingerprint_key) = 32),
  opened_at       timestamptz not null default clock_timestamp()
);

-- One row a workspace, updated by every append: room on its page keeps those updates off the index.
create table ledger.head (
  workspace_id uuid primary key references ledger.workspace,
  position     bigint not null check (position >= 0),
  recorded_at  timestamptz not null,
  effective_at timestamptz not null
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- Only ledger.append writes this table, and ledger.flaw says there what a line must be: PostgreSQL prepares the check
-- constraints of a table anew for every statement, which was a tenth of an append.
create table ledger.event (
  workspace_id        uuid not null,
  position            bigint not null,
  stream_id           uuid not null,
  version             int not null,
  kind                text not null,
  schema_version      smallint not null,
  recorded_at         timestamptz not null,
  occurred_at         timestamptz,
  effective_at        timestamptz not null,
  actor               text not null,
  actor_kind          text not null,
  acting_role         text not null,
  authorised_by       text not null,
  on_behalf_of        text,
  credential          text,
  command_id          uuid,
  command_fingerprint bytea,
  correlation_id      uuid,
  causation_id        uuid,
  data                bytea not null,
  prose               bytea,
  prose_digest        bytea,
  entry_hash          bytea not null,
  primary key (workspace_id, position),
  constraint event_stream_version unique (workspace_id, stream_id, version)
);

-- What the application hands over for each event, and what an append relied on: the event is that append's first, the
-- stream is in the workspace with this number, and it ended at this version (0: it had not begun).
create type ledger.new_event as (
  stream_id           uuid,
  version             int,
  kind                text,
  schema_version      smallint,
  occurred_at         timestamptz,
  actor               text,
  actor_kind          text,
  acting_role         text,
  authorised_by       text,
  on_behalf_of        text,
  credential          text,
  command_id          uuid,
  command_fingerprint bytea,
  correlation_id      uuid,
  causation_id        uuid,
  data                bytea,
  prose               bytea
);
create type ledger.claim as (
  event     int,
  place     int,
  stream_id uuid,
  version   int
);
create unique index event_command_id on ledger.event (workspace_id, command_id) where command_id is not null;

-- Names stand outside the ledger, so that they can be forgotten; the registration event commits to them with the salt.
create table ledger.person (
  workspace_id uuid not null references ledger.workspace,
  person_id    text not null check (octet_length(person_id) between 1 and 100),
  name         text check (octet_length(name) <= 1000),
  email        text check (octet_length(email) <= 1000),
  salt         text check (octet_length(salt) <= 100),
  primary key (workspace_id, person_id)
);

create table ledger.credential (
  token_hash    bytea primary key check (octet_length(token_hash) = 32),
  workspace_id  uuid not null references ledger.workspace,
  person_id     text not null check (octet_length(person_id) between 1 and 100),
  credential_id text not null check (octet_length(credential_id) between 1 and 100),
  expires_at    timestamptz,
  revoked_at    timestamptz,
  unique (workspace_id, credential_id)
);

-- What is left of a deleted workspace: that it was there, how long it was and how it ended.
create table ledger.tombstone (
  workspace_id uuid primary key,
  position     bigint not null,
  entry_hash   bytea,
  why          text not null check (octet_length(why) between 1 and 4000),
  deleted_by   text not null,
  deleted_at   timestamptz not null default clock_timestamp()
);
