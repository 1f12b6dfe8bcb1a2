package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// pollEvery is how often a service is asked whether it answers.
const pollEvery = 500 * time.Microsecond

// probe asks on a new connection each time: one that is kept would break with the process.
var probe = &http.Client{
	Timeout:   time.Second,
	Transport: &http.Transport{DisableKeepAlives: true},
}

// answers tells whether the service on the port answers 200 with the text.
func answers(port int, text string) bool {
	answer, err := probe.Get(fmt.Sprintf("http://127.0.0.1:%d/isalive", port))
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1024))
	return err == nil && answer.StatusCode == http.StatusOK && strings.Contains(string(body), text)
}

// await returns when the service on the port, which may change meanwhile and is 0 while unknown, answers with the text.
func await(ctx context.Context, port func() int, text string, limit time.Duration) error {
	return awaitEvery(ctx, pollEvery, port, text, limit)
}

func awaitEvery(ctx context.Context, pause time.Duration, port func() int, text string, limit time.Duration) error {
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(pause) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if p := port(); p != 0 && answers(p, text) {
			return nil
		}
	}
	return fmt.Errorf("no answer %q within %s", text, limit)
}

func always(port int) func() int { return func() int { return port } }

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// do runs a command to its end and fails with what it printed.
func do(ctx context.Context, directory string, command ...string) error {
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Dir = directory
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=bench", "GIT_AUTHOR_EMAIL=bench@localhost", "GIT_COMMITTER_NAME=bench", "GIT_COMMITTER_EMAIL=bench@localhost")
	if output, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(command, " "), err, strings.TrimSpace(string(output)))
	}
	return nil
}

// ownSession is what whoever runs a server on a host gives it, systemd too. The kernel shares the processor among sessions: what is in that of the bench
// takes turns with its visitors less often, which saves it a fifth of the work.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// process is a program that runs until it is ended, with everything it started in its group.
type process struct{ command *exec.Cmd }

func start(directory string, command ...string) (*process, error) {
	c := exec.Command(command[0], command[1:]...)
	c.Dir = directory
	c.SysProcAttr = ownSession()
	if err := c.Start(); err != nil {
		return nil, err
	}
	return &process{c}, nil
}

// end kills the whole group; what is killed here has nothing to lose.
func (p *process) end() {
	_ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL)
	_ = p.command.Wait()
}

// childOf is the only child of a process.
func childOf(pid int) (int, error) {
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		stats, err := filepath.Glob("/proc/[0-9]*/stat")
		if err != nil {
			return 0, err
		}
		for _, stat := range stats {
			content, err := os.ReadFile(stat)
			if err != nil {
				continue // it has ended meanwhile
			}
			// pid (name) state parent ...; the name may hold anything.
			fields := strings.Fields(string(content)[strings.LastIndexByte(string(content), ')')+1:])
			if len(fields) > 1 && fields[1] == strconv.Itoa(pid) && fields[0] != "Z" {
				return strconv.Atoi(filepath.Base(filepath.Dir(stat)))
			}
		}
	}
	return 0, errors.New("the shell started nothing")
}

// memoryOf gives resident and proportional size in bytes.
func memoryOf(pid int) (rss, pss int64, err error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, 0, err
	}
	for _, line := range strings.Split(string(content), "\n") {
		fields := strings.Fields(line)
		if len(fields) < 2 || (fields[0] != "Rss:" && fields[0] != "Pss:") {
			continue
		}
		kilobytes, err := strconv.ParseInt(fields[1], 10, 64)
		if err != nil {
			return 0, 0, err
		}
		if fields[0] == "Rss:" {
			rss = kilobytes << 10
		} else {
			pss = kilobytes << 10
		}
	}
	return rss, pss, nil
}

// processorTime is what a process has used so far; the kernel counts in hundredths of a second.
func processorTime(pid int) (time.Duration, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(content)[strings.LastIndexByte(string(content), ')')+1:])
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}
