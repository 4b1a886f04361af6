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
alter table exchange drop constraint exchange_state_check;
alter table exchange add constraint exchange_state_check check (
    state in ('Received', 'Processing', 'Completed', 'PartiallyCompleted', 'Failed', 'Held', 'Quarantined', 'Duplicate', 'Rejected', 'Ignored'));
alter table attempt drop constraint attempt_kind_check;
alter table attempt add constraint attempt_kind_check check (
    kind in ('First', 'Retry', 'Replay', 'Approve', 'Force', 'Resend', 'Regenerate', 'Ignore'));
create function refuse_transition() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from transition where subject = tg_table_name and from_state = old.state and to_state = new.state) then
        raise exception '% % does not go from % to %', tg_table_name, old.id, old.state, new.state using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger remote_file_transition before update of state on remote_file for each row when (old.state <> new.state) execute function refuse_transition();
create trigger exchange_transition before update of state on exchange for each row when (old.state <> new.state) execute function refuse_transition();
create trigger interchange_transition before update of state on interchange for each row when (old.state <> new.state) execute function refuse_transition();
create trigger document_transition before update of state on document for each row when (old.state <> new.state) execute function refuse_transition();
create trigger attempt_transition before update of state on attempt for each row when (old.state <> new.state) execute function refuse_transition();
-- What is open for longer than it should be is looked for by these.
create index remote_file_open on remote_file (state, last_seen) where state in ('Seen', 'Settling', 'Claimed');
create index document_open on document (state) where state in ('Parsed', 'Mapped');
