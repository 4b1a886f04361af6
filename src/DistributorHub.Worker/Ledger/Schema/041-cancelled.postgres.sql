-- A run that a person ended, and its exchange.
alter table exchange drop constraint exchange_state_check;
alter table exchange add constraint exchange_state_check check (
    state in ('Received', 'Processing', 'Completed', 'PartiallyCompleted', 'Failed', 'Held', 'Quarantined', 'Duplicate', 'Rejected', 'Ignored', 'Cancelled'));
alter table attempt drop constraint attempt_state_check;
alter table attempt add constraint attempt_state_check check (state in ('Running', 'Succeeded', 'Failed', 'Abandoned', 'Cancelled'));
