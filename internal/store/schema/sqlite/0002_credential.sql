CREATE TABLE credential (
  staff        TEXT NOT NULL PRIMARY KEY,
  login        TEXT NOT NULL UNIQUE,
  hash         TEXT NOT NULL,
  must_change  INTEGER NOT NULL,
  failures     INTEGER NOT NULL,
  locked_until INTEGER NOT NULL,
  seen_at      INTEGER NOT NULL,
  recorded_at  INTEGER NOT NULL
) STRICT;
