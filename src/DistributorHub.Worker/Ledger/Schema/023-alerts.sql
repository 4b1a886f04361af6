-- Alerts: what a person should know of, from when it began until it was over. An alert is told once when it begins and once when it is over.
create table alert (
    id              integer primary key,
    partner         text not null,
    kind            text not null,
    subject         text not null,
    level           text not null,
    code            text,
    facts           text,
    exchange_id     bigint references exchange (id) on delete cascade,
    opened_at       timestamptz not null,
    open            boolean not null default true,
    opened_told_at  timestamptz,
    closed_told_at  timestamptz,
    check (level in ('Warn', 'Page'))
);
create unique index alert_open on alert (partner, kind, subject) where open;
create index alert_exchange on alert (exchange_id) where open;
create index alert_untold on alert (partner) where opened_told_at is null or (not open and closed_told_at is null);

-- When a partner's alerts were told last; '' is the installation.
create table alert_window (
    partner  text primary key,
    told_at  timestamptz not null
);

-- Services that run, and when each was last seen to.
create table worker (
    name        text primary key,
    machine     text not null,
    started_at  timestamptz not null,
    seen_at     timestamptz not null
);
