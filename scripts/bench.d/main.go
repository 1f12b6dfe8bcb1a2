// Argus-bench measures what Argus costs beside the bare commands that do the same, both in the same run, taking turns,
// on loopback only. scripts/bench starts it; it ends only what it started.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// bench is what every figure works with.
type bench struct {
	ctx     context.Context
	scripts string // where argus-server and argus-client are
	example string // source of the service that is deployed
	work    string // everything that is written, removed at the end
	rounds  int
	table   *table
}

// figure is one thing to measure; it adds its rows to the table.
type figure struct {
	name    string
	about   string
	measure func(*bench) error
}

var figures = []figure{
	{"deploy", "from the request to the first 200, over git clone + go build + start", (*bench).deploy},
	{"redeploy", "a one-line commit to its first 200, over git pull + go build + restart", (*bench).redeploy},
	{"kill", "kill -9 to the next 200, over a shell loop that waits and respawns", (*bench).kill},
	{"hang", "services that hang, probed each second with a second for the answer: one, and fifty together", (*bench).hang},
	{"probes", "probes a second that one Argus makes of 2000 instances, ten a second of each", (*bench).probes},
	{"peers", "kill -9 and hang under pm2, supervisord, monit and runit, where --install put them", (*bench).peers},
	{"ready", "start of the server to its ready line, over an empty JVM", (*bench).ready},
	{"memory", "memory and idle processor time of the server with 0, 1, 50 and 200 services, probed each second", (*bench).memory},
	{"traffic", "requests a second and p99 of 64 visitors, beside HAProxy and nginx where they are installed", (*bench).traffic},
	{"restarts", "what ten thousand restarts leave behind in the server", (*bench).restarts},
	{"ls", "wall time of argus-client ls, over curl of the same route", (*bench).ls},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	rounds := flag.Int("rounds", 7, "rounds of each figure")
	install := flag.Bool("install", false, "fetch the peers into target/peers")
	scripts := flag.String("scripts", "", "directory of argus-server and argus-client")
	flag.Usage = usage
	flag.Parse()
	if *scripts == "" || *rounds < 1 {
		usage()
		os.Exit(2)
	}
	chosen, err := choose(flag.Args())
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "argus-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	b := &bench{
		ctx: ctx, scripts: *scripts, example: filepath.Join(*scripts, "..", "examples", "go-simple-service"),
		work: work, rounds: *rounds, table: &table{},
	}
	if *install {
		if err := b.installPeers(); err != nil {
			return err
		}
	}
	var failed []string
	for _, f := range chosen {
		fmt.Fprintf(os.Stderr, "%s: %s\n", f.name, f.about)
		if err := f.measure(b); err != nil {
			if ctx.Err() != nil {
				return errors.New("interrupted")
			}
			failed = append(failed, fmt.Sprintf("%s could not be measured: %v", f.name, err))
		}
	}
	b.table.print(os.Stdout)
	if failed != nil {
		return errors.New(strings.Join(failed, "\n"))
	}
	return nil
}

func choose(names []string) ([]figure, error) {
	if len(names) == 0 {
		return figures, nil
	}
	var chosen []figure
	for _, name := range names {
		found := false
		for _, f := range figures {
			if f.name == name {
				chosen, found = append(chosen, f), true
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no figure %q: see scripts/bench --help", name)
		}
	}
	return chosen, nil
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: scripts/bench [--rounds N] [--install] [FIGURE]...\n\n--install fetches pm2, supervisord, monit and runit into target/peers, by npm and apt-get download.\nPrints the median of the rounds (7) of each figure:")
	for _, f := range figures {
		fmt.Fprintf(os.Stderr, "  %-9s %s\n", f.name, f.about)
	}
}
