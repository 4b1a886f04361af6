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

-- A message about alerts belongs to no exchange. SQLite changes a column by its text (https://www.sqlite.org/lang_altertable.html#otheralter).
pragma writable_schema = on;
update sqlite_schema set sql = replace(sql, 'exchange_id  bigint not null references', 'exchange_id  bigint references')
where type = 'table' and name = 'outbox';
pragma writable_schema = reset;
-- Tells every connection that the schema has changed.
create table schema_changed (at text);
drop table schema_changed;

-- Whoever changes the state of an exchange: the alert is written, or over, in the same transaction.
create trigger exchange_alert after update of state on exchange for each row when old.state is not new.state
begin
    update alert set open = false
    where new.ended_at is not null and exchange_id = new.id and open and kind <> 'Exchange' || new.state and kind like 'Exchange%' and kind <> 'ExchangeStuck';
    insert into alert (partner, kind, subject, level, code, exchange_id, opened_at)
    select new.partner, 'Exchange' || new.state, cast(new.id as text), case when new.state = 'Quarantined' or new.class = 'Bug' then 'Page' else 'Warn' end, new.class, new.id, new.ended_at
    where new.state in ('Failed', 'PartiallyCompleted', 'Quarantined', 'Held')
        and not exists (select 1 from alert where partner = new.partner and kind = 'Exchange' || new.state and subject = cast(new.id as text) and open);
end;
