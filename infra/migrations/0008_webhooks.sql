-- Where webhooks lead, what signs their messages, and how far delivery is: outside the ledger, for an address is often a
-- secret itself. Whoever looks for work in all workspaces sees no address and no secret.

create table ledger.webhook (
  workspace_id  uuid not null references ledger.workspace on delete cascade,
  webhook_id    text not null check (octet_length(webhook_id) between 1 and 100),
  url           text not null check (octet_length(url) between 1 and 2000),
  secret        bytea not null check (octet_length(secret) = 32),
  position      bigint not null check (position >= 0),
  failures      int not null default 0,
  failing_since timestamptz,
  last_error    text check (octet_length(last_error) <= 200),
  try_at        timestamptz not null default now(),
  paused_since  timestamptz,
  lease_until   timestamptz,
  lease_holder  uuid,
  primary key (workspace_id, webhook_id)
) with (fillfactor = 50);

alter table ledger.webhook enable row level security;
create policy own_workspace on ledger.webhook
using (workspace_id = (select nullif(current_setting('pushback.workspace', true), '')::uuid));
create policy every_workspace on ledger.webhook for select to pushback_fold using (true);

grant select, insert, delete on ledger.webhook to pushback_app;
grant update (position, failures, failing_since, last_error, try_at, paused_since, lease_until, lease_holder)
on ledger.webhook to pushback_app;
grant select (workspace_id, webhook_id, position, try_at, paused_since, lease_until) on ledger.webhook to pushback_fold;
