-- A list that a person rejected is not completed. SQLite changes a check by its text (https://www.sqlite.org/lang_altertable.html#otheralter): the table
-- need not be made anew, to which others refer.
pragma writable_schema = on;
update sqlite_schema set sql = replace(sql, '''Quarantined'', ''Duplicate'')', '''Quarantined'', ''Duplicate'', ''Rejected'')')
where type = 'table' and name = 'exchange';
pragma writable_schema = reset;
-- Tells every connection that the schema has changed.
create table schema_changed (at text);
drop table schema_changed;
