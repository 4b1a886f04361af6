-- The pages list exchanges newest first, by partner, state and time, among very many: each index ends in the order of the list.
create index exchange_of_partner on exchange (partner, state, id);
create index exchange_newest_of_partner on exchange (partner, id);
create index exchange_newest_in_state on exchange (state, id);
create index exchange_created on exchange (created_at, id);
create index interchange_control_number on interchange (reference, exchange_id);
create index document_held on document (exchange_id) where state = 'Held';
create index outbox_of_exchange on outbox (exchange_id);
create index remote_file_left on remote_file (partner, first_seen) where state in ('Incomplete', 'Quarantined');
