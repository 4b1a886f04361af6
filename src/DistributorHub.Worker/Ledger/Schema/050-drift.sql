-- Which segments and qualifiers a partner's messages have, so that it is seen when their software changes. Statistics, not a record: they refer to
-- exchanges whose record may be deleted.
create table drift_kind (
    partner         text not null,
    type            text not null,
    release         text not null,
    documents       bigint not null,
    first_exchange  bigint not null,
    first_at        timestamptz not null,
    last_at         timestamptz not null,
    primary key (partner, type, release)
);

create table drift_key (
    partner         text not null,
    type            text not null,
    release         text not null,
    path            text not null,
    -- Empty for a segment that has none.
    qualifier       text not null,
    -- Documents that have it, and which of the kind's documents were the first and the last of them.
    documents       bigint not null,
    first_number    bigint not null,
    last_number     bigint not null,
    first_exchange  bigint not null,
    first_at        timestamptz not null,
    last_exchange   bigint not null,
    last_at         timestamptz not null,
    primary key (partner, type, release, path, qualifier)
);
