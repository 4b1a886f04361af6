-- A person lets the guard pass a held document once: the run that follows uses it up.
alter table document add column approved boolean not null default false;
