CREATE TABLE journal (
  position     INTEGER PRIMARY KEY,
  stream       TEXT    NOT NULL,
  version      INTEGER NOT NULL,
  type         TEXT    NOT NULL,
  type_version INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  recorded_at  INTEGER NOT NULL,
  principal    TEXT    NOT NULL,
  name         TEXT    NOT NULL,
  role         TEXT    NOT NULL,
  unit         TEXT    NOT NULL,
  on_behalf    TEXT    NOT NULL,
  ground       TEXT    NOT NULL,
  action       TEXT    NOT NULL,
  payload      TEXT    NOT NULL,
  prev_hash    BLOB    NOT NULL CHECK (length(prev_hash) = 32),
  hash         BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE UNIQUE INDEX journal_stream ON journal (stream, version);

CREATE TABLE journal_head (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  last INTEGER NOT NULL
) STRICT;
INSERT INTO journal_head VALUES (1, 0);

CREATE TABLE command_log (
  principal   TEXT    NOT NULL,
  action      TEXT    NOT NULL,
  body_hash   BLOB    NOT NULL,
  events      INTEGER NOT NULL,
  answer      TEXT    NOT NULL,
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (principal, action)
) STRICT;
CREATE INDEX command_log_age ON command_log (recorded_at);

CREATE TABLE series (
  kind TEXT    NOT NULL,
  key  TEXT    NOT NULL,
  last INTEGER NOT NULL CHECK (last >= 0),
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE guard (
  id      TEXT    NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE subject_key (
  subject     TEXT    NOT NULL PRIMARY KEY,
  wrapped     BLOB    NOT NULL,
  recorded_at INTEGER NOT NULL
) STRICT;

CREATE TABLE subject_index (
  field   TEXT NOT NULL,
  value   TEXT NOT NULL,
  subject TEXT NOT NULL,
  PRIMARY KEY (field, value, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX subject_index_subject ON subject_index (subject, field);

CREATE TABLE kept_file (
  hash        TEXT    NOT NULL PRIMARY KEY,
  size        INTEGER NOT NULL,
  type        TEXT    NOT NULL,
  recorded_at INTEGER NOT NULL
) STRICT;

CREATE TABLE staged_file (
  hash        TEXT    NOT NULL,
  uploader    TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  type        TEXT    NOT NULL,
  size        INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (hash, uploader)
) STRICT;
CREATE INDEX staged_file_age ON staged_file (recorded_at);

CREATE TABLE job (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  kind        TEXT    NOT NULL,
  key         TEXT    NOT NULL,
  payload     TEXT    NOT NULL,
  slot        TEXT,
  run_at      INTEGER NOT NULL,
  state       INTEGER NOT NULL,
  attempts    INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  lease_by    TEXT    NOT NULL,
  last_error  TEXT    NOT NULL,
  recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX job_run ON job (run_at, id) WHERE state = 2;
CREATE INDEX job_lease ON job (lease_until) WHERE state = 3;
CREATE INDEX job_key ON job (key, id) WHERE state IN (2, 3);
CREATE UNIQUE INDEX job_slot ON job (kind, slot) WHERE slot IS NOT NULL;

CREATE TABLE session (
  token_hash  BLOB    NOT NULL PRIMARY KEY,
  staff       TEXT    NOT NULL,
  data        TEXT    NOT NULL,
  recorded_at INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX session_staff ON session (staff);
CREATE INDEX session_age ON session (expires_at);

CREATE TABLE access_log (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  recorded_at INTEGER NOT NULL,
  principal   TEXT    NOT NULL,
  unit        TEXT    NOT NULL,
  subject     TEXT    NOT NULL,
  what        TEXT    NOT NULL,
  purpose     TEXT    NOT NULL,
  request     TEXT    NOT NULL
) STRICT;
CREATE INDEX access_log_subject ON access_log (subject, recorded_at);
CREATE INDEX access_log_principal ON access_log (principal, recorded_at);
