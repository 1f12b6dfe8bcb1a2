package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"time"
)

const (
	restartedServices = 10
	restartsBefore    = 1000
	restartsInAll     = 10000
)

// The generations of the heap, as the serial collector tells of them.
var usedHeap = regexp.MustCompile(`(?:DefNew|Tenured) .* used (\d+)K`)

// restarts lets services be restarted again and again, and looks at what that leaves behind in Argus.
func (b *bench) restarts() error {
	repository, err := b.prebuilt()
	if err != nil {
		return err
	}
	return b.withServer("restarts", func(a *argus) error {
		if err := b.deployMany(a, repository, "restarted", 0, restartedServices, nil); err != nil {
			return err
		}
		if err := b.restartAll(a, restartsBefore/restartedServices); err != nil {
			return err
		}
		before, err := a.holdings(b)
		if err != nil {
			return err
		}
		begun := time.Now()
		if err := b.restartAll(a, (restartsInAll-restartsBefore)/restartedServices); err != nil {
			return err
		}
		took := time.Since(begun)
		after, err := a.holdings(b)
		if err != nil {
			return err
		}
		b.table.value(fmt.Sprintf("after %d restarts", restartsBefore), before.String(), "")
		b.table.value(fmt.Sprintf("after %d restarts", restartsInAll),
			fmt.Sprintf("%s; %.0f restarts a second", after, float64(restartsInAll-restartsBefore)/took.Seconds()), "no more than before")
		return nil
	})
}

func (b *bench) restartAll(a *argus, each int) error {
	failed := make(chan error, restartedServices)
	var waiting sync.WaitGroup
	for n := 0; n < restartedServices; n++ {
		waiting.Add(1)
		go func(name string) {
			defer waiting.Done()
			for i := 0; i < each; i++ {
				if err := b.restart(a, name); err != nil {
					failed <- err
					return
				}
			}
		}(fmt.Sprintf("restarted-%d", n))
	}
	waiting.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// restart asks for one and waits until another process is healthy.
func (b *bench) restart(a *argus, name string) error {
	s, err := a.service(b.ctx, name)
	if err != nil {
		return err
	}
	if len(s.Instances) != 1 {
		return fmt.Errorf("%s does not run: %+v", name, s)
	}
	before := s.Instances[0].PID
	if err := a.call(b.ctx, http.MethodPost, "/api/v1/services/"+name+"/restart", nil, nil); err != nil {
		return err
	}
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(40 * time.Millisecond) {
		if s, err = a.service(b.ctx, name); err != nil {
			return err
		}
		if s.Status == "running" && len(s.Instances) == 1 && s.Instances[0].PID != 0 && s.Instances[0].PID != before {
			return nil
		}
	}
	return fmt.Errorf("%s was not restarted within %s: %+v", name, limit, s)
}

// holdings is what a server has taken of its host.
type holdings struct {
	rss, store, live int64
	threads, handles int
}

func (h holdings) String() string {
	return fmt.Sprintf("RSS %.1f MiB, %.1f MiB of objects in use, %d threads, %d file handles, store %d KiB", float64(h.rss)/(1<<20), float64(h.live)/(1<<20), h.threads, h.handles, h.store>>10)
}

func (a *argus) holdings(b *bench) (holdings, error) {
	// what is closed by and by has had its time
	time.Sleep(5 * time.Second)
	var h holdings
	pid := a.command.Process.Pid
	rss, _, err := memoryOf(pid)
	if err != nil {
		return h, err
	}
	h.rss = rss
	if h.live, err = a.objects(b); err != nil {
		return h, err
	}
	for directory, count := range map[string]*int{"task": &h.threads, "fd": &h.handles} {
		entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/%s", pid, directory))
		if err != nil {
			return h, err
		}
		*count = len(entries)
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(a.log), "data", "argus.db*"))
	if err != nil {
		return h, err
	}
	for _, file := range files {
		if info, err := os.Stat(file); err == nil {
			h.store += info.Size()
		}
	}
	return h, nil
}

// objects asks for a collection of garbage and what is in use after it, in bytes.
func (a *argus) objects(b *bench) (int64, error) {
	jcmd := filepath.Join(filepath.Dir(os.Getenv("ARGUS_BENCH_JAVA")), "jcmd")
	if err := do(b.ctx, b.work, jcmd, fmt.Sprint(a.command.Process.Pid), "GC.run"); err != nil {
		return 0, err
	}
	output, err := exec.CommandContext(b.ctx, jcmd, fmt.Sprint(a.command.Process.Pid), "GC.heap_info").Output()
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, found := range usedHeap.FindAllStringSubmatch(string(output), -1) {
		kib, err := strconv.ParseInt(found[1], 10, 64)
		if err != nil {
			return 0, err
		}
		sum += kib << 10
	}
	return sum, nil
}
