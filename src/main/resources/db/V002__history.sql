-- What has happened to services; bounded by those who write. Not tied to services by a key, since it is written later than what it tells of.
CREATE TABLE timeline (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  service TEXT NOT NULL,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  text TEXT NOT NULL,
  details TEXT NOT NULL
) STRICT;

CREATE INDEX timeline_by_service ON timeline (service, at);

CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  service TEXT NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  instance TEXT NOT NULL,
  release INTEGER NOT NULL,
  reason TEXT NOT NULL,
  last_words TEXT NOT NULL,
  findings TEXT NOT NULL,
  evidence TEXT NOT NULL
) STRICT;

CREATE INDEX incidents_by_service ON incidents (service, at);
