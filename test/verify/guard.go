package verify

import (
	"context"
	"fmt"
	"strings"
)

// keys: whatever is sealed has its key, unless it was destroyed on purpose, in
// which case no search value of the subject is left either.
func (c *checker) keys(ctx context.Context) error {
	f := c.finding("search values of a person end with the key")
	n, err := c.number(ctx, `SELECT count(*) FROM subject_key`)
	if err != nil {
		return err
	}
	f.Checked = n
	return c.each(ctx, `SELECT DISTINCT i.subject FROM subject_index i LEFT JOIN subject_key k ON k.subject = i.subject WHERE k.subject IS NULL`,
		func(scan func(...any) error) error {
			var subject string
			err := scan(&subject)
			f.violated("subject %s can be searched and has no key", subject)
			return err
		})
}

// jobs: every job waits, is worked on, is finished or was given up with a reason.
func (c *checker) jobs(ctx context.Context) error {
	f := c.finding("every job is accounted for")
	return c.each(ctx, `SELECT id, state, attempts, lease_by, last_error FROM job`, func(scan func(...any) error) error {
		var id, state, attempts int64
		var by, reason string
		if err := scan(&id, &state, &attempts, &by, &reason); err != nil {
			return err
		}
		f.Checked++
		switch {
		case state < 2 || state > 5 || attempts < 0:
			f.violated("job %d is in state %d after %d attempts", id, state, attempts)
		case state == 3 && by == "":
			f.violated("job %d is worked on by nobody", id)
		case state == 4 && reason == "":
			f.violated("job %d was given up without a reason", id)
		}
		return nil
	})
}

// accesses: the access log says who looked at whose data and why.
func (c *checker) accesses(ctx context.Context) error {
	f := c.finding("the access log is complete in itself")
	return c.each(ctx, `SELECT id, principal, subject, what, purpose FROM access_log`, func(scan func(...any) error) error {
		var id int64
		var principal, subject, what, purpose string
		if err := scan(&id, &principal, &subject, &what, &purpose); err != nil {
			return err
		}
		f.Checked++
		if principal == "" || subject == "" || what == "" || purpose == "" {
			f.violated("access %d lacks who, whose, what or why", id)
		}
		return nil
	})
}

// guards tries to change what may only grow, and takes it back should it work.
func (c *checker) guards(ctx context.Context) error {
	f := c.finding("append-only tables refuse changes")
	for _, table := range []string{"journal", "access_log"} {
		tries := []string{"UPDATE " + table + " SET recorded_at = recorded_at", "DELETE FROM " + table}
		if c.postgres {
			tries = append(tries, "TRUNCATE "+table)
		}
		any, err := c.number(ctx, `SELECT count(*) FROM `+table)
		if err != nil {
			return err
		}
		for _, try := range tries {
			if any == 0 && !strings.HasPrefix(try, "TRUNCATE") {
				continue // a trigger for each row has nothing to refuse
			}
			f.Checked++
			tx, err := c.db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			_, changed := tx.ExecContext(ctx, try)
			if err := tx.Rollback(); err != nil {
				return err
			}
			if changed == nil {
				f.violated("%q works", try)
			} else if !strings.Contains(changed.Error(), "append-only") {
				return fmt.Errorf("%s: %w", try, changed)
			}
		}
	}
	return nil
}

// secrets looks for personal data in clear in every text of every table.
func (c *checker) secrets(ctx context.Context) error {
	f := c.finding("personal data stands nowhere in clear")
	if len(c.opt.Secrets) == 0 {
		return nil
	}
	columns := `SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND p.type IN ('TEXT', 'BLOB')`
	if c.postgres {
		columns = `SELECT CAST(table_name AS text), CAST(column_name AS text) FROM information_schema.columns
			WHERE table_schema = current_schema() AND data_type IN ('text', 'bytea')`
	}
	var places [][2]string
	err := c.each(ctx, columns, func(scan func(...any) error) error {
		var p [2]string
		err := scan(&p[0], &p[1])
		places = append(places, p)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range places {
		err := c.each(ctx, `SELECT `+p[1]+` FROM `+p[0]+` WHERE `+p[1]+` IS NOT NULL`, func(scan func(...any) error) error {
			var text []byte
			if err := scan(&text); err != nil {
				return err
			}
			f.Checked++
			for _, secret := range c.opt.Secrets {
				if strings.Contains(string(text), secret) {
					f.violated("%s.%s shows %q", p[0], p[1], secret)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
