-- A document that waits for people: why, how many of them must approve it, and until when. What became of it stays here.
create table hold (
    id           integer primary key,
    exchange_id  bigint not null references exchange (id),
    ordinal      integer not null,
    partner      text not null,
    rules        text not null,
    reason       text not null,
    amount       text,
    needed       integer not null,
    state        text not null,
    opened_at    timestamptz not null,
    expires_at   timestamptz,
    ends_as      text not null,
    closed_at    timestamptz,
    check (state in ('Open', 'Approved', 'Rejected', 'Cancelled', 'Withdrawn')),
    check (ends_as in ('Cancelled', 'Rejected')),
    check ((closed_at is null) = (state = 'Open')),
    check (needed > 0)
);
-- A document has one open hold.
create unique index hold_open on hold (exchange_id, ordinal) where state = 'Open';
create index hold_expires on hold (expires_at) where state = 'Open';
create index hold_exchange on hold (exchange_id);

-- Who approved or rejected it. The right is an approver's, and counts once, whoever uses it; nobody decides twice.
create table hold_decision (
    hold_id   bigint not null references hold (id),
    approver  text not null,
    actor     text not null,
    verdict   text not null,
    reason    text not null,
    at        timestamptz not null,
    primary key (hold_id, approver),
    unique (hold_id, actor),
    check (verdict in ('Approved', 'Rejected'))
);

-- An approver lets another person decide in their place for a while.
create table delegation (
    id          integer primary key,
    delegator   text not null,
    delegate    text not null,
    from_at     timestamptz not null,
    until_at    timestamptz not null,
    reason      text not null,
    made_at     timestamptz not null,
    revoked_at  timestamptz,
    check (until_at > from_at),
    check (delegator <> delegate)
);
create index delegation_delegate on delegation (delegate, until_at);
