package main

import (
	"fmt"
	"io"
	"sort"
	"text/tabwriter"
	"time"
)

// samples are the times of the rounds of one thing.
type samples []time.Duration

func (s samples) sorted() samples {
	c := append(samples(nil), s...)
	sort.Slice(c, func(i, j int) bool { return c[i] < c[j] })
	return c
}

func (s samples) median() time.Duration {
	c := s.sorted()
	if len(c) == 0 {
		return 0
	}
	middle := len(c) / 2
	if len(c)%2 == 1 {
		return c[middle]
	}
	return (c[middle-1] + c[middle]) / 2
}

func (s samples) String() string {
	c := s.sorted()
	if len(c) == 0 {
		return "-"
	}
	return fmt.Sprintf("%s (%s-%s)", milliseconds(c.median()), milliseconds(c[0]), milliseconds(c[len(c)-1]))
}

func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 100 {
		return fmt.Sprintf("%.1f", ms)
	}
	return fmt.Sprintf("%.0f", ms)
}

type table struct{ rows [][]string }

// times adds a row; bare may be nil where nothing bare does the same.
func (t *table) times(name string, argus, bare samples, wanted string) {
	ratio := "-"
	if len(bare) > 0 && len(argus) > 0 {
		ratio = fmt.Sprintf("%.2f", float64(argus.median())/float64(bare.median()))
	}
	t.rows = append(t.rows, []string{name, argus.String(), bare.String(), ratio, fmt.Sprint(len(argus)), wanted})
}

// value adds a row that is no time.
func (t *table) value(name, argus, wanted string) {
	t.rows = append(t.rows, []string{name, argus, "-", "-", "1", wanted})
}

func (t *table) print(w io.Writer) {
	if len(t.rows) == 0 {
		return
	}
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "figure\targus: median (min-max) ms\tbare: median (min-max) ms\tratio\trounds\twanted")
	for _, row := range t.rows {
		for i, cell := range row {
			if i > 0 {
				fmt.Fprint(columns, "\t")
			}
			fmt.Fprint(columns, cell)
		}
		fmt.Fprintln(columns)
	}
	columns.Flush()
}
