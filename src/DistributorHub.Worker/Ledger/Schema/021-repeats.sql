-- Posts that named an Idempotency-Key, and what was answered: the same one sent again does nothing more. No status yet: it is under way.
create table api_post (
    actor         text not null,
    key           text not null,
    fingerprint   text not null,
    status        integer,
    answer        text,
    location      text,
    begun_at      timestamptz not null,
    primary key (actor, key)
);
create index api_post_begun on api_post (begun_at);
