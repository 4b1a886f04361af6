-- Whose lease it is, so that the lease of a dead process can be told from a slow one's.
alter table outbox add column lease_owner text;
