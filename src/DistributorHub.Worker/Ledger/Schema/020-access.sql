-- Who may use the hub's pages and its HTTP interface. Names are in small letters.
create table account (
    name           text primary key,
    password_hash  text,
    role           text not null,
    approver       boolean not null default false,
    disabled       boolean not null default false,
    -- Changes with password, role and disabling: sessions that carry another one have ended.
    stamp          text not null,
    failures       integer not null default 0,
    locked_until   timestamptz,
    created_at     timestamptz not null,
    signed_in_at   timestamptz,
    check (role in ('Viewer', 'Operator', 'Engineer', 'Admin'))
);

-- Tokens of programs. Of a token only its hash is kept.
create table api_token (
    id          text primary key,
    name        text not null,
    hash        text not null,
    role        text not null,
    approver    boolean not null default false,
    created_by  text not null,
    created_at  timestamptz not null,
    expires_at  timestamptz not null,
    used_at     timestamptz,
    revoked_at  timestamptz,
    check (role in ('Viewer', 'Operator', 'Engineer', 'Admin'))
);

-- Keys that cookies and forms are protected with; every worker has the same.
create table protection_key (
    name        text primary key,
    xml         text not null,
    created_at  timestamptz not null
);

-- The record of who did what, as it is looked for.
create index audit_target on audit (target, id);
create index audit_actor on audit (actor, id);
