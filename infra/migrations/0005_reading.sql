-- Reading with the reader's own rights.

-- The last position that was effective at a moment, 0 before the first. Effective times never fall, so a search by
-- halves of the primary key finds it, and no index on time is needed.
create function ledger.position_at(p_workspace uuid, p_moment timestamptz) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  low bigint := 0;
  high bigint := (select position from ledger.head where workspace_id = p_workspace);
  middle bigint;
begin
  while low < high loop
    middle := (low + high + 1) / 2;
    if (select effective_at from ledger.event
         where workspace_id = p_workspace and position >= middle order by position limit 1) <= p_moment then
      low := middle;
    else
      high := middle - 1;
    end if;
  end loop;
  return low;
end $$;
grant execute on function ledger.position_at to pushback_app, pushback_fold, pushback_auditor;
