-- The roles, the schema of the ledger, and the record of migrations.
-- This file runs as the login that migrates; every later one as pushback_owner.
-- Roles belong to the whole server: another database of it, or another process now, may have made them.
do $$
declare
    name text;
begin
    foreach name in array array['pushback_owner', 'pushback_app', 'pushback_fold', 'pushback_privacy', 'pushback_auditor']
    loop
        begin
            if not exists (select from pg_roles where rolname = name) then
                execute format('create role %I nologin', name);
            end if;
        exception when duplicate_object or unique_violation then
            null;
        end;
    end loop;

    -- A login that is no superuser gets the right to take the owner's role from having made it.
    if not pg_has_role(current_user, 'pushback_owner', 'SET') then
        execute format('grant pushback_owner to %I with set true, inherit true', current_user);
    end if;
end
$$;

create schema ledger authorization pushback_owner;

set local role pushback_owner;

-- A function is for whom it is granted to: PostgreSQL's own default is everybody.
alter default privileges revoke execute on functions from public;

grant usage on schema ledger to pushback_app, pushback_fold, pushback_privacy, pushback_auditor;

create table ledger.migration (
    version int primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
);

grant select on ledger.migration to pushback_app, pushback_fold, pushback_privacy, pushback_auditor;
