insert into drift_key (partner, type, release, path, qualifier, documents, first_number, last_number, first_exchange, first_at, last_exchange, last_at)
select @Partner, @Type, @Release, path, qualifier, documents, @Before + first, @Before + last, "firstExchange", "firstAt", "lastExchange", "lastAt"
from json_to_recordset(cast(@Rows as json)) as seen(path text, qualifier text, documents bigint, first bigint, last bigint, "firstExchange" bigint, "firstAt" timestamptz, "lastExchange" bigint, "lastAt" timestamptz)
where true
on conflict (partner, type, release, path, qualifier) do update set
    documents = drift_key.documents + excluded.documents,
    last_number = excluded.last_number,
    last_exchange = excluded.last_exchange,
    last_at = excluded.last_at
