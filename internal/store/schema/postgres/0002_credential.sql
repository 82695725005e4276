CREATE TABLE credential (
  staff        TEXT NOT NULL PRIMARY KEY,
  login        TEXT NOT NULL UNIQUE,
  hash         TEXT NOT NULL,
  must_change  BIGINT NOT NULL,
  failures     BIGINT NOT NULL,
  locked_until BIGINT NOT NULL,
  seen_at      BIGINT NOT NULL,
  recorded_at  BIGINT NOT NULL
);
