insert into interchange (
    exchange_id, ordinal, standard, sender, sender_qualifier, recipient, recipient_qualifier, reference, test, state, received_at)
values (
    @Exchange, @Ordinal, @Standard, @Sender, @SenderQualifier, @Recipient, @RecipientQualifier, @Reference, @Test, @State, @Now)
on conflict (exchange_id, ordinal) do update set state = excluded.state
returning id
