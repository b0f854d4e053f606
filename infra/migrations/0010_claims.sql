-- A claim says what it is about and not who made it: what several appends of a batch relied on is looked up once. Nobody
-- can move a head back, for every workspace of a call gets an event; so nothing needs to check it at each append.

alter table ledger.head drop constraint head_position_check;
alter type ledger.claim drop attribute event;

-- Why ledger.append could not append: raises PB001 for claims that no longer hold, PB004 for what can never be appended.
create or replace function ledger.refuse(
  p_clock timestamptz, p_workspaces uuid[], p_places int[], p_claims ledger.claim[], p_events ledger.new_event[])
returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  stale int[];
  recorded int[];
  flaw text;
begin
  select array_agg(c.number) into stale
    from unnest(p_claims) with ordinality c (place, stream_id, version, number)
   where c.version <> coalesce((
           select e.version from ledger.event e
            where e.workspace_id = p_workspaces[c.place] and e.stream_id = c.stream_id
            order by e.version desc limit 1), 0);
  if stale is not null then
    select array_agg(number) into recorded
      from generate_subscripts(p_events, 1) number
     where (select e.command_id from ledger.event e
             where e.workspace_id = p_workspaces[p_places[number]]
               and e.command_id >= p_events[number].command_id and e.command_id <= p_events[number].command_id
             order by e.command_id limit 1) is not null;
    raise exception 'a stream has moved on'
    using errcode = 'PB001', detail = stale::text || coalesce(recorded, '{}')::text;
  end if;
  select ledger.flaw(
           p_clock, u.occurred_at, u.version, u.schema_version,
           concat(u.kind, u.actor, u.actor_kind, u.acting_role, u.authorised_by, u.on_behalf_of, u.credential),
           u.on_behalf_of, u.credential, u.command_id, u.command_fingerprint, u.data, u.prose) as found into flaw
    from unnest(p_events) u
   order by found nulls last limit 1;
  raise exception 'an event cannot stand in the ledger: %', coalesce(flaw, 'it is not grouped by its workspace')
  using errcode = 'PB004';
end $$;

-- Appends the events of one or more appends. Events stand grouped by workspace: workspace number i (from 1) has
-- `p_counts[i]` events after the first `p_starts[i]`; `p_places` gives each event's number. The heads are locked in the
-- order of ids. `p_is_timed` says that some event claims a time of its own.
-- Raises PB001 when claims no longer hold (detail: the numbers of those claims, then the numbers of the events whose
-- command is in the ledger, as two arrays), PB003 for an unknown workspace, PB004 for what can never be appended, and a
-- unique violation of event_command_id when only a command is there already. Nothing is appended then.
-- Gives, for each workspace, the last position, the clock, and the last effective time before its first event; if no
-- event claims a time, the clock stands for the latter.
create or replace function ledger.append(
  p_workspaces uuid[], p_starts int[], p_counts int[], p_places int[], p_is_timed boolean,
  p_claims ledger.claim[], p_events ledger.new_event[],
  out positions bigint[], out clocks timestamptz[], out effectives timestamptz[])
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
declare
  received timestamptz := clock_timestamp();
  total int;
  clock_lines bigint[];
  moments timestamptz[];
  moment_lines bigint[];
  inserted int;
