-- What a document says it is for: an original, a change, a replacement, a cancellation, a copy.
alter table document add column purpose text;
