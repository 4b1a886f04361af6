-- The beginning of a file's name is searched for by its bytes, whatever the order of the database's language.
create index exchange_file on exchange (lower(file) collate "C", id);
