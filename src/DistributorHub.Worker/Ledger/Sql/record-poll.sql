insert into partner_state (partner, polled_at, outcome, message, failures, paused_reason, paused_at)
values (@Partner, @Now, @Outcome, @Message, case when @Outcome in ('Ok', 'Empty') then 0 else 1 end, @Paused, case when @Paused is null then null else @Now end)
on conflict (partner) do update set
    polled_at = excluded.polled_at,
    outcome = excluded.outcome,
    message = excluded.message,
    failures = case when excluded.outcome in ('Ok', 'Empty') then 0 else partner_state.failures + 1 end,
    paused_reason = excluded.paused_reason,
    paused_at = excluded.paused_at
