insert into drift_key (partner, type, release, path, qualifier, documents, first_number, last_number, first_exchange, first_at, last_exchange, last_at)
select @Partner, @Type, @Release, value ->> '$.path', value ->> '$.qualifier', value ->> '$.documents', @Before + (value ->> '$.first'), @Before + (value ->> '$.last'), value ->> '$.firstExchange', value ->> '$.firstAt', value ->> '$.lastExchange', value ->> '$.lastAt'
from json_each(@Rows)
where true
on conflict (partner, type, release, path, qualifier) do update set
    documents = drift_key.documents + excluded.documents,
    last_number = excluded.last_number,
    last_exchange = excluded.last_exchange,
    last_at = excluded.last_at
