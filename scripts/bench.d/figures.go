package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The longest that anything which is measured may take.
const limit = 2 * time.Minute

// makeRepository makes a git repository of the example without its script.sh, so that it is started as an ordinary Go service.
func (b *bench) makeRepository(name string) (string, error) {
	repository := filepath.Join(b.work, name)
	if err := os.MkdirAll(repository, 0o755); err != nil {
		return "", err
	}
	for _, file := range []string{"main.go", "go.mod"} {
		content, err := os.ReadFile(filepath.Join(b.example, file))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(repository, file), content, 0o644); err != nil {
			return "", err
		}
	}
	if err := do(b.ctx, repository, "git", "init", "-q", "-b", "main"); err != nil {
		return "", err
	}
	return repository, b.commit(repository, "first")
}

// commit changes one line: what isalive answers.
func (b *bench) commit(repository, version string) error {
	file := filepath.Join(repository, "main.go")
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	lines := strings.Split(string(content), "\n")
	changed := false
	for i, line := range lines {
		if strings.Contains(line, "io.WriteString(w, \"ok") {
			lines[i], changed = fmt.Sprintf("\t_, _ = io.WriteString(w, \"ok %s\\n\")", version), true
		}
	}
	if !changed {
		return fmt.Errorf("%s has no line that answers isalive", file)
	}
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		return err
	}
	if err := do(b.ctx, repository, "git", "add", "-A"); err != nil {
		return err
	}
	return do(b.ctx, repository, "git", "commit", "-q", "-m", version)
}

// startAndAwait starts a program that was built and waits for its first answer.
func (b *bench) startAndAwait(directory, version string) (*process, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	p, err := start(directory, "./app", fmt.Sprint(port))
	if err != nil {
		return nil, err
	}
	if err := await(b.ctx, always(port), version, limit); err != nil {
		p.end()
		return nil, err
	}
	return p, nil
}

// withServer runs a figure with a server that is stopped afterwards.
func (b *bench) withServer(name string, measure func(*argus) error) error {
	a, err := b.startServer(name)
	if err != nil {
		return err
	}
	defer a.stop()
	if err := a.listen(b.ctx); err != nil {
		return err
	}
	return measure(a)
}

func (b *bench) deploy() error {
	repository, err := b.makeRepository("deploy-repository")
	if err != nil {
		return err
	}
	url := "file://" + repository
	return b.withServer("deploy", func(a *argus) error {
		var first, done, bare samples
		for round := 0; round <= b.rounds; round++ {
			version := fmt.Sprintf("deploy-%d", round)
			if err := b.commit(repository, version); err != nil {
				return err
			}
			begun := time.Now()
			id, err := a.deploy(b.ctx, version, map[string]any{"repository": url})
			if err != nil {
				return err
			}
			if err := await(b.ctx, a.port(version), version, limit); err != nil {
				return fmt.Errorf("%w (deployment: %v)", err, a.finished(b.ctx, id))
			}
			answered := time.Since(begun)
			if err := a.finished(b.ctx, id); err != nil {
				return err
			}
			finished := time.Since(begun)
			if err := a.undeploy(b.ctx, version); err != nil {
				return err
			}

			begun = time.Now()
			clone := filepath.Join(b.work, version)
			if err := do(b.ctx, b.work, "git", "clone", "-q", url, clone); err != nil {
				return err
			}
			if err := do(b.ctx, clone, "go", "build", "-o", "app", "."); err != nil {
				return err
			}
			p, err := b.startAndAwait(clone, version)
			if err != nil {
				return err
			}
			took := time.Since(begun)
			p.end()
			// The first round fills the caches of both and does not count.
			if round > 0 {
				first, done, bare = append(first, answered), append(done, finished), append(bare, took)
			}
		}
		b.table.times("deploy to first 200", first, bare, "ratio <= 1.05")
		b.table.times("deploy to reported success", done, bare, "")
		return nil
	})
}

