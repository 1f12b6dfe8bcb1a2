package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// peer is another supervisor that runs one program and starts it again.
type peer struct {
	name string
	// needs is the file below target/peers without which it is not measured.
	needs string
	// watchesHTTP tells whether it can see a hang.
	watchesHTTP bool
	start       func(b *bench, directory, program string, port int) (stop func(), err error)
}

func (b *bench) peersDirectory() string { return filepath.Join(b.scripts, "..", "target", "peers") }

// installPeers unpacks the packages without installing them, so that none of their daemons starts and nothing of the system changes.
func (b *bench) installPeers() error {
	directory := b.peersDirectory()
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	if err := do(b.ctx, directory, "apt-get", "download", "supervisor", "monit", "runit"); err != nil {
		return err
	}
	packages, err := filepath.Glob(filepath.Join(directory, "*.deb"))
	if err != nil {
		return err
	}
	for _, file := range packages {
		if err := do(b.ctx, directory, "dpkg", "-x", file, "."); err != nil {
			return err
		}
	}
	return do(b.ctx, directory, "npm", "install", "--silent", "--no-save", "--prefix", directory, "pm2@7")
}

var peerList = []peer{
	{name: "runit", needs: "usr/bin/runsv", start: startRunit},
	{name: "pm2", needs: "node_modules/pm2/bin/pm2", start: startPm2},
	{name: "supervisord", needs: "usr/lib/python3/dist-packages/supervisor/supervisord.py", start: startSupervisord},
	{name: "monit", needs: "usr/bin/monit", watchesHTTP: true, start: startMonit},
}

func startRunit(b *bench, directory, program string, port int) (func(), error) {
	script := fmt.Sprintf("#!/bin/sh\nexec %s %d\n", program, port)
	if err := os.WriteFile(filepath.Join(directory, "run"), []byte(script), 0o755); err != nil {
		return nil, err
	}
	p, err := start(directory, filepath.Join(b.peersDirectory(), "usr/bin/runsv"), directory)
	if err != nil {
		return nil, err
	}
	return func() {
		// runsv puts its service into a group of its own
		_ = os.WriteFile(filepath.Join(directory, "supervise", "control"), []byte("x"), 0o600)
		time.Sleep(200 * time.Millisecond)
		p.end()
	}, nil
}

func startPm2(b *bench, directory, program string, port int) (func(), error) {
	pm2 := func(arguments ...string) error {
		c := exec.Command(filepath.Join(b.peersDirectory(), "node_modules/pm2/bin/pm2"), arguments...)
		c.Dir = directory
		c.Env = append(os.Environ(), "PM2_HOME="+directory, "PM2_DISCRETE_MODE=true")
		output, err := c.CombinedOutput()
		if err != nil {
			return fmt.Errorf("pm2 %s: %w: %s", strings.Join(arguments, " "), err, output)
		}
		return nil
	}
	stop := func() {
		if err := pm2("kill"); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	if err := pm2("start", program, "--name", "service", "--interpreter", "none", "--", strconv.Itoa(port)); err != nil {
		stop()
		return nil, err
	}
	return stop, nil
}

func startSupervisord(b *bench, directory, program string, port int) (func(), error) {
	file := filepath.Join(directory, "supervisord.conf")
	content := fmt.Sprintf("[supervisord]\nnodaemon=true\nlogfile=%s/log\npidfile=%s/pid\nchildlogdir=%s\n[program:service]\ncommand=%s %d\nautorestart=true\n",
		directory, directory, directory, program, port)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		return nil, err
	}
	p, err := start(directory, "env", "PYTHONPATH="+filepath.Join(b.peersDirectory(), "usr/lib/python3/dist-packages"),
		"python3", "-W", "ignore", "-m", "supervisor.supervisord", "-n", "-s", "-c", file)
	if err != nil {
		return nil, err
	}
	return func() {
		_ = p.command.Process.Signal(syscall.SIGTERM)
		time.Sleep(2 * time.Second)
		p.end()
	}, nil
}

