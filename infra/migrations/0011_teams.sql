-- Which teams there are: few rows among all events. What is decided on every team is appended only if none came meanwhile.

create index event_team on ledger.event (workspace_id, stream_id) where kind = 'TeamFormed';
