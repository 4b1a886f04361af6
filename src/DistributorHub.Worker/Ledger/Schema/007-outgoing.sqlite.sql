-- An exchange may go out as well: its file is written from a document of the seller's.
alter table exchange add column outgoing boolean not null default false;
-- SQLite changes a check by its text (https://www.sqlite.org/lang_altertable.html#otheralter).
pragma writable_schema = on;
update sqlite_schema set sql = replace(sql, '''SendAcknowledgement'', ''Notify''', '''SendAcknowledgement'', ''SendDocument'', ''Notify''')
where type = 'table' and name = 'outbox';
pragma writable_schema = reset;
-- The seller's documents that the hub knows: each has one exchange, whatever it takes to send it.
create table outgoing_document (
    partner      text not null,
    document     text not null,
    key          text not null,
    exchange_id  bigint not null unique references exchange (id),
    fingerprint  text,
    primary key (partner, document, key)
);
