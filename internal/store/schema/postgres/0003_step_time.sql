CREATE TABLE step_time (
  kind        TEXT NOT NULL,
  unit        TEXT NOT NULL,
  n           BIGINT NOT NULL,
  median      BIGINT NOT NULL,
  p80         BIGINT NOT NULL,
  measured_at BIGINT NOT NULL,
  PRIMARY KEY (kind, unit)
);
