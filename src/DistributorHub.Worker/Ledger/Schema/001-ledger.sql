-- What a partner is doing and whether it is polled.
create table partner_state (
    partner        text primary key,
    polled_at      timestamptz,
    outcome        text,
    message        text,
    failures       integer not null default 0,
    paused_reason  text,
    paused_at      timestamptz,
    check (outcome in ('Ok', 'Empty', 'Unreachable', 'SignInRefused', 'HostKeyMismatch', 'Refused'))
);

-- Files as listings of the partner's side showed them. Another size or time is another file.
create table remote_file (
    id           integer primary key,
    partner      text not null,
    path         text not null,
    bytes        bigint not null,
    modified_at  timestamptz not null,
    first_seen   timestamptz not null,
    last_seen    timestamptz not null,
    state        text not null,
    claimed_by   text,
    lease_until  timestamptz,
    fence        bigint not null default 0,
    ended_at     timestamptz,
    note         text,
    unique (partner, path, bytes, modified_at),
    check (state in ('Seen', 'Settling', 'Claimed', 'Archived', 'Finalized', 'Incomplete', 'Ignored', 'Quarantined')),
    check (state <> 'Claimed' or (claimed_by is not null and lease_until is not null))
);

-- Raw bytes as received, by content. Rows of raw_chunk hold a fixed number of raw bytes each, compressed.
create table raw_file (
    sha256      text primary key,
    bytes       bigint not null,
    sealed      boolean not null,
    created_at  timestamptz not null,
    check (length(sha256) = 64)
);

create table raw_chunk (
    sha256   text not null references raw_file (sha256) on delete cascade,
    ordinal  integer not null,
    data     bytea not null,
    primary key (sha256, ordinal)
);

-- One received file and what became of it.
create table exchange (
    id              integer primary key,
    partner         text not null,
    remote_file_id  bigint references remote_file (id) on delete set null,
    file            text not null,
    path            text not null,
    sha256          text not null references raw_file (sha256),
    bytes           bigint not null,
    modified_at     timestamptz not null,
    state           text not null,
    cause           text,
    class           text,
    duplicate_of    bigint,
    findings        bigint not null default 0,
    errors          bigint not null default 0,
    crash_count     integer not null default 0,
    transient_tries integer not null default 0,
    due_at          timestamptz not null,
    lease_owner     text,
    lease_until     timestamptz,
    fence           bigint not null default 0,
    created_at      timestamptz not null,
    ended_at        timestamptz,
    asked_by        text,
    asked_reason    text,
    job             text,
    check (state in ('Received', 'Processing', 'Completed', 'PartiallyCompleted', 'Failed', 'Held', 'Quarantined', 'Duplicate')),
    check (class in ('Transient', 'Data', 'Config', 'Bug')),
    check ((ended_at is null) = (state in ('Received', 'Processing'))),
    check ((state = 'Processing') = (lease_owner is not null))
);
create index exchange_open on exchange (due_at) where ended_at is null;
create index exchange_content on exchange (partner, sha256);
create index exchange_job on exchange (job) where job is not null;
create index exchange_failed on exchange (state) where state in ('Failed', 'PartiallyCompleted', 'Quarantined');

create table interchange (
    id            integer primary key,
    exchange_id   bigint not null references exchange (id),
    ordinal       integer not null,
    standard      text not null,
    sender        text not null,
    sender_qualifier text not null,
    recipient     text not null,
    recipient_qualifier text not null,
    reference     text not null,
    test          boolean not null,
    state         text not null,
    received_at   timestamptz not null,
    unique (exchange_id, ordinal),
    check (state in ('Received', 'Accepted', 'PartiallyAccepted', 'Rejected', 'Duplicate', 'Conflict'))
);
create index interchange_reference on interchange (standard, sender, recipient, reference, received_at);

create table document (
    id              integer primary key,
    exchange_id     bigint not null references exchange (id),
    interchange_id  bigint not null references interchange (id),
    ordinal         integer not null,
    identity        text not null,
    type            text not null,
    release         text not null,
    reference       text not null,
    number          text,
    body_hash       text,
    state           text not null,
    class           text,
    cause           text,
    map             text,
    map_version     text,
    revision        integer,
    duplicate_of    text,
    segments        integer not null,
    at_offset       bigint not null,
    rows_loaded     text,
    changed_at      timestamptz not null,
    unique (exchange_id, ordinal),
    check (state in ('Parsed', 'Mapped', 'Held', 'Loaded', 'Failed', 'Skipped', 'Superseded', 'Cancelled')),
    check (class in ('Transient', 'Data', 'Config', 'Bug')),
    check (state <> 'Failed' or class is not null)
);
create index document_number on document (number);
create index document_identity on document (identity);

create table attempt (
    id           integer primary key,
    exchange_id  bigint not null references exchange (id),
    parent_id    bigint references attempt (id),
    kind         text not null,
    actor        text not null,
    reason       text,
    state        text not null,
    worker       text not null,
    started_at   timestamptz not null,
    ended_at     timestamptz,
    class        text,
    error        text,
    check (kind in ('First', 'Retry', 'Replay')),
    check (state in ('Running', 'Succeeded', 'Failed', 'Abandoned')),
    check (class in ('Transient', 'Data', 'Config', 'Bug')),
    check ((ended_at is null) = (state = 'Running'))
);
create unique index attempt_running on attempt (exchange_id) where state = 'Running';
create index attempt_exchange on attempt (exchange_id, id);

create table finding (
    attempt_id        bigint not null references attempt (id),
    ordinal           integer not null,
    exchange_id       bigint not null references exchange (id),
    code              text not null,
    severity          text not null,
    at_offset         bigint not null,
    interchange       integer not null,
    group_ordinal     integer not null,
    message_ordinal   integer not null,
    segment           integer not null,
    element           integer not null,
    component         integer not null,
    repetition        integer not null,
    tag               text,
    path              text,
    found             text,
    expected          text,
    message           text not null,
    advice            text,
    acknowledgement   text,
    primary key (attempt_id, ordinal),
    check (severity in ('Information', 'Warning', 'Error', 'Fatal'))
);
create index finding_exchange on finding (exchange_id, attempt_id);

-- Effects outside the databases. Each may be repeated without harm, and is until it is done.
create table outbox (
    id           integer primary key,
    kind         text not null,
    partner      text not null,
    exchange_id  bigint not null references exchange (id),
    dedupe_key   text not null unique,
    payload      text not null,
    content      bytea,
    due_at       timestamptz not null,
    attempts     integer not null default 0,
    lease_until  timestamptz,
    created_at   timestamptz not null,
    done_at      timestamptz,
    last_error   text,
    check (kind in ('FinalizeRemote', 'SendAcknowledgement', 'Notify'))
);
create index outbox_due on outbox (due_at) where done_at is null;

create table control_number (
    scope  text primary key,
    value  bigint not null
);

-- Names that only one process may work on at a time, where the database has no locks that outlive a statement.
create table lease (
    name         text primary key,
    owner        text not null,
    lease_until  timestamptz not null,
    fence        bigint not null
);

create table audit (
    id      integer primary key,
    at      timestamptz not null,
    actor   text not null,
    action  text not null,
    target  text not null,
    reason  text
);
