-- The record of who did what is only ever added to.
create trigger audit_is_not_changed before update on audit begin
    select raise(abort, 'the audit is only ever added to');
end;
create trigger audit_is_not_deleted before delete on audit begin
    select raise(abort, 'the audit is only ever added to');
end;
