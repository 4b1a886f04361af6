-- What a replay would change in the seller's database, found out without writing anything there. Kept for some days.
create table replay (
    id          integer primary key,
    at          timestamptz not null,
    actor       text not null,
    selection   text not null,
    map         text not null,
    ended_at    timestamptz,
    applied_at  timestamptz,
    applied_by  text,
    reason      text
);
create index replay_at on replay (at);

-- Each of its exchanges: in which state and run (fence) it was met, and what would become of it; later, why it was not applied.
create table replay_exchange (
    replay_id    bigint not null references replay (id) on delete cascade,
    exchange_id  bigint not null,
    outcome      text not null,
    state        text,
    fence        bigint,
    map          text,
    cause        text,
    refused      text,
    primary key (replay_id, exchange_id),
    check (outcome in ('Waiting', 'Different', 'Same', 'Failed'))
);
create index replay_waiting on replay_exchange (replay_id, exchange_id) where outcome = 'Waiting';

-- What would become of a document, and the hash of all rows of it that differ (null: nothing of it would be written).
create table replay_document (
    replay_id    bigint not null references replay (id) on delete cascade,
    exchange_id  bigint not null,
    ordinal      integer not null,
    type         text not null,
    name         text not null,
    state        text not null,
    was_loaded   boolean not null,
    map          text,
    map_version  text,
    cause        text,
    digest       text,
    primary key (replay_id, exchange_id, ordinal)
);

create table replay_table (
    replay_id    bigint not null references replay (id) on delete cascade,
    exchange_id  bigint not null,
    ordinal      integer not null,
    table_name   text not null,
    added        bigint not null,
    changed      bigint not null,
    same         bigint not null,
    removed      bigint not null,
    primary key (replay_id, exchange_id, ordinal, table_name)
);

-- The first rows that differ, with their columns as JSON.
create table replay_row (
    replay_id    bigint not null references replay (id) on delete cascade,
    exchange_id  bigint not null,
    ordinal      integer not null,
    place        integer not null,
    table_name   text not null,
    row_key      text not null,
    kind         text not null,
    columns      text not null,
    primary key (replay_id, exchange_id, ordinal, place),
    check (kind in ('Added', 'Changed', 'Removed'))
);

-- The dry run that the next run is bound by, or that a run was.
alter table exchange add column asked_replay bigint;
alter table attempt add column replay_id bigint;
create index attempt_of_replay on attempt (replay_id) where replay_id is not null;
