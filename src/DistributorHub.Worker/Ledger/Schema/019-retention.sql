-- When and why the bytes of a file were deleted, while its hash stays. Such a file is not sealed: sent again, it is archived again.
alter table raw_file add column removed_at timestamptz;
alter table raw_file add column removed_why text;
-- Why nothing of an exchange may be deleted.
alter table exchange add column legal_hold text;
create index exchange_age on exchange (partner, created_at);
-- What is kept of exchanges whose record was deleted: hashes and control numbers.
create table past_interchange (
    partner      text not null,
    standard     text not null,
    sender       text not null,
    recipient    text not null,
    reference    text not null,
    sha256       text not null,
    received_at  timestamptz not null
);
create index past_interchange_reference on past_interchange (standard, sender, recipient, reference);
