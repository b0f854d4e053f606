-- An account with a sign-in provider is a credential too: a hash of the provider and of its name for the account. It is
-- one person's at a time. Who audits or erases has no use for it.

alter table ledger.credential
add column identity bytea check (octet_length(identity) = 32),
add constraint credential_identity_kind check ((kind = 'IDENTITY') = (identity is not null));

create unique index credential_identity on ledger.credential (identity) where revoked_at is null;
