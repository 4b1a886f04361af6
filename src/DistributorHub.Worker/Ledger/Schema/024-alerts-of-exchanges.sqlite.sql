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