func startMonit(b *bench, directory, program string, port int) (func(), error) {
	file := filepath.Join(directory, "monitrc")
	pidFile := filepath.Join(directory, "service.pid")
	starter := filepath.Join(directory, "start")
	ender := filepath.Join(directory, "stop")
	script := fmt.Sprintf("#!/bin/sh\n%s %d </dev/null >/dev/null 2>&1 &\necho $! > %s\n", program, port, pidFile)
	if err := os.WriteFile(starter, []byte(script), 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(ender, []byte("#!/bin/sh\nkill -9 $(cat "+pidFile+")\n"), 0o755); err != nil {
		return nil, err
	}
	// its best case: a cycle of a second, and two seconds for a start
	content := fmt.Sprintf("set daemon 1\nset pidfile %s/monit.pid\nset idfile %s/id\nset statefile %s/state\n"+
		"check process service with pidfile %s\n  start program = \"%s\" with timeout 2 seconds\n  stop program = \"%s\" with timeout 2 seconds\n"+
		"  if failed host 127.0.0.1 port %d protocol http request \"/isalive\" with timeout 1 seconds then restart\n",
		directory, directory, directory, pidFile, starter, ender, port)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		return nil, err
	}
	p, err := start(directory, filepath.Join(b.peersDirectory(), "usr/bin/monit"), "-I", "-c", file)
	if err != nil {
		return nil, err
	}
	return func() {
		p.end()
		if pid, err := pidOf(program, port); err == nil {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}, nil
}

// pidOf finds the program by its command line.
func pidOf(program string, port int) (int, error) {
	wanted := program + "\x00" + strconv.Itoa(port) + "\x00"
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		if content, err := os.ReadFile(file); err == nil && string(content) == wanted {
			return strconv.Atoi(filepath.Base(filepath.Dir(file)))
		}
	}
	return 0, fmt.Errorf("%s does not run on port %d", program, port)
}

func (b *bench) peers() error {
	if _, err := b.prebuilt(); err != nil {
		return err
	}
	program := filepath.Join(b.work, "program", "app")
	var bare samples
	for round := 0; round < b.rounds; round++ {
		took, err := b.killOfLoop(filepath.Dir(program))
		if err != nil {
			return err
		}
		bare = append(bare, took)
	}
	measured := false
	for _, p := range peerList {
		if _, err := os.Stat(filepath.Join(b.peersDirectory(), p.needs)); err != nil {
			continue
		}
		measured = true
		killed, hung, err := b.peer(p, program)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		b.table.times("kill -9 to next 200 under "+p.name, killed, bare, "")
		if p.watchesHTTP {
			b.table.times("hang to next 200 under "+p.name, hung, nil, "")
		}
	}
	if !measured {
		return fmt.Errorf("there is none in %s: scripts/bench --install peers", b.peersDirectory())
	}
	return nil
}

func (b *bench) peer(p peer, program string) (killed, hung samples, err error) {
	directory, err := os.MkdirTemp(b.work, p.name+"-")
	if err != nil {
		return nil, nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, nil, err
	}
	stop, err := p.start(b, directory, program, port)
	if err != nil {
		return nil, nil, err
	}
	defer stop()
	disturb := func(signal syscall.Signal, pause time.Duration) (time.Duration, error) {
		if err := awaitEvery(b.ctx, 5*time.Millisecond, always(port), "ok", limit); err != nil {
			return 0, err
		}
		// so that the start counts as a good one
		time.Sleep(1500 * time.Millisecond)
		pid, err := pidOf(program, port)
		if err != nil {
			return 0, err
		}
		begun := time.Now()
		if err := syscall.Kill(pid, signal); err != nil {
			return 0, err
		}
		err = awaitEvery(b.ctx, pause, always(port), "ok", limit)
		return time.Since(begun), err
	}
	for round := 0; round < b.rounds; round++ {
		took, err := disturb(syscall.SIGKILL, pollEvery)
		if err != nil {
			return nil, nil, err
		}
		killed = append(killed, took)
	}
	for round := 0; p.watchesHTTP && round < b.rounds; round++ {
		took, err := disturb(syscall.SIGSTOP, 5*time.Millisecond)
		if err != nil {
			return nil, nil, err
		}
		hung = append(hung, took)
	}
	return killed, hung, nil
}
