-- A revoked token stays revoked, and who audits or erases has no use for the hashes of tokens.

create trigger refuse_change before update of revoked_at on ledger.credential
for each row when (old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at)
execute function ledger.refuse_all();
alter table ledger.credential enable always trigger refuse_change;

revoke select on ledger.credential from pushback_auditor, pushback_privacy;
grant select (workspace_id, person_id, credential_id, expires_at, revoked_at) on ledger.credential
to pushback_auditor, pushback_privacy;
