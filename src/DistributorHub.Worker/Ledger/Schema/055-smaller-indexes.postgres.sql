-- What a document costs is mostly indexes. Where only equality is asked for, the hash of a long text does; the others that go are covered by one that stays.
drop index exchange_content;
create index exchange_content on exchange using hash (sha256);
drop index document_identity;
create index document_identity on document using hash (identity);
drop index exchange_received;
drop index interchange_reference;
drop index interchange_control_number;
create index interchange_reference on interchange (reference, sender, exchange_id);
