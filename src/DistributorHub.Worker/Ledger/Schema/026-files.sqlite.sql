-- The beginning of a file's name is searched for by its bytes.
create index exchange_file on exchange (lower(file), id);
