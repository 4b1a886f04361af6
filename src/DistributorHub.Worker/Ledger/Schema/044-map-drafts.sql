-- What engineers have written of maps and not put live. Each saving is a row; the newest of a file is its draft. The hashes are those of texts with LF as line ends;
-- base_sha256 is that of the live text which the draft began from.
create table map_draft (
    file         text not null,
    version      bigint not null,
    text         text not null,
    sha256       text not null,
    base_sha256  text not null,
    saved_by     text not null,
    saved_at     timestamptz not null,
    primary key (file, version)
);
