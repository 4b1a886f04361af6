-- Which state may follow which. The program fills the table at its start from its own (Transitions.cs), and triggers refuse what is not in it.
create table transition (
    subject     text not null,
    from_state  text not null,
    to_state    text not null,
    primary key (subject, from_state, to_state)
);
-- What a person asked for last: the kind of the next attempt.
alter table exchange add column asked_kind text;
-- What is open for longer than it should be is looked for by these.
create index remote_file_open on remote_file (state, last_seen) where state in ('Seen', 'Settling', 'Claimed');
create index document_open on document (state) where state in ('Parsed', 'Mapped');
