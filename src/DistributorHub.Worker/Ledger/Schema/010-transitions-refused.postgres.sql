-- What may become of an exchange and an attempt, and that no state follows another which the table does not let it follow.
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
