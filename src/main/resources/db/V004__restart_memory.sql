-- What the restart policy remembers of an instance, so that a restart of Argus does not make it forget a back-off.
ALTER TABLE instances ADD COLUMN restart_memory TEXT NOT NULL DEFAULT '{}';
