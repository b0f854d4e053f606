-- Appending: positions, times and hashes are computed here and nowhere else.

create function ledger.microseconds(moment timestamptz) returns bigint
language sql immutable parallel safe
return (extract(epoch from moment) * 1000000)::bigint;

-- Opens a workspace with an empty ledger; false when it is open already.
create function ledger.open_workspace(p_workspace uuid, p_name text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from ledger.tombstone where workspace_id = p_workspace) then
    raise exception 'workspace % was deleted', p_workspace using errcode = 'PB003';
  end if;
  insert into ledger.workspace (workspace_id, name, fingerprint_key)
  values (p_workspace, p_name, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
                                      || uuid_send(gen_random_uuid())))
  on conflict do nothing;
  if not found then
    return false;
  end if;
  insert into ledger.head (workspace_id, position, recorded_at, effective_at)
  values (p_workspace, 0, '0001-01-01 00:00:00+00', '0001-01-01 00:00:00+00');
  return true;
end $$;

-- Appends the events of one or more appends. Events stand grouped by workspace: workspace number i (from 1, its head
-- locked in the order of ids) has `p_counts[i]` events after the first `p_starts[i]`; `p_place` names it for each event.
-- A claim is what an append relied on, written or only read: it saw that stream end at that version (0: not begun). The
-- append is named by the number of its first event. `p_occurred` is null when no event claims a time.
-- Raises PB001 when claims no longer hold (detail: numbers of the stale appends, then of those whose command is in the
-- ledger, as two arrays), and a unique violation of event_command_id when only a command is there already.
-- Returns, for each workspace, the last position, the clock and the last effective time before its first event; with no
-- claimed time the latter is the clock.
create function ledger.append(
  p_workspaces uuid[], p_starts int[], p_counts int[],
  p_claim_event int[], p_claim_place int[], p_claim_stream uuid[], p_claim_version int[],
  p_place int[], p_stream uuid[], p_version int[], p_kind text[], p_schema smallint[], p_occurred timestamptz[],
  p_actor text[], p_actor_kind text[], p_role text[], p_authority text[], p_behalf text[], p_credential text[],
  p_command uuid[], p_fingerprint bytea[], p_correlation uuid[], p_causation uuid[], p_data bytea[], p_prose bytea[],
  out positions bigint[], out clocks timestamptz[], out effectives timestamptz[])
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set plan_cache_mode = force_generic_plan as $$
declare
  received timestamptz := clock_timestamp();
  is_usual boolean := p_occurred is null;
  effective timestamptz[];
  stale int[];
  recorded int[];
  inserted int;
begin
  if cardinality(p_workspaces) = 1 then
    update ledger.head h
       set position = position + p_counts[1], recorded_at = greatest(recorded_at, received),
           effective_at = case when is_usual then greatest(recorded_at, received) else effective_at end
     where workspace_id = p_workspaces[1]
    returning array[position - p_counts[1]], array[recorded_at], array[effective_at]
         into positions, clocks, effectives;
  else
    perform from ledger.head where workspace_id = any (p_workspaces) order by workspace_id for no key update;
    with moved as (
      update ledger.head h
         set position = h.position + w.events, recorded_at = greatest(h.recorded_at, received),
             effective_at = case when is_usual then greatest(h.recorded_at, received) else h.effective_at end
        from unnest(p_workspaces, p_counts) with ordinality w (workspace_id, events, place)
       where h.workspace_id = w.workspace_id
      returning w.place, h.position - w.events as position, h.recorded_at, h.effective_at)
    select array_agg(position order by place), array_agg(recorded_at order by place),
           array_agg(effective_at order by place)
      into positions, clocks, effectives
      from moved;
  end if;
  if cardinality(positions) is distinct from cardinality(p_workspaces) then
    raise exception 'one of the workspaces does not exist' using errcode = 'PB003';
  end if;

  select array_agg(distinct c.event) into stale
    from unnest(p_claim_event, p_claim_place, p_claim_stream, p_claim_version) c (event, place, stream, version)
   where exists (select from ledger.event e
                  where e.workspace_id = p_workspaces[c.place] and e.stream_id = c.stream and e.version = c.version + 1)
      or (c.version > 0 and not exists (
                 select from ledger.event e
                  where e.workspace_id = p_workspaces[c.place] and e.stream_id = c.stream and e.version = c.version));
  if stale is not null then
    select array_agg(s.event) into recorded
      from unnest(stale) s (event)
      join ledger.event e on e.workspace_id = p_workspaces[p_place[s.event]] and e.command_id = p_command[s.event];
    raise exception 'a stream has moved on'
    using errcode = 'PB001', detail = stale::text || coalesce(recorded, '{}')::text;
  end if;

  -- Usually nobody claims another time, and every effective time is the clock's.
  if not is_usual then
    select array_agg(t.moment order by t.number) into effective
      from (select u.number, greatest(effectives[u.place], max(coalesce(u.occurred, clocks[u.place]))
                                      over (partition by u.place order by u.number)) as moment
              from unnest(p_place, p_occurred) with ordinality u (place, occurred, number)) t;
    update ledger.head h
       set effective_at = effective[w.start + w.events]
      from unnest(p_workspaces, p_starts, p_counts) w (workspace_id, start, events)
     where h.workspace_id = w.workspace_id;
  end if;

  insert into ledger.event
  select n.workspace, n.position, n.stream, n.version, n.kind, n.schema, n.recorded, n.occurred, n.effective,
         n.actor, n.actor_kind, n.role, n.authority, n.behalf, n.credential,
         n.command, n.fingerprint, n.correlation, n.causation, n.data, n.prose, n.prose_digest,
         sha256('\x00'::bytea || convert_to(concat(
           E'pushback/entry/v1\n', n.workspace, E'\n', n.position, E'\n', n.stream, E'\n', n.version, E'\n',
           n.kind, E'\n', n.schema, E'\n', ledger.microseconds(n.recorded), E'\n',
           ledger.microseconds(n.occurred), E'\n', ledger.microseconds(n.effective), E'\n',
           n.actor, E'\n', n.actor_kind, E'\n', n.role, E'\n', n.authority, E'\n', n.behalf, E'\n', n.credential, E'\n',
           n.command, E'\n', encode(n.fingerprint, 'hex'), E'\n', n.correlation, E'\n', n.causation, E'\n',
           encode(sha256(n.data), 'hex'), E'\n', encode(n.prose_digest, 'hex'), E'\n'), 'UTF8'))
    from (select p_workspaces[u.place] as workspace, positions[u.place] + u.number - p_starts[u.place] as position,
                 clocks[u.place] as recorded, coalesce(effective[u.number], clocks[u.place]) as effective,
                 sha256(u.prose) as prose_digest, u.*
            from unnest(p_place, p_stream, p_version, p_kind, p_schema, p_occurred,
                        p_actor, p_actor_kind, p_role, p_authority, p_behalf, p_credential,
                        p_command, p_fingerprint, p_correlation, p_causation, p_data, p_prose)
                 with ordinality u (place, stream, version, kind, schema, occurred,
                        actor, actor_kind, role, authority, behalf, credential,
                        command, fingerprint, correlation, causation, data, prose, number)
           where u.number - p_starts[u.place] between 1 and p_counts[u.place]
          offset 0) n;

  -- Every row has a position of its own within its workspace's new ones; as many rows as positions leave no gap.
  get diagnostics inserted = row_count;
  if inserted <> (select sum(c) from unnest(p_counts) c) then
    raise exception 'the events are not grouped by workspace' using errcode = 'PB004';
  end if;
end $$;
