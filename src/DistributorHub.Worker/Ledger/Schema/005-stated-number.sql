-- The number the message itself gives its document, known whatever became of it. People write numbers as they like.
alter table document add column stated_number text;
drop index document_number;
create index document_number on document (lower(number));
create index document_stated_number on document (lower(stated_number));