func (b *bench) redeploy() error {
	repository, err := b.makeRepository("redeploy-repository")
	if err != nil {
		return err
	}
	url := "file://" + repository
	const name = "redeploy"
	clone := filepath.Join(b.work, "redeploy-clone")
	return b.withServer(name, func(a *argus) error {
		if err := do(b.ctx, b.work, "git", "clone", "-q", url, clone); err != nil {
			return err
		}
		var running *process
		defer func() {
			if running != nil {
				running.end()
			}
		}()
		var first, done, bare samples
		for round := -1; round <= b.rounds; round++ {
			version := fmt.Sprintf("change-%d", round)
			if err := b.commit(repository, version); err != nil {
				return err
			}
			begun := time.Now()
			id, err := a.deploy(b.ctx, name, map[string]any{"repository": url})
			if err != nil {
				return err
			}
			if err := await(b.ctx, a.port(name), version, limit); err != nil {
				return fmt.Errorf("%w (deployment: %v)", err, a.finished(b.ctx, id))
			}
			answered := time.Since(begun)
			if err := a.finished(b.ctx, id); err != nil {
				return err
			}
			finished := time.Since(begun)

			begun = time.Now()
			if err := do(b.ctx, clone, "git", "pull", "-q"); err != nil {
				return err
			}
			if err := do(b.ctx, clone, "go", "build", "-o", "app", "."); err != nil {
				return err
			}
			if running != nil {
				running.end()
			}
			if running, err = b.startAndAwait(clone, version); err != nil {
				return err
			}
			took := time.Since(begun)
			// The first two rounds are the first deployment and the one that fills the caches.
			if round > 0 {
				first, done, bare = append(first, answered), append(done, finished), append(bare, took)
			}
		}
		b.table.times("redeploy to first 200", first, bare, "ratio <= 1.05")
		b.table.times("redeploy to reported success", done, bare, "")
		return nil
	})
}

// prebuilt makes a repository that only names a program which is built already.
func (b *bench) prebuilt() (string, error) {
	repository := filepath.Join(b.work, "prebuilt")
	if _, err := os.Stat(filepath.Join(repository, ".git")); err == nil {
		return repository, nil
	}
	source, err := b.makeRepository("program")
	if err != nil {
		return "", err
	}
	if err := do(b.ctx, source, "go", "build", "-o", "app", "."); err != nil {
		return "", err
	}
	if err := os.MkdirAll(repository, 0o755); err != nil {
		return "", err
	}
	manifest := fmt.Sprintf("{\"build\": \"true\", \"start\": %q}\n", filepath.Join(source, "app")+" {port}")
	if err := os.WriteFile(filepath.Join(repository, "argus.json"), []byte(manifest), 0o644); err != nil {
		return "", err
	}
	if err := do(b.ctx, repository, "git", "init", "-q", "-b", "main"); err != nil {
		return "", err
	}
	if err := do(b.ctx, repository, "git", "add", "-A"); err != nil {
		return "", err
	}
	return repository, do(b.ctx, repository, "git", "commit", "-q", "-m", "prebuilt")
}

// everySecond has a service probed each second with a second for its answer.
var everySecond = map[string]any{"isalive": map[string]any{"interval": "1s", "timeout": "1s"}}

// deployMany deploys services NAME-from … NAME-(to-1), several at a time, with settings beside the repository.
func (b *bench) deployMany(a *argus, repository, name string, from, to int, settings map[string]any) error {
	numbers := make(chan int)
	failed := make(chan error, to-from)
	var workers sync.WaitGroup
	for i := 0; i < 8; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for n := range numbers {
				spec := map[string]any{"repository": "file://" + repository}
				for key, value := range settings {
					spec[key] = value
				}
				id, err := a.deploy(b.ctx, fmt.Sprintf("%s-%d", name, n), spec)
				if err == nil {
					err = a.finished(b.ctx, id)
				}
				if err != nil {
					failed <- err
				}
			}
		}()
	}
	for n := from; n < to; n++ {
		numbers <- n
	}
	close(numbers)
	workers.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

func (b *bench) kill() error {
	repository, err := b.prebuilt()
	if err != nil {
		return err
	}
	program := filepath.Join(b.work, "program")
	return b.withServer("kill", func(a *argus) error {
		// Each service is killed once: at the second time it is a restart policy that is measured.
		if err := b.deployMany(a, repository, "kill", 0, b.rounds+1, nil); err != nil {
			return err
		}
		time.Sleep(time.Second)
		var argusTimes, bare samples
		for round := 0; round <= b.rounds; round++ {
			took, err := b.killOfArgus(a, fmt.Sprintf("kill-%d", round))
			if err != nil {
				return err
			}
			tookBare, err := b.killOfLoop(program)
			if err != nil {
				return err
			}
			if round > 0 {
				argusTimes, bare = append(argusTimes, took), append(bare, tookBare)
			}
		}
		b.table.times("kill -9 to next 200", argusTimes, bare, "ratio <= 1.2, at most 1.5")
		return nil
	})
}

