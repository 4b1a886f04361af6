-- A list that a person rejected is not completed.
alter table exchange drop constraint exchange_state_check;
alter table exchange add constraint exchange_state_check check (
    state in ('Received', 'Processing', 'Completed', 'PartiallyCompleted', 'Failed', 'Held', 'Quarantined', 'Duplicate', 'Rejected'));
