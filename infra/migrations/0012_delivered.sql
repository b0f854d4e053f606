-- When a webhook's receiver last took a message: what stands at its position may have been none of its business.

alter table ledger.webhook add column delivered_at timestamptz;
grant update (delivered_at) on ledger.webhook to pushback_app;