begin
  if cardinality(p_workspaces) = 1 then
    update ledger.head
       set position = position + p_counts[1], recorded_at = greatest(recorded_at, received),
           effective_at = case when p_is_timed then effective_at else greatest(recorded_at, received) end
     where workspace_id = p_workspaces[1]
    returning array[position - p_counts[1]], array[recorded_at], array[effective_at],
              array[(extract(epoch from recorded_at) * 1000000)::bigint], p_counts[1]
         into positions, clocks, effectives, clock_lines, total;
  else
    perform from ledger.head where workspace_id = any (p_workspaces) order by workspace_id for no key update;
    with moved as (
      update ledger.head h
         set position = h.position + w.events, recorded_at = greatest(h.recorded_at, received),
             effective_at = case when p_is_timed then h.effective_at else greatest(h.recorded_at, received) end
        from unnest(p_workspaces, p_counts) with ordinality w (workspace_id, events, place)
       where h.workspace_id = w.workspace_id
      returning w.place, w.events, h.position - w.events as position, h.recorded_at, h.effective_at)
    select array_agg(position order by place), array_agg(recorded_at order by place),
           array_agg(effective_at order by place),
           array_agg((extract(epoch from recorded_at) * 1000000)::bigint order by place), sum(events)
      into positions, clocks, effectives, clock_lines, total
      from moved;
  end if;
  if cardinality(positions) is distinct from cardinality(p_workspaces) then
    raise exception 'one of the workspaces does not exist' using errcode = 'PB003';
  end if;

  if p_is_timed then
    select array_agg(t.moment order by t.number),
           array_agg((extract(epoch from t.moment) * 1000000)::bigint order by t.number)
      into moments, moment_lines
      from (select u.number, greatest(effectives[u.place], max(coalesce(u.occurred_at, clocks[u.place]))
                                      over (partition by u.place order by u.number)) as moment
              from unnest(p_places, p_events) with ordinality u (
                place, stream_id, version, kind, schema_version, occurred_at, actor, actor_kind, acting_role,
                authorised_by, on_behalf_of, credential, command_id, command_fingerprint, correlation_id, causation_id,
                data, prose, number)) t;
    update ledger.head h
       set effective_at = moments[w.start + w.events]
      from unnest(p_workspaces, p_starts, p_counts) w (workspace_id, start, events)
     where h.workspace_id = w.workspace_id;
  end if;

  -- `order by ... limit 1` names the index: a plan made while the table was empty might else read the whole workspace.
  insert into ledger.event
  select p_workspaces[u.place], positions[u.place] + u.number - p_starts[u.place],
         u.stream_id, u.version, u.kind, u.schema_version,
         clocks[u.place], u.occurred_at, coalesce(moments[u.number], clocks[u.place]),
         u.actor, u.actor_kind, u.acting_role, u.authorised_by, u.on_behalf_of, u.credential,
         u.command_id, u.command_fingerprint, u.correlation_id, u.causation_id, u.data, u.prose, sha256(u.prose),
         sha256('\x00'::bytea || convert_to(concat(
           E'pushback/entry/v1\n', p_workspaces[u.place], E'\n', positions[u.place] + u.number - p_starts[u.place],
           E'\n', u.stream_id, E'\n', u.version, E'\n', u.kind, E'\n', u.schema_version, E'\n',
           clock_lines[u.place], E'\n', (extract(epoch from u.occurred_at) * 1000000)::bigint, E'\n',
           coalesce(moment_lines[u.number], clock_lines[u.place]), E'\n',
           u.actor, E'\n', u.actor_kind, E'\n', u.acting_role, E'\n', u.authorised_by, E'\n',
           u.on_behalf_of, E'\n', u.credential, E'\n',
           u.command_id, E'\n', encode(u.command_fingerprint, 'hex'), E'\n',
           u.correlation_id, E'\n', u.causation_id, E'\n',
           encode(sha256(u.data), 'hex'), E'\n', encode(sha256(u.prose), 'hex'), E'\n'), 'UTF8'))
    from unnest(p_places, p_events) with ordinality u (
           place, stream_id, version, kind, schema_version, occurred_at, actor, actor_kind, acting_role,
           authorised_by, on_behalf_of, credential, command_id, command_fingerprint, correlation_id, causation_id,
           data, prose, number)
   where u.number - p_starts[u.place] between 1 and p_counts[u.place]
     and (p_is_timed or u.occurred_at is null)
     and ledger.flaw(
           clocks[u.place], u.occurred_at, u.version, u.schema_version,
           concat(u.kind, u.actor, u.actor_kind, u.acting_role, u.authorised_by, u.on_behalf_of, u.credential),
           u.on_behalf_of, u.credential, u.command_id, u.command_fingerprint, u.data, u.prose) is null
     and not exists (
           select from unnest(p_claims) c
            where c.version <> coalesce((
                    select e.version from ledger.event e
                     where e.workspace_id = p_workspaces[c.place] and e.stream_id = c.stream_id
                     order by e.version desc limit 1), 0));

  -- Every row has a position of its own among its workspace's new ones; as many rows as positions leave no gap.
  get diagnostics inserted = row_count;
  if inserted <> total or inserted <> cardinality(p_events) or 0 >= any (p_counts) then
    perform ledger.refuse(received, p_workspaces, p_places, p_claims, p_events);
  end if;
end $$;

-- Erases the prose of entries and appends the event that says so, in one transaction; the answer is its position.
create or replace function ledger.erase_prose(p_workspace uuid, p_positions bigint[], p_event ledger.new_event) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  appended bigint;
  found_entries int;
begin
  select 1 + positions[1] into appended from ledger.append(
    array[p_workspace], array[0], array[1], array[1], p_event.occurred_at is not null,
    array[row(1, p_event.stream_id, p_event.version - 1)::ledger.claim], array[p_event]);
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
