package data_test

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/data"
)

func TestOpen(t *testing.T) {
	tests := []struct {
		name    string
		records int // lines below the head of a CSV, or the count that a JSON states
	}{
		{data.Procedures, 1477}, {data.Catalogue, 1790}, {data.Units, 16372}, {data.Agencies, 327},
		{data.Identifiers, 89}, {data.Centres, 6}, {data.Names, 0}, {data.Speech, 0}, {data.Titles, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := data.Open(tt.name)
			if err != nil {
				t.Fatal(err)
			}
			got := 0
			if strings.HasSuffix(tt.name, ".csv") {
				rows, err := csv.NewReader(f).ReadAll()
				if err != nil {
					t.Fatal(err)
				}
				got = len(rows) - 1
			} else {
				var head struct{ Count int }
				if err := json.NewDecoder(f).Decode(&head); err != nil {
					t.Fatal(err)
				}
				got = head.Count
			}
			if got != tt.records {
				t.Errorf("records = %d, want %d", got, tt.records)
			}
			if _, err := io.Copy(io.Discard, f); err != nil {
				t.Errorf("read to the end: %v", err)
			}
			if err := f.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
	if _, err := data.Open("nothing.csv"); err == nil {
		t.Error("Open of an unknown name gives no error")
	}
}
