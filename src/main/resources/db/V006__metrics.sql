-- The figures of services and of the machine. A range has as many cells as points: what comes takes the place of what is out of the range.
CREATE TABLE service_metrics (
  step INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  service TEXT NOT NULL,
  at INTEGER NOT NULL,
  cpu REAL,
  memory REAL,
  probe REAL,
  requests REAL,
  errors REAL,
  PRIMARY KEY (step, cell, service)
) STRICT, WITHOUT ROWID;

CREATE TABLE node_metrics (
  step INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  at INTEGER NOT NULL,
  cpu REAL,
  memory REAL,
  disk REAL,
  load REAL,
  PRIMARY KEY (step, cell)
) STRICT, WITHOUT ROWID;

-- To count the restarts of a day without a look at all entries.
CREATE INDEX timeline_restarts ON timeline (at, service) WHERE type = 'RESTARTED';
