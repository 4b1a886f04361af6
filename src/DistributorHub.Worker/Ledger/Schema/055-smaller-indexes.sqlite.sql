-- What a document costs is mostly indexes: those that go are covered by one that stays.
drop index exchange_content;
create index exchange_content on exchange (sha256);
drop index exchange_received;
drop index interchange_reference;
drop index interchange_control_number;
create index interchange_reference on interchange (reference, sender, exchange_id);
