-- A run that a person ended, and its exchange. SQLite changes a check by its text (https://www.sqlite.org/lang_altertable.html#otheralter).
pragma writable_schema = on;
update sqlite_schema set sql = replace(sql, '''Rejected'', ''Ignored'')', '''Rejected'', ''Ignored'', ''Cancelled'')')
where type = 'table' and name = 'exchange';
update sqlite_schema set sql = replace(sql, '''Failed'', ''Abandoned'')', '''Failed'', ''Abandoned'', ''Cancelled'')')
where type = 'table' and name = 'attempt';
pragma writable_schema = reset;
create table schema_changed (at text);
drop table schema_changed;
