-- What was sent and what became of its answer. A row for each interchange, which holds one message; a document that is written anew makes another.
-- Numbers stand here without leading zeros.
create table expected_ack (
    exchange_id          bigint not null references exchange (id) on delete cascade,
    ordinal              integer not null,
    partner              text not null,
    standard             text not null,
    sender               text not null,
    sender_qualifier     text not null,
    recipient            text not null,
    recipient_qualifier  text not null,
    reference            text not null,
    group_code           text not null,
    group_reference      text not null,
    message_type         text not null,
    message_reference    text not null,
    expected             text not null,
    overdue_seconds      bigint not null,
    created_at           timestamptz not null,
    sent_at              timestamptz,
    due_at               timestamptz,
    state                text not null,
    technical            text,
    late                 boolean not null default false,
    answered_at          timestamptz,
    answered_by          bigint references exchange (id) on delete set null,
    reviewed_at          timestamptz,
    reviewed_by          text,
    comment              text,
    primary key (exchange_id, ordinal),
    check (expected in ('No', 'Technical', 'Functional')),
    check (state in ('None', 'Pending', 'Accepted', 'AcceptedWithErrors', 'PartiallyAccepted', 'Rejected', 'Overdue', 'Superseded')),
    check (state not in ('Pending', 'Overdue') or (expected <> 'No' and due_at is not null)),
    check ((reviewed_by is null) = (reviewed_at is null))
);
create index expected_ack_reference on expected_ack (partner, standard, reference);
create index expected_ack_group on expected_ack (partner, group_reference) where group_reference <> '';
create index expected_ack_due on expected_ack (due_at) where state = 'Pending';
create index expected_ack_review on expected_ack (partner, state) where state in ('AcceptedWithErrors', 'PartiallyAccepted', 'Rejected', 'Overdue') and reviewed_at is null;

-- Answers that came: each CONTRL, 997, 999 and TA1, by where it stands in its file.
create table received_ack (
    exchange_id       bigint not null references exchange (id) on delete cascade,
    at_offset         bigint not null,
    partner           text not null,
    kind              text not null,
    names             text not null,
    outcome           text not null,
    verdict           text not null,
    sent_exchange_id  bigint,
    sent_ordinal      integer,
    errors            text,
    received_at       timestamptz not null,
    primary key (exchange_id, at_offset),
    foreign key (sent_exchange_id, sent_ordinal) references expected_ack (exchange_id, ordinal) on delete set null,
    check (outcome in ('Matched', 'DuplicateAck', 'Orphan'))
);
create index received_ack_sent on received_ack (sent_exchange_id, sent_ordinal);
create index received_ack_orphan on received_ack (partner, received_at) where outcome = 'Orphan';

-- The highest interchange number of a sender to a recipient, and numbers that were left out.
create table sequence_state (
    partner      text not null,
    standard     text not null,
    sender       text not null,
    recipient    text not null,
    last_number  bigint not null,
    changed_at   timestamptz not null,
    primary key (partner, standard, sender, recipient)
);

create table sequence_gap (
    partner       text not null,
    standard      text not null,
    sender        text not null,
    recipient     text not null,
    first_number  bigint not null,
    last_number   bigint not null,
    noticed_by    bigint not null references exchange (id) on delete cascade,
    noticed_at    timestamptz not null,
    filled_by     bigint references exchange (id) on delete cascade,
    filled_at     timestamptz,
    primary key (partner, standard, sender, recipient, first_number, noticed_by),
    check (first_number <= last_number),
    check ((filled_by is null) = (filled_at is null))
);
create index sequence_gap_noticed on sequence_gap (noticed_by);
create index sequence_gap_filled on sequence_gap (filled_by) where filled_by is not null;

-- Partners that a person has paused while the service runs.
create table partner_pause (
    partner    text primary key,
    actor      text not null,
    reason     text not null,
    paused_at  timestamptz not null
);

-- Partners from whom files are expected, and that sent none for longer than agreed.
alter table partner_state add column watched_since timestamptz;
alter table partner_state add column silent_since timestamptz;
create index exchange_received on exchange (partner, created_at) where not outgoing;
