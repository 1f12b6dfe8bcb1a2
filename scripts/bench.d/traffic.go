package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	visitors    = 64
	warmedUpFor = 2 * time.Second
	// Short turns, for a machine that is slower for a while is then so for all: with turns of 4 s two runs of the same differed by a seventh.
	visitedFor    = 1 * time.Second
	turnsOfARound = 6
)

// promising is a HAProxy that keeps two promises of Argus: it tells the service of the visitor in the same six lines, which cost the proxy and, as much again, the
// service, and it keeps each request until it is answered, to send it again where a service ended without an answer.
const promising = "HAProxy with the forwarded headers and the retries of Argus"

// front is something that visitors reach a service through.
type front struct {
	name string
	port int
	host string
	// the pid whose memory is told; 0 for none
	pid int

	rates  []float64
	ninety samples // the 99th percentile of the times of answers, a turn each
}

// traffic sends the same requests through Argus with its own proxy, Argus with HAProxy, a HAProxy and an nginx with bare configurations, and a HAProxy with
// two of the promises of Argus, by turns.
func (b *bench) traffic() error {
	repository, err := b.prebuilt()
	if err != nil {
		return err
	}
	own, err := b.startBehind("traffic-embedded", "embedded")
	if err != nil {
		return err
	}
	defer own.stop()
	driven, err := b.startBehind("traffic-haproxy", "haproxy")
	if err != nil {
		return err
	}
	defer driven.stop()
	for _, a := range []*argus{own, driven} {
		if err := b.deployMany(a, repository, "shop", 0, 1, nil); err != nil {
			return err
		}
	}
	s, err := own.service(b.ctx, "shop-0")
	if err != nil {
		return err
	}
	behind := s.Instances[0].Port
	fronts := []*front{
		{name: "the service itself", port: behind, host: "shop"},
		{name: "HAProxy", host: "shop"},
		{name: promising, host: "shop"},
		{name: "nginx", host: "shop"},
		{name: "Argus with its own proxy", port: own.proxy, host: "shop-0.localhost", pid: own.command.Process.Pid},
		{name: "Argus with HAProxy", port: driven.proxy, host: "shop-0.localhost"},
	}
	var measured []*front
	for _, f := range fronts {
		if f.port == 0 {
			stop, err := b.startPlain(f, behind)
			if errors.Is(err, exec.ErrNotFound) {
				fmt.Fprintf(os.Stderr, "%s is not installed and left out\n", f.name)
				continue
			}
			if err != nil {
				return err
			}
			defer stop()
		}
		measured = append(measured, f)
	}
	for _, f := range measured {
		if _, _, err := visit(f, warmedUpFor); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	for turn := 0; turn < b.rounds*turnsOfARound; turn++ {
		for i := range measured {
			// forwards and backwards by turns, and from another one each time, or what one leaves behind would always be met by the same
			step := i
			if turn%2 == 1 {
				step = len(measured) - i
			}
			f := measured[(turn+step)%len(measured)]
			rate, times, err := visit(f, visitedFor)
			if err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
			f.rates = append(f.rates, rate)
			f.ninety = append(f.ninety, times[len(times)*99/100])
		}
	}
	b.tellTraffic(measured)
	return nil
}

func (b *bench) tellTraffic(fronts []*front) {
	wanted := map[string]string{"Argus with its own proxy": ">= 0.9 of HAProxy, <= 140 MiB", "Argus with HAProxy": ">= 0.97 of HAProxy"}
	var bare, same *front
	for _, f := range fronts {
		switch f.name {
		case "HAProxy":
			bare = f
		case promising:
			same = f
		}
	}
	for _, f := range fronts {
		text := fmt.Sprintf("%.0f requests/s", middle(f.rates))
		if bare != nil && f != bare {
			text += fmt.Sprintf(" = %.2f of HAProxy", ratio(f, bare))
			if wanted[f.name] != "" {
				text += fmt.Sprintf(", %.2f of the one with the same promises", ratio(f, same))
			}
		}
		text += fmt.Sprintf(", p99 %s ms", milliseconds(f.ninety.median()))
		if f.pid != 0 {
			if rss, _, err := memoryOf(f.pid); err == nil {
				text += fmt.Sprintf(", RSS %.0f MiB", float64(rss)/(1<<20))
			}
		}
		b.table.value(fmt.Sprintf("%d connections to %s", visitors, f.name), text, wanted[f.name])
	}
}

// ratio is the median of the ratios of the turns: what disturbs a turn disturbs both.
func ratio(f, to *front) float64 {
	ratios := make([]float64, len(f.rates))
	for i := range f.rates {
		ratios[i] = f.rates[i] / to.rates[i]
	}
	return middle(ratios)
}

func middle(values []float64) float64 {
	c := append([]float64(nil), values...)
	sort.Float64s(c)
	return c[len(c)/2]
}

// startBehind starts a server with that kind of proxy, and finds the port of the proxy in what it tells of a service.
func (b *bench) startBehind(name, kind string) (*argus, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	a, err := b.startServerWith(name, fmt.Sprintf(
		`{"server": {"git": {"protocols": ["file"]}, "proxy": {"kind": %q, "httpPort": %d}}}`, kind, port))
	if err != nil {
		return nil, err
	}
	a.proxy = port
	return a, nil
}

// startPlain starts HAProxy or nginx before a service, as their manuals would have it.
func (b *bench) startPlain(f *front, behind int) (func(), error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	f.port = port
	directory := filepath.Join(b.work, f.name)
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return nil, err
	}
	file := filepath.Join(directory, "conf")
	command := []string{"haproxy", "-db", "-f", file}
	headers, retries := "", ""
	if f.name == promising {
		headers = `    http-request set-header x-forwarded-proto http
    http-request set-header x-forwarded-host %[req.hdr(host)]
    http-request set-header x-forwarded-port %[dst_port]
    http-request set-header x-real-ip %[src]
    http-request set-header forwarded for=\"%[src]\";host=\"%[req.hdr(host)]\";proto=http
`
		retries = "    retry-on conn-failure empty-response\n"
	}
	text := fmt.Sprintf(`global
    maxconn 4096
defaults
    mode http
    timeout connect 3s
    timeout client 60s
    timeout server 60s
%sfrontend visitors
    bind 127.0.0.1:%d
    option forwardfor
%s    default_backend shop
backend shop
    server one 127.0.0.1:%d
`, retries, port, headers, behind)
	if f.name == "nginx" {
		command = []string{"nginx", "-p", directory, "-e", filepath.Join(directory, "errors"), "-c", file}
		text = fmt.Sprintf(`daemon off;
pid %[1]s/pid;
worker_processes auto;
events { worker_connections 4096; }
http {
    access_log off;
    client_body_temp_path %[1]s/body;
    proxy_temp_path %[1]s/proxy;
    fastcgi_temp_path %[1]s/fastcgi;
    uwsgi_temp_path %[1]s/uwsgi;
    scgi_temp_path %[1]s/scgi;
    keepalive_requests 1000000000;
    upstream shop { server 127.0.0.1:%[3]d; keepalive 64; keepalive_requests 1000000000; }
    server {
        listen 127.0.0.1:%[2]d;
        location / {
            proxy_pass http://shop;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $remote_addr;
        }
    }
}
`, directory, port, behind)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return nil, err
	}
	path, err := exec.LookPath(command[0])
	if err != nil {
		return nil, err
	}
	p, err := start(directory, append([]string{path}, command[1:]...)...)
	if err != nil {
		return nil, err
	}
	if err := await(b.ctx, always(port), "ok", limit); err != nil {
		p.end()
		return nil, err
	}
	return p.end, nil
}

