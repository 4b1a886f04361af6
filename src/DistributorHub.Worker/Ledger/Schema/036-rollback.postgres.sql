-- An earlier list may be read again, so that it counts in place of those loaded after it.
alter table attempt drop constraint attempt_kind_check;
alter table attempt add constraint attempt_kind_check check (
    kind in ('First', 'Retry', 'Replay', 'Rollback', 'Approve', 'Force', 'Resend', 'Regenerate', 'Ignore'));
