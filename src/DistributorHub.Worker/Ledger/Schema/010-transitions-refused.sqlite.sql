-- What may become of an exchange and an attempt, and that no state follows another which the table does not let it follow.
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
