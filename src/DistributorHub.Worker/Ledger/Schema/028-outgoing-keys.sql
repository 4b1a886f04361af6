-- The key of a document outlives the record of its exchange: what was sent is not sent again when the time it is kept is over.
create table outgoing_key (
    partner      text not null,
    document     text not null,
    key          text not null,
    exchange_id  bigint unique references exchange (id) on delete set null,
    fingerprint  text,
    primary key (partner, document, key)
);
insert into outgoing_key (partner, document, key, exchange_id, fingerprint) select partner, document, key, exchange_id, fingerprint from outgoing_document;
drop table outgoing_document;
alter table outgoing_key rename to outgoing_document;
