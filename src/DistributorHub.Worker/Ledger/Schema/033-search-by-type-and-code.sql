-- Exchanges are chosen by the type of a document and by the code of a finding.
create index document_of_type on document (type, exchange_id);
create index finding_of_code on finding (code, exchange_id);
