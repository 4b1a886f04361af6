insert into remote_file (partner, path, bytes, modified_at, first_seen, last_seen, state)
select @Partner, listed.path, listed.bytes, listed.modified_at, @Now, @Now, 'Seen'
from jsonb_to_recordset(@Files::jsonb) as listed (path text, bytes bigint, modified_at timestamptz)
where true
on conflict (partner, path, bytes, modified_at) do update set
    last_seen = excluded.last_seen,
    -- Finished, gone, and now there again: the partner, or an operator, put it back.
    first_seen = case when remote_file.state = 'Finalized' and remote_file.ended_at < @ListedAt then excluded.first_seen else remote_file.first_seen end,
    state = case
        when remote_file.state = 'Finalized' and remote_file.ended_at < @ListedAt then 'Seen'
        when remote_file.state = 'Seen' then 'Settling'
        else remote_file.state end;
