insert into document (
    exchange_id, interchange_id, ordinal, identity, type, release, reference, number, stated_number, body_hash, state, class, cause, map, map_version,
    revision, purpose, duplicate_of, segments, at_offset, rows_loaded, changed_at)
values (
    @Exchange, @Interchange, @Ordinal, @Identity, @Type, @Release, @Reference, @Number, @StatedNumber, @BodyHash, @State, @Class, @Cause, @Map, @MapVersion,
    @Revision, @Purpose, @DuplicateOf, @Segments, @AtOffset, @RowsLoaded, @Now)
on conflict (exchange_id, ordinal) do update set
    number = coalesce(excluded.number, document.number), stated_number = excluded.stated_number, body_hash = excluded.body_hash, state = excluded.state, class = excluded.class, cause = excluded.cause,
    map = excluded.map, map_version = excluded.map_version, revision = excluded.revision, purpose = coalesce(excluded.purpose, document.purpose), duplicate_of = excluded.duplicate_of,
    rows_loaded = excluded.rows_loaded, changed_at = excluded.changed_at
-- What is loaded or ended for good is never taken back by another run: a state stays, or another follows it. Loaded again it is the next revision.
where (document.state = excluded.state and document.state in ('Parsed', 'Held', 'Failed')
        or document.state = 'Loaded' and excluded.state = 'Loaded' and excluded.revision > document.revision
        or exists (select 1 from transition t where t.subject = 'document' and t.from_state = document.state and t.to_state = excluded.state))
    and (document.state <> 'Skipped' or @Forced)
    -- What was not read this time says nothing of what an earlier run found.
    and excluded.state <> 'Parsed'
