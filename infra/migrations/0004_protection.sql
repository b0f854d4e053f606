-- Who may do what: one way to append, one change to what was written (prose to NULL), one way to remove a workspace.

create function ledger.refuse_all() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = 'PB005';
end $$;

-- erase_prose and delete_workspace announce themselves for the length of their transaction.
create function ledger.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) then
    if tg_op = 'DELETE' and current_setting('pushback.deleting', true)
                          = pg_current_xact_id()::text || ' ' || old.workspace_id then
      return old;
    end if;
    if tg_op = 'UPDATE' and new.prose is null
       and current_setting('pushback.erasing', true) = pg_current_xact_id()::text then
      old.prose := null;
      if new is not distinct from old then
        return new;
      end if;
    end if;
  end if;
  raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = 'PB005';
end $$;

create trigger refuse_change before update or delete on ledger.event
for each row execute function ledger.refuse_change();
create trigger refuse_truncate before truncate on ledger.event
for each statement execute function ledger.refuse_all();
create trigger refuse_change before update or delete on ledger.tombstone
for each row execute function ledger.refuse_all();
create trigger refuse_truncate before truncate on ledger.tombstone
for each statement execute function ledger.refuse_all();
alter table ledger.event enable always trigger refuse_change;
alter table ledger.event enable always trigger refuse_truncate;
alter table ledger.tombstone enable always trigger refuse_change;
alter table ledger.tombstone enable always trigger refuse_truncate;

-- Erases the prose of entries and appends the event that says so, in one transaction; the answer is its position.
create function ledger.erase_prose(p_workspace uuid, p_positions bigint[], p_event ledger.new_event) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  appended bigint;
  found_entries int;
begin
  select 1 + positions[1] into appended from ledger.append(
    array[p_workspace], array[0], array[1], array[1], p_event.occurred_at is not null,
    array[row(1, 1, p_event.stream_id, p_event.version - 1)::ledger.claim], array[p_event]);
  select count(*) into found_entries from ledger.event
   where workspace_id = p_workspace and position = any (p_positions) and position < appended;
  if found_entries <> (select count(distinct p) from unnest(p_positions) p) then
    raise exception 'some of the positions hold no entry' using errcode = 'PB004';
  end if;
  perform set_config('pushback.erasing', pg_current_xact_id()::text, true);
  update ledger.event set prose = null
   where workspace_id = p_workspace and position = any (p_positions) and prose is not null;
  perform set_config('pushback.erasing', '', true);
  return appended;
end $$;

-- Deletes a workspace for good and leaves a tombstone; the answer is the number of entries it had.
create function ledger.delete_workspace(p_workspace uuid, p_why text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  length bigint;
begin
  select position into length from ledger.head where workspace_id = p_workspace for update;
  if not found then
    raise exception 'the workspace does not exist' using errcode = 'PB003';
  end if;
  insert into ledger.tombstone (workspace_id, position, entry_hash, why, deleted_by)
  values (p_workspace, length, (select entry_hash from ledger.event where workspace_id = p_workspace and position = length),
          p_why, session_user);
  perform set_config('pushback.deleting', pg_current_xact_id()::text || ' ' || p_workspace, true);
  delete from ledger.event where workspace_id = p_workspace;
  perform set_config('pushback.deleting', '', true);
  delete from ledger.credential where workspace_id = p_workspace;
  delete from ledger.person where workspace_id = p_workspace;
  delete from ledger.head where workspace_id = p_workspace;
  delete from ledger.workspace where workspace_id = p_workspace;
  return length;
end $$;

-- Row-level security is the second net: every statement names its workspace too. The fold reads all of them.
alter table ledger.event enable row level security;
alter table ledger.head enable row level security;
alter table ledger.workspace enable row level security;
alter table ledger.person enable row level security;
create policy own_workspace on ledger.event
using (workspace_id = (select nullif(current_setting('pushback.workspace', true), '')::uuid));
create policy own_workspace on ledger.head
using (workspace_id = (select nullif(current_setting('pushback.workspace', true), '')::uuid));
create policy own_workspace on ledger.workspace
using (workspace_id = (select nullif(current_setting('pushback.workspace', true), '')::uuid));
create policy own_workspace on ledger.person
using (workspace_id = (select nullif(current_setting('pushback.workspace', true), '')::uuid));
create policy every_workspace on ledger.event for select to pushback_fold using (true);
create policy every_workspace on ledger.head for select to pushback_fold using (true);
create policy every_workspace on ledger.workspace for select to pushback_fold using (true);

grant execute on function ledger.append, ledger.open_workspace to pushback_app;
grant execute on function ledger.erase_prose, ledger.delete_workspace to pushback_privacy;
grant select on ledger.event, ledger.head, ledger.workspace, ledger.person, ledger.credential, ledger.tombstone
to pushback_app, pushback_auditor, pushback_privacy;
grant select on ledger.event, ledger.head, ledger.workspace to pushback_fold;
grant insert on ledger.person, ledger.credential to pushback_app;
grant update (revoked_at) on ledger.credential to pushback_app;
-- Forgetting a person: the names go, the id stays.
grant update (name, email, salt) on ledger.person to pushback_privacy;
