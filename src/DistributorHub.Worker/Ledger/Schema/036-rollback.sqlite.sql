-- An earlier list may be read again, so that it counts in place of those loaded after it. SQLite changes a check by its text
-- (https://www.sqlite.org/lang_altertable.html#otheralter).
pragma writable_schema = on;
update sqlite_schema set sql = replace(sql, '''Retry'', ''Replay'', ', '''Retry'', ''Replay'', ''Rollback'', ') where type = 'table' and name = 'attempt';
pragma writable_schema = reset;
-- Tells every connection that the schema has changed.
create table schema_changed (at text);
drop table schema_changed;
