package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// argus is a server with a data directory of its own.
type argus struct {
	command *exec.Cmd
	url     string
	token   string
	log     string
	proxy   int           // the port of its proxy, where it was chosen
	took    time.Duration // from its start to its ready line

	cancel context.CancelFunc
	mutex  sync.Mutex
	ports  map[string]int // the newest port of each service, as the events tell
}

type instance struct {
	PID  int `json:"pid"`
	Port int `json:"port"`
}

type service struct {
	Name      string     `json:"name"`
	Status    string     `json:"status"`
	Instances []instance `json:"instances"`
}

const configuration = `{"server": {"git": {"protocols": ["file"]}}}`

// startServer starts a server in a directory below work and waits for its ready line.
func (b *bench) startServer(name string) (*argus, error) {
	return b.startServerWith(name, configuration)
}

func (b *bench) startServerWith(name, configuration string) (*argus, error) {
	directory := filepath.Join(b.work, name)
	data := filepath.Join(directory, "data")
	temporary := filepath.Join(directory, "tmp")
	for _, d := range []string{data, temporary} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, err
		}
	}
	config := filepath.Join(directory, "config.json")
	if err := os.WriteFile(config, []byte(configuration), 0o600); err != nil {
		return nil, err
	}
	a := &argus{log: filepath.Join(directory, "server.log"), ports: map[string]int{}}
	log, err := os.Create(a.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	a.command = exec.Command(filepath.Join(b.scripts, "argus-server"), "serve", "--config", config, "--data-dir", data,
		"--host", "127.0.0.1", "--port", "0", "--stop-services")
	a.command.Env = append(os.Environ(), "TMPDIR="+temporary)
	a.command.SysProcAttr = ownSession()
	a.command.Stderr = log
	output, err := a.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	if err := a.command.Start(); err != nil {
		return nil, err
	}
	if err := a.awaitReady(output); err != nil {
		a.stop()
		return nil, err
	}
	a.took = time.Since(begun)
	token, err := exec.CommandContext(b.ctx, filepath.Join(b.scripts, "argus-server"), "token", "create", "--data-dir", data,
		"--name", "bench", "--role", "admin").Output()
	if err != nil {
		a.stop()
		return nil, fmt.Errorf("no token: %w", err)
	}
	a.token = strings.TrimSpace(string(token))
	return a, nil
}

func (a *argus) awaitReady(output io.Reader) error {
	ready := make(chan string, 1)
	go func() {
		defer close(ready)
		lines := bufio.NewScanner(output)
		for lines.Scan() {
			if url := strings.TrimPrefix(lines.Text(), "ready "); url != lines.Text() {
				ready <- url
				break
			}
		}
		_, _ = io.Copy(io.Discard, output)
	}()
	select {
	case url, ok := <-ready:
		if !ok {
			content, _ := os.ReadFile(a.log)
			return fmt.Errorf("the server ended at once: %s", strings.TrimSpace(string(content)))
		}
		a.url = url
		return nil
	case <-time.After(time.Minute):
		return errors.New("the server was not ready within a minute")
	}
}

// stop ends the server and its services.
func (a *argus) stop() {
	if a.cancel != nil {
		a.cancel()
	}
	_ = a.command.Process.Signal(syscall.SIGTERM)
	ended := make(chan struct{})
	go func() {
		_ = a.command.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(2 * time.Minute):
		fmt.Fprintln(os.Stderr, "the server did not end in two minutes and is killed; services of it may still run")
		_ = a.command.Process.Kill()
		<-ended
	}
}

// call makes a request with an answer of JSON; it waits and repeats while the server is busy.
func (a *argus) call(ctx context.Context, method, path string, body, answer any) error {
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return err
		}
	}
	for {
		request, err := http.NewRequestWithContext(ctx, method, a.url+path, bytes.NewReader(content))
		if err != nil {
			return err
		}
		request.Header.Set("Authorization", "Bearer "+a.token)
		if body != nil {
			request.Header.Set("Content-Type", "application/json")
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			return err
		}
		switch {
		case response.StatusCode == http.StatusServiceUnavailable:
			time.Sleep(200 * time.Millisecond)
		case response.StatusCode >= 300:
			return fmt.Errorf("%s %s: %s: %s", method, path, response.Status, text)
		case answer != nil:
			return json.Unmarshal(text, answer)
		default:
			return nil
		}
	}
}

// listen follows the events, which tell the port of a new instance before it answers.
func (a *argus) listen(parent context.Context) error {
	ctx, cancel := context.WithCancel(parent)
	a.cancel = cancel
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url+"/api/v1/events", nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+a.token)
	request.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return fmt.Errorf("GET /api/v1/events: %s", response.Status)
	}
	go func() {
		defer response.Body.Close()
		lines := bufio.NewScanner(response.Body)
		for lines.Scan() {
			data := strings.TrimPrefix(lines.Text(), "data:")
			var event struct {
				Type    string `json:"type"`
				Service string `json:"service"`
				Port    int    `json:"port"`
			}
			if data == lines.Text() || json.Unmarshal([]byte(data), &event) != nil || event.Type != "instance-changed" || event.Port == 0 {
				continue
			}
			a.mutex.Lock()
			a.ports[event.Service] = event.Port
			a.mutex.Unlock()
		}
	}()
	return nil
}

func (a *argus) port(service string) func() int {
	return func() int {
		a.mutex.Lock()
		defer a.mutex.Unlock()
		return a.ports[service]
	}
}

// deploy asks for a deployment and returns its id at once.
func (a *argus) deploy(ctx context.Context, name string, spec map[string]any) (string, error) {
	var accepted struct {
		Deployment struct {
			ID string `json:"id"`
		} `json:"deployment"`
	}
	err := a.call(ctx, http.MethodPost, "/api/v1/services/"+name+"/deploy", spec, &accepted)
	return accepted.Deployment.ID, err
}

// finished waits for the end of a deployment.
func (a *argus) finished(ctx context.Context, id string) error {
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		var deployment struct {
			Outcome string `json:"outcome"`
			Cause   string `json:"cause"`
		}
		if err := a.call(ctx, http.MethodGet, "/api/v1/deployments/"+id, nil, &deployment); err != nil {
			return err
		}
		switch deployment.Outcome {
		case "":
		case "succeeded":
			return nil
		default:
			return fmt.Errorf("deployment %s: %s: %s", id, deployment.Outcome, deployment.Cause)
		}
	}
	return fmt.Errorf("deployment %s did not end within five minutes", id)
}

func (a *argus) service(ctx context.Context, name string) (service, error) {
	var s service
	err := a.call(ctx, http.MethodGet, "/api/v1/services/"+name, nil, &s)
	return s, err
}

func (a *argus) undeploy(ctx context.Context, name string) error {
	return a.call(ctx, http.MethodDelete, "/api/v1/services/"+name, nil, nil)
}
