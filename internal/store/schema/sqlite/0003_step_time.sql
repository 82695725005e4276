CREATE TABLE step_time (
  kind        TEXT NOT NULL,
  unit        TEXT NOT NULL,
  n           INTEGER NOT NULL,
  median      INTEGER NOT NULL,
  p80         INTEGER NOT NULL,
  measured_at INTEGER NOT NULL,
  PRIMARY KEY (kind, unit)
) STRICT;