// visit keeps every visitor asking, each on a connection of its own, and gives the answers a second and the times of all answers, sorted.
func visit(f *front, duration time.Duration) (float64, samples, error) {
	request := []byte("GET /isalive HTTP/1.1\r\nHost: " + f.host + "\r\nUser-Agent: visitor\r\nAccept: */*\r\n\r\n")
	begun := time.Now()
	end := begun.Add(duration)
	all := make([]samples, visitors)
	failed := make(chan error, visitors)
	var waiting sync.WaitGroup
	for i := 0; i < visitors; i++ {
		waiting.Add(1)
		go func(i int) {
			defer waiting.Done()
			times, err := ask(f.port, request, end)
			if err != nil {
				failed <- err
			}
			all[i] = times
		}(i)
	}
	waiting.Wait()
	took := time.Since(begun)
	select {
	case err := <-failed:
		return 0, nil, err
	default:
	}
	var times samples
	for _, some := range all {
		times = append(times, some...)
	}
	return float64(len(times)) / took.Seconds(), times.sorted(), nil
}

func ask(port int, request []byte, end time.Time) (samples, error) {
	connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	in := bufio.NewReader(connection)
	var times samples
	for begun := time.Now(); begun.Before(end); begun = time.Now() {
		if err := connection.SetDeadline(begun.Add(limit)); err != nil {
			return nil, err
		}
		if _, err := connection.Write(request); err != nil {
			return nil, err
		}
		if err := readAnswer(in); err != nil {
			return nil, err
		}
		times = append(times, time.Since(begun))
	}
	return times, nil
}

var contentLength = []byte("content-length:")

// readAnswer reads one answer, which must be a 200 with a length; cheaply, because who asks shares the processors with who is measured.
func readAnswer(in *bufio.Reader) error {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
		return fmt.Errorf("answered %s", strings.TrimSpace(string(line)))
	}
	length := -1
	for {
		line, err = in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			break
		}
		if len(line) > len(contentLength) && bytes.EqualFold(line[:len(contentLength)], contentLength) {
			if length, err = strconv.Atoi(strings.TrimSpace(string(line[len(contentLength):]))); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return http.ErrNotSupported
	}
	_, err = in.Discard(length)
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
