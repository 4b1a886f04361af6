insert into finding (
    attempt_id, ordinal, exchange_id, code, severity, at_offset, interchange, group_ordinal, message_ordinal, segment, element, component,
    repetition, tag, path, found, expected, message, advice, acknowledgement)
values (
    @Attempt, @Ordinal, @Id, @Code, @Severity, @Offset, @Interchange, @Group, @Message, @Segment, @Element, @Component,
    @Repetition, @Tag, @Path, @Found, @Expected, @Text, @Advice, @Acknowledgement)