func (b *bench) killOfArgus(a *argus, name string) (time.Duration, error) {
	s, err := a.service(b.ctx, name)
	if err != nil {
		return 0, err
	}
	if len(s.Instances) != 1 || s.Instances[0].PID == 0 || !answers(s.Instances[0].Port, "ok") {
		return 0, fmt.Errorf("%s does not run: %+v", name, s)
	}
	// The next instance may have another port; the events will tell.
	port := func() int {
		if told := a.port(name)(); told != 0 {
			return told
		}
		return s.Instances[0].Port
	}
	begun := time.Now()
	if err := syscall.Kill(s.Instances[0].PID, syscall.SIGKILL); err != nil {
		return 0, err
	}
	err = await(b.ctx, port, "ok", limit)
	return time.Since(begun), err
}

func (b *bench) killOfLoop(program string) (time.Duration, error) {
	port, err := freePort()
	if err != nil {
		return 0, err
	}
	loop, err := start(program, "sh", "-c", fmt.Sprintf("while :; do ./app %d; done", port))
	if err != nil {
		return 0, err
	}
	defer loop.end()
	if err := await(b.ctx, always(port), "ok", limit); err != nil {
		return 0, err
	}
	time.Sleep(300 * time.Millisecond)
	child, err := childOf(loop.command.Process.Pid)
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	if err := syscall.Kill(child, syscall.SIGKILL); err != nil {
		return 0, err
	}
	err = await(b.ctx, always(port), "ok", limit)
	return time.Since(begun), err
}

func (b *bench) ready() error {
	var server, bare samples
	for round := 0; round <= b.rounds; round++ {
		a, err := b.startServer("ready")
		if err != nil {
			return err
		}
		a.stop()
		begun := time.Now()
		if err := do(b.ctx, b.work, os.Getenv("ARGUS_BENCH_JAVA"), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-version"); err != nil {
			return err
		}
		took := time.Since(begun)
		if round > 0 {
			server, bare = append(server, a.took), append(bare, took)
		}
	}
	b.table.times("server start to ready", server, bare, "<= 600 ms, at most 1000")
	return nil
}

func (b *bench) memory() error {
	repository, err := b.prebuilt()
	if err != nil {
		return err
	}
	return b.withServer("memory", func(a *argus) error {
		wanted := map[int]string{50: "RSS <= 80 MiB", 200: "RSS <= 90 MiB"}
		deployed := 0
		for _, count := range []int{0, 1, 50, 200} {
			if err := b.deployMany(a, repository, "memory", deployed, count, everySecond); err != nil {
				return err
			}
			deployed = count
			time.Sleep(4 * time.Second)
			pid := a.command.Process.Pid
			before, err := processorTime(pid)
			if err != nil {
				return err
			}
			const idle = 10 * time.Second
			time.Sleep(idle)
			after, err := processorTime(pid)
			if err != nil {
				return err
			}
			rss, pss, err := memoryOf(pid)
			if err != nil {
				return err
			}
			b.table.value(fmt.Sprintf("memory with %d services", count),
				fmt.Sprintf("RSS %.1f, PSS %.1f MiB; idle %.1f %% of a core", float64(rss)/(1<<20), float64(pss)/(1<<20),
					100*float64(after-before)/float64(idle)), wanted[count])
		}
		return nil
	})
}

func (b *bench) ls() error {
	repository, err := b.prebuilt()
	if err != nil {
		return err
	}
	return b.withServer("ls", func(a *argus) error {
		if err := b.deployMany(a, repository, "ls", 0, 3, nil); err != nil {
			return err
		}
		// Not on the command line, where every user of the machine could read it.
		header := filepath.Join(b.work, "header")
		if err := os.WriteFile(header, []byte("Authorization: Bearer "+a.token+"\n"), 0o600); err != nil {
			return err
		}
		var client, curl samples
		for round := 0; round <= 3*b.rounds; round++ {
			begun := time.Now()
			c := exec.CommandContext(b.ctx, filepath.Join(b.scripts, "argus-client"), "--server", a.url, "ls")
			c.Env = append(os.Environ(), "ARGUS_TOKEN="+a.token)
			output, err := c.CombinedOutput()
			if err != nil {
				return fmt.Errorf("argus-client ls: %w: %s", err, output)
			}
			took := time.Since(begun)
			begun = time.Now()
			if err := do(b.ctx, b.work, "curl", "-fsS", "-o", "/dev/null", "-H", "@"+header, a.url+"/api/v1/services"); err != nil {
				return err
			}
			tookCurl := time.Since(begun)
			if round > 0 {
				client, curl = append(client, took), append(curl, tookCurl)
			}
		}
		b.table.times("argus-client ls", client, curl, "<= 100 ms, at most 150")
		return nil
	})
}
