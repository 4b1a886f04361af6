insert into interchange (
    exchange_id, ordinal, standard, sender, sender_qualifier, recipient, recipient_qualifier, reference, test, state, received_at)
values (
    @Exchange, @Ordinal, @Standard, @Sender, @SenderQualifier, @Recipient, @RecipientQualifier, @Reference, @Test, @State, @Now)
-- What an earlier run found stays until this one has read to the end.
on conflict (exchange_id, ordinal) do update set state = case when excluded.state = 'Received' then interchange.state else excluded.state end
returning id
