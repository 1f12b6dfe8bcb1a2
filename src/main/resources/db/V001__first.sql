-- Times are milliseconds since 1970 UTC. JSON is kept as text.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE services (
  name TEXT PRIMARY KEY,
  repository TEXT NOT NULL,
  ref TEXT,
  spec TEXT NOT NULL,
  desired TEXT NOT NULL CHECK (desired IN ('running', 'stopped', 'removed')),
  keep_data INTEGER NOT NULL DEFAULT 0,
  live_release INTEGER,
  next_release INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE secrets (
  service TEXT NOT NULL REFERENCES services (name) ON DELETE CASCADE,
  key TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (service, key)
) STRICT;

CREATE TABLE releases (
  service TEXT NOT NULL REFERENCES services (name) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  revision TEXT NOT NULL,
  subject TEXT NOT NULL,
  built_at INTEGER NOT NULL,
  plan TEXT NOT NULL,
  PRIMARY KEY (service, number)
) STRICT;

CREATE TABLE deployments (
  id TEXT PRIMARY KEY,
  service TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  content TEXT NOT NULL
) STRICT;

CREATE INDEX deployments_by_service ON deployments (service, created_at);

CREATE TABLE instances (
  id TEXT PRIMARY KEY,
  service TEXT NOT NULL,
  release INTEGER NOT NULL,
  port INTEGER NOT NULL,
  restarts INTEGER NOT NULL DEFAULT 0,
  attempt INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE users (
  name TEXT PRIMARY KEY,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  services TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('api', 'session', 'link')),
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  services TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT;

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  service TEXT,
  result TEXT NOT NULL
) STRICT;
