-- Who had a release built; empty for those that were built before it was kept.
ALTER TABLE releases ADD COLUMN built_by TEXT NOT NULL DEFAULT '';
