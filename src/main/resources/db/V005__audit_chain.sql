-- Every record of the audit carries the hash of the one before it. Those that are there already cannot be given any, and are told apart by their number.
ALTER TABLE audit ADD COLUMN detail TEXT NOT NULL DEFAULT '';

ALTER TABLE audit ADD COLUMN address TEXT NOT NULL DEFAULT '';

ALTER TABLE audit ADD COLUMN previous TEXT NOT NULL DEFAULT '';

ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';

INSERT INTO meta (key, value) SELECT 'audit.unchained', ifnull(max(sequence), 0) FROM audit;

INSERT INTO meta (key, value) SELECT 'audit.anchor', ifnull(min(sequence) - 1, 0) || ':' FROM audit;
