-- The texts of every version of a map that took a document, so that it can be mapped as it was then: the folder of mappings holds the newest only.
create table map_version (
    version  text not null primary key,
    map      text not null,
    texts    text not null,
    kept_at  timestamptz not null
);
create index map_version_of_map on map_version (map, version);

-- What the next run maps with, and what a run has mapped with, where a person said so.
alter table exchange add column asked_map text;
alter table attempt add column map text;
