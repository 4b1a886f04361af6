-- The items that stand in the rows of a document, without leading zeros, so that what came and went for an article is found by it.
create table document_item (
    code         text not null,
    exchange_id  bigint not null references exchange (id) on delete cascade,
    primary key (code, exchange_id)
);
create index document_item_of_exchange on document_item (exchange_id);
