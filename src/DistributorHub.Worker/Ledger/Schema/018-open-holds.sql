-- What was held before there were holds.
insert into hold (exchange_id, ordinal, partner, rules, reason, needed, state, opened_at, ends_as)
select d.exchange_id, d.ordinal, e.partner, 'missing_rows', coalesce(d.cause, 'Held.'), 1, 'Open', d.changed_at, 'Rejected'
from document d join exchange e on e.id = d.exchange_id
where d.state = 'Held';
