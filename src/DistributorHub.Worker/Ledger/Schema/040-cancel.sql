-- A person may cancel the run of an exchange: who and why stands here until its worker has ended it.
alter table exchange add column cancel_by text;
alter table exchange add column cancel_reason text;
-- How far a run has come that takes more than a moment.
alter table attempt add column bytes_read bigint;
alter table attempt add column segments_read bigint;
alter table attempt add column rows_staged bigint;
alter table attempt add column is_loading boolean;
alter table attempt add column noted_at timestamptz;
