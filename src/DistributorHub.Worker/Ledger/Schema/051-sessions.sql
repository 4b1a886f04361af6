-- Sessions of the pages. A cookie whose session is not here any more is worth nothing, wherever a copy of it is.
create table web_session (
    id            text primary key,
    name          text not null,
    from_address  text not null,
    company       boolean not null,
    created_at    timestamptz not null,
    used_at       timestamptz not null
);
create index web_session_of on web_session (lower(name));
