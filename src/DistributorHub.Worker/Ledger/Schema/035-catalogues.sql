-- What each list of prices did to what the seller had, or would do: found by the run that loaded or held it. Which list counts is told by loaded_at, the last time
-- that its rows were written.
create table catalogue_review (
    exchange_id     bigint not null references exchange (id) on delete cascade,
    ordinal         integer not null,
    partner         text not null,
    list            text not null,
    scope           text not null,
    is_full         boolean not null,
    facts           text not null,
    samples         text,
    made_at         timestamptz not null,
    loaded_at       timestamptz,
    rolled_back_at  timestamptz,
    primary key (exchange_id, ordinal)
);
create index catalogue_review_of_partner on catalogue_review (partner, list, scope, loaded_at);
create index catalogue_review_newest on catalogue_review (made_at);
