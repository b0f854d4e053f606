-- The read tables of the one workspace that is measured, as somebody would show them to PostGraphile or ask them by hand:
-- views of them, each text where it belongs, keys as the tables have them.
create schema peer;

create view peer.person as
  select p.id, n.name from person p
    left join ledger.person n on n.workspace_id = p.workspace_id and n.person_id = p.id
   where p.workspace_id = '{workspace}';
comment on view peer.person is E'@primaryKey id';

create view peer.team as
  select t.id, e.prose->>'name' as name from team t
    join entry e on e.workspace_id = t.workspace_id and e.position = t.formed
   where t.workspace_id = '{workspace}';
comment on view peer.team is E'@primaryKey id';

create view peer.item as
  select i.id, e.prose->>'title' as title, e.prose->>'narrative' as narrative, e.prose->>'why' as why,
         i.rank, i.status, i.digest, i.points, i.team_id, i.author_id
    from item i join entry e on e.workspace_id = i.workspace_id and e.position = i.content
   where i.workspace_id = '{workspace}';
comment on view peer.item is
  E'@primaryKey id\n@foreignKey (team_id) references team (id)\n@foreignKey (author_id) references person (id)';

create view peer.pushback as
  select p.id, p.number, p.item_id, p.team_id, e.prose->>'statement' as statement, p.state, p.stance, p.reason,
         p.outcome, p.raised, p.raised_at, p.raiser_id
    from pushback p join entry e on e.workspace_id = p.workspace_id and e.position = p.raised
   where p.workspace_id = '{workspace}';
comment on view peer.pushback is
  E'@primaryKey id\n@foreignKey (item_id) references item (id)\n@foreignKey (raiser_id) references person (id)';

create view peer.event as
  select position, pushback_id, kind, recorded_at, acting_role, actor_id from entry
   where workspace_id = '{workspace}' and pushback_id is not null;
comment on view peer.event is
  E'@primaryKey position\n@foreignKey (pushback_id) references pushback (id)\n@foreignKey (actor_id) references person (id)';

create view peer.estimate as
  select item_id, number, points, is_stale, recorder_id from estimate where workspace_id = '{workspace}';
comment on view peer.estimate is
  E'@primaryKey item_id,number\n@foreignKey (item_id) references item (id)\n@foreignKey (recorder_id) references person (id)';

create view peer.sign_off as
  select item_id, number, label, state, acting_role, signer_id from sign_off where workspace_id = '{workspace}';
comment on view peer.sign_off is
  E'@primaryKey item_id,number\n@foreignKey (item_id) references item (id)\n@foreignKey (signer_id) references person (id)';
