package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// dump copies every declared table but the projections, each with a first line
// that names its columns.
func (s postgresSnapshot) dump(ctx context.Context, entry func(name string, fill func(path string) error) error) error {
	for _, table := range dumped() {
		err := entry(tableFolder+table, func(path string) error {
			f, err := os.Create(path)
			if err != nil {
				return err
			}
			columns, err := s.columns(ctx, table)
			if err == nil {
				_, err = fmt.Fprintln(f, columns)
			}
			if err == nil {
				_, err = s.tx.Conn().PgConn().CopyTo(ctx, f, `COPY `+table+` (`+columns+`) TO STDOUT`)
			}
			return errors.Join(err, f.Close())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s postgresSnapshot) columns(ctx context.Context, table string) (string, error) {
	rows, err := s.query(ctx, `SELECT CAST(column_name AS text) FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`, table)
	if err != nil {
		return "", err
	}
	names, err := collect(rows, scanText)
	return strings.Join(names, ", "), err
}

// postgresSink fills an empty database inside one transaction.
type postgresSink struct {
	eng *postgresEngine
	tx  *postgresTx
}

func openPostgresSink(ctx context.Context, url string, m Manifest) (sink, error) {
	eng, err := openPostgres(ctx, url)
	if err != nil {
		return nil, err
	}
	p := &postgresSink{eng: eng.(*postgresEngine)}
	if err := p.prepare(ctx, m); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

// prepare makes the tables as they were in the schema of the backup.
func (p *postgresSink) prepare(ctx context.Context, m Manifest) error {
	names, err := p.eng.tableNames(ctx, p.eng)
	if err != nil {
		return err
	}
	if len(names) > 0 {
		return fault.New(fault.Conflict, "store.not_empty", fault.Args{"place": names[0]})
	}
	if m.Schema > SchemaVersion() {
		return fault.New(fault.Unavailable, "store.schema_newer", fault.Args{"have": m.Schema, "want": SchemaVersion()})
	}
	tx, err := p.eng.begin(ctx)
	if err != nil {
		return err
	}
	p.tx = tx.(*postgresTx)
	steps, err := migrations(p.eng.schema())
	if err != nil {
		return err
	}
	if err := runAll(ctx, tx, []string{p.eng.lockSchema(), createVersions[0], createVersions[1]}); err != nil {
		return err
	}
	for _, step := range steps[:m.Schema] {
		if err := tx.script(ctx, step.text); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, `INSERT INTO schema_version (number, name, recorded_at) VALUES ($1, $2, $3)`, step.number, step.name, m.MadeAt.UnixMicro()); err != nil {
			return err
		}
	}
	_, err = tx.exec(ctx, `DELETE FROM journal_head`) // the backup has its own row
	return err
}

func (p *postgresSink) take(ctx context.Context, name string, r io.Reader) error {
	table, ok := strings.CutPrefix(name, tableFolder)
	if !ok || !slices.Contains(dumped(), table) {
		return unreadable(fmt.Errorf("unknown entry %q", name))
	}
	br := bufio.NewReader(r)
	columns, err := br.ReadString('\n')
	columns = strings.TrimSuffix(columns, "\n")
	if err != nil || strings.Trim(columns, "abcdefghijklmnopqrstuvwxyz0123456789_, ") != "" {
		return unreadable(err)
	}
	_, err = p.tx.conn.Conn().PgConn().CopyFrom(ctx, br, `COPY `+table+` (`+columns+`) FROM STDIN`)
	return err
}

// finish moves the counters of numbered tables, guards the append-only ones and
// commits.
func (p *postgresSink) finish(ctx context.Context) error {
	var last []string
	for _, t := range dumped() {
		var serial *string
		rows, err := p.tx.query(ctx, `SELECT MAX(pg_get_serial_sequence($1, CAST(column_name AS text))) FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 AND is_identity = 'YES'`, t)
		if err != nil {
			return err
		}
		if err := scanOne(rows, &serial); err != nil {
			return err
		}
		if serial != nil {
			last = append(last, fmt.Sprintf(`SELECT setval('%s', (SELECT COALESCE(MAX(id), 0) + 1 FROM %s), false)`, *serial, t))
		}
	}
	for _, t := range tables {
		if t.AppendOnly {
			last = append(last, p.eng.guardTable(t.Name)...)
		}
	}
	if err := runAll(ctx, p.tx, last); err != nil {
		return err
	}
	_, err := p.tx.commit(ctx)
	return err
}

func (p *postgresSink) close() error {
	if p.tx != nil {
		p.tx.rollback()
	}
	return p.eng.close()
}
