insert into hold (exchange_id, ordinal, partner, rules, reason, amount, needed, state, opened_at, expires_at, ends_as)
values (@Exchange, @Ordinal, @Partner, @Rules, @Reason, @Amount, @Needed, 'Open', @Now, @Expires, @EndsAs)
-- Held again by a later run for the same reason: it is the same hold, with its approvals and the time it has.
on conflict (exchange_id, ordinal) where state = 'Open' do nothing
