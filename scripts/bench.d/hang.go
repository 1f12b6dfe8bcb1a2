package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const together = 50

// hang stops services where they are, as a deadlock does, and waits until all of them answer again.
func (b *bench) hang() error {
	repository, err := b.prebuilt()
	if err != nil {
		return err
	}
	return b.withServer("hang", func(a *argus) error {
		// Each service hangs once: at the second time it is a restart policy that is measured.
		if err := b.deployMany(a, repository, "one", 0, b.rounds, everySecond); err != nil {
			return err
		}
		var one, many samples
		for round := 0; round < b.rounds; round++ {
			took, err := b.hangAll(a, []string{fmt.Sprintf("one-%d", round)})
			if err != nil {
				return err
			}
			one = append(one, took)
		}
		for round := 0; round < (b.rounds+1)/2; round++ {
			name := fmt.Sprintf("many-%d", round)
			if err := b.deployMany(a, repository, name, 0, together, everySecond); err != nil {
				return err
			}
			var names []string
			for n := 0; n < together; n++ {
				names = append(names, fmt.Sprintf("%s-%d", name, n))
			}
			time.Sleep(time.Second)
			took, err := b.hangAll(a, names)
			if err != nil {
				return err
			}
			many = append(many, took)
			for _, n := range names {
				if err := a.undeploy(b.ctx, n); err != nil {
					return err
				}
			}
		}
		b.table.times("hang to next 200", one, nil, "< 2500 ms")
		b.table.times(fmt.Sprintf("%d hung together to the last 200, beside one", together), many, one, "ratio <= 2")
		return nil
	})
}

func (b *bench) hangAll(a *argus, names []string) (time.Duration, error) {
	ports := make([]func() int, len(names))
	pids := make([]int, len(names))
	for i, name := range names {
		s, err := a.service(b.ctx, name)
		if err != nil {
			return 0, err
		}
		if len(s.Instances) != 1 || s.Instances[0].PID == 0 || !answers(s.Instances[0].Port, "ok") {
			return 0, fmt.Errorf("%s does not run: %+v", name, s)
		}
		first, told := s.Instances[0].Port, a.port(name)
		ports[i] = func() int {
			if port := told(); port != 0 {
				return port
			}
			return first
		}
		pids[i] = s.Instances[0].PID
	}
	begun := time.Now()
	for _, pid := range pids {
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			return 0, err
		}
	}
	var waiting sync.WaitGroup
	failed := make(chan error, len(names))
	for i := range names {
		waiting.Add(1)
		go func(i int) {
			defer waiting.Done()
			if err := awaitEvery(b.ctx, 5*time.Millisecond, ports[i], "ok", limit); err != nil {
				failed <- fmt.Errorf("%s: %w", names[i], err)
			}
		}(i)
	}
	waiting.Wait()
	took := time.Since(begun)
	select {
	case err := <-failed:
		return 0, err
	default:
		return took, nil
	}
}

const (
	probedInstances = 2000
	probedEvery     = 100 * time.Millisecond
)

// probes lets the prober of Argus alone ask many listeners of this program, and counts what arrives on the connections that are kept.
func (b *bench) probes() error {
	var requests, connections atomic.Int64
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			_, _ = io.WriteString(w, "ok\n")
		}),
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				connections.Add(1)
			}
		},
	}
	defer server.Close()
	var ports bytes.Buffer
	for i := 0; i < probedInstances; i++ {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("listener %d: %w (see ulimit -n)", i, err)
		}
		fmt.Fprintln(&ports, listener.Addr().(*net.TCPAddr).Port)
		go func() { _ = server.Serve(listener) }()
	}
	root := filepath.Join(b.scripts, "..", "target")
	classes := filepath.Join(root, "test-classes")
	if _, err := os.Stat(filepath.Join(classes, "dev", "argus", "probe", "ProbeLoad.class")); err != nil {
		return fmt.Errorf("compile the tests first, with mvn test-compile: %w", err)
	}
	command := exec.CommandContext(b.ctx, os.Getenv("ARGUS_BENCH_JAVA"), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
		"-XX:+UseCompactObjectHeaders", "-Xmx256m", "--enable-native-access=ALL-UNNAMED",
		"-cp", classes+":"+filepath.Join(root, "argus", "lib", "*"), "dev.argus.probe.ProbeLoad", fmt.Sprint(probedEvery.Milliseconds()))
	command.Stdin = &ports
	command.SysProcAttr = ownSession()
	var complaints bytes.Buffer
	command.Stderr = &complaints
	output, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	defer func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	}()
	if line, err := bufio.NewReader(output).ReadString('\n'); err != nil || strings.TrimSpace(line) != "watching" {
		return fmt.Errorf("the prober did not begin: %s", complaints.String())
	}
	time.Sleep(10 * time.Second)
	asked, opened := requests.Load(), connections.Load()
	before, err := processorTime(command.Process.Pid)
	if err != nil {
		return err
	}
	begun := time.Now()
	time.Sleep(10 * time.Second)
	took := time.Since(begun)
	after, err := processorTime(command.Process.Pid)
	if err != nil {
		return err
	}
	rate := float64(requests.Load()-asked) / took.Seconds()
	b.table.value("probes a second", fmt.Sprintf("%.0f with %.0f %% of a core, %d connections opened meanwhile", rate,
		100*float64(after-before)/float64(took), connections.Load()-opened), "20000")
	return nil
}
