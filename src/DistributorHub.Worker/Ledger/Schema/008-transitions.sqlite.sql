-- Which state may follow which. The program fills the table at its start from its own (Transitions.cs), and the triggers refuse what is not in it.
create table transition (
    subject     text not null,
    from_state  text not null,
    to_state    text not null,
    primary key (subject, from_state, to_state)
);
-- What a person asked for last: the kind of the next attempt, and the map it is to be read with.
alter table exchange add column asked_kind text;
alter table exchange add column asked_map text;
-- SQLite changes a check by its text (https://www.sqlite.org/lang_altertable.html#otheralter).
pragma writable_schema = on;
update sqlite_schema set sql = replace(sql, '''Duplicate'', ''Rejected'')', '''Duplicate'', ''Rejected'', ''Ignored'')')
where type = 'table' and name = 'exchange';
update sqlite_schema set sql = replace(sql, '''Retry'', ''Replay'')', '''Retry'', ''Replay'', ''Approve'', ''Force'', ''Resend'', ''Regenerate'', ''Ignore'')')
where type = 'table' and name = 'attempt';
pragma writable_schema = reset;
create table schema_changed (at text);
drop table schema_changed;
create trigger remote_file_transition before update of state on remote_file for each row when old.state <> new.state
    and not exists (select 1 from transition where subject = 'remote_file' and from_state = old.state and to_state = new.state)
begin
    select raise(abort, 'remote_file: this state does not follow the one before');
end;
create trigger exchange_transition before update of state on exchange for each row when old.state <> new.state
    and not exists (select 1 from transition where subject = 'exchange' and from_state = old.state and to_state = new.state)
begin
    select raise(abort, 'exchange: this state does not follow the one before');
end;
create trigger interchange_transition before update of state on interchange for each row when old.state <> new.state
    and not exists (select 1 from transition where subject = 'interchange' and from_state = old.state and to_state = new.state)
begin
    select raise(abort, 'interchange: this state does not follow the one before');
end;
create trigger document_transition before update of state on document for each row when old.state <> new.state
    and not exists (select 1 from transition where subject = 'document' and from_state = old.state and to_state = new.state)
begin
    select raise(abort, 'document: this state does not follow the one before');
end;
create trigger attempt_transition before update of state on attempt for each row when old.state <> new.state
    and not exists (select 1 from transition where subject = 'attempt' and from_state = old.state and to_state = new.state)
begin
    select raise(abort, 'attempt: this state does not follow the one before');
end;
-- What is open for longer than it should be is looked for by these.
create index remote_file_open on remote_file (state, last_seen) where state in ('Seen', 'Settling', 'Claimed');
create index document_open on document (state) where state in ('Parsed', 'Mapped');
