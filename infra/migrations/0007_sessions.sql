-- A credential is a token, a browser's session or an invitation, and goes so far as its scopes say. What it was opened
-- with ends it too.

alter table ledger.credential
add column kind text not null default 'TOKEN' check (octet_length(kind) between 1 and 100),
add column scopes text[] not null default '{READ,WRITE,ADMIN}',
add column opened_with text check (octet_length(opened_with) between 1 and 100);

grant select (kind, scopes, opened_with) on ledger.credential to pushback_auditor, pushback_privacy;
