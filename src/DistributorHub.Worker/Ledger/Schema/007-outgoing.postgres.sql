-- An exchange may go out as well: its file is written from a document of the seller's.
alter table exchange add column outgoing boolean not null default false;
alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in ('FinalizeRemote', 'SendAcknowledgement', 'SendDocument', 'Notify'));
-- The seller's documents that the hub knows: each has one exchange, whatever it takes to send it.
create table outgoing_document (
    partner      text not null,
    document     text not null,
    key          text not null,
    exchange_id  bigint not null unique references exchange (id),
    fingerprint  text,
    primary key (partner, document, key)
);
