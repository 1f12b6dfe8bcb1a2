// Go-simple-service is a small web service that shows what Argus deploys and watches: it tells that it is alive and
// echoes what it is sent.
//
//	go-simple-service [port]
//
// The port may also be given as the environment variable PORT; the default is 8081. It listens on 127.0.0.1, where Argus
// reaches it, unless the environment variable HOST names another address.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

const (
	defaultHost = "127.0.0.1"
	defaultPort = "8081"
	maxBody     = 1 << 20
	// The longest that requests under way may hold up the end; Argus waits 10 s before it kills.
	shutdownTimeout = 8 * time.Second
)

// echo is the answer of /api/v1/service.
type echo struct {
	Service  string `json:"service"`
	Message  string `json:"message"`
	Instance string `json:"instance,omitempty"`
	Release  string `json:"release,omitempty"`
}

func main() {
	port, err := choosePort(os.Args[1:], os.Getenv("PORT"))
	if err != nil {
		log.Fatal(err)
	}
	host := os.Getenv("HOST")
	if host == "" {
		host = defaultHost
	}
	// SIGTERM ends the program as Argus asks for it, SIGINT as a person at a terminal does.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	listener, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on %s", listener.Addr())
	if err := serve(ctx, listener); err != nil {
		log.Fatal(err)
	}
	log.Print("stopped")
}

// choosePort takes the first argument, else the environment's value, else the default.
func choosePort(arguments []string, environment string) (string, error) {
	port := defaultPort
	switch {
	case len(arguments) > 0:
		port = arguments[0]
	case environment != "":
		port = environment
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return "", errors.New("the port must be a number from 1 to 65535, not " + strconv.Quote(port))
	}
	return port, nil
}

// serve answers requests until ctx ends, then lets those under way finish.
func serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{Handler: routes(), ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	deadline, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	return server.Shutdown(deadline)
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/isalive", isAlive)
	mux.HandleFunc("/api/v1/service", echoMessage)
	return mux
}

func isAlive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n")
}

// echoMessage returns the parameter msg of a GET, the body of a POST.
func echoMessage(w http.ResponseWriter, r *http.Request) {
	message := r.URL.Query().Get("msg")
	switch r.Method {
	case http.MethodGet:
	case http.MethodPost:
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "the body could not be read or is larger than 1 MiB", http.StatusRequestEntityTooLarge)
			return
		}
		message = string(body)
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "only GET and POST are answered here", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	answer := echo{
		Service:  "go-simple-service",
		Message:  message,
		Instance: os.Getenv("ARGUS_INSTANCE"),
		Release:  os.Getenv("ARGUS_RELEASE"),
	}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		log.Printf("answering: %v", err)
	}
}
