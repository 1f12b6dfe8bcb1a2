package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestTheArgumentWinsOverTheEnvironmentAndTheDefault(t *testing.T) {
	for _, c := range []struct {
		arguments   []string
		environment string
		want        string
	}{
		{[]string{"9001"}, "9002", "9001"},
		{nil, "9002", "9002"},
		{nil, "", defaultPort},
	} {
		if got, err := choosePort(c.arguments, c.environment); err != nil || got != c.want {
			t.Errorf("choosePort(%q, %q) = %q, %v; want %q", c.arguments, c.environment, got, err, c.want)
		}
	}
}

func TestAPortThatIsNoneIsRefused(t *testing.T) {
	for _, port := range []string{"0", "65536", "-1", "http", " 80"} {
		if got, err := choosePort([]string{port}, ""); err == nil {
			t.Errorf("choosePort(%q) = %q, want an error", port, got)
		}
	}
}

func request(t *testing.T, method, target, body string) *httptest.ResponseRecorder {
	t.Helper()
	answer := httptest.NewRecorder()
	routes().ServeHTTP(answer, httptest.NewRequest(method, target, strings.NewReader(body)))
	return answer
}

func TestItIsAlive(t *testing.T) {
	if answer := request(t, "GET", "/isalive", ""); answer.Code != http.StatusOK || answer.Body.String() != "ok\n" {
		t.Errorf("got %d %q", answer.Code, answer.Body)
	}
}

func TestAMessageComesBackAsJSON(t *testing.T) {
	for _, c := range []struct{ method, target, body, want string }{
		{"GET", "/api/v1/service?msg=hello%20%22you%22", "", `hello "you"`},
		{"GET", "/api/v1/service", "", ""},
		{"POST", "/api/v1/service", "from a body\n", "from a body\n"},
	} {
		answer := request(t, c.method, c.target, c.body)
		var got echo
		if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil || got.Message != c.want {
			t.Errorf("%s %s: got %d %q, %v", c.method, c.target, answer.Code, answer.Body, err)
		}
	}
}

func TestOtherMethodsAndTooLargeBodiesAreRefused(t *testing.T) {
	if answer := request(t, "DELETE", "/api/v1/service", ""); answer.Code != http.StatusMethodNotAllowed {
		t.Errorf("DELETE: got %d", answer.Code)
	}
	if answer := request(t, "POST", "/api/v1/service", strings.Repeat("x", maxBody+1)); answer.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("2 MiB: got %d", answer.Code)
	}
	if answer := request(t, "GET", "/elsewhere", ""); answer.Code != http.StatusNotFound {
		t.Errorf("unknown path: got %d", answer.Code)
	}
}

func TestARequestUnderWayIsAnsweredBeforeTheEnd(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener) }()
	connection, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	// Half a request: the server is busy with it when it is told to stop.
	write(t, connection, "POST /api/v1/service HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n\r\nha")
	if _, err := http.Get("http://" + listener.Addr().String() + "/isalive"); err != nil {
		t.Fatal(err)
	}
	stop()
	write(t, connection, "lf")
	_ = connection.SetReadDeadline(time.Now().Add(5 * time.Second))
	answer := make([]byte, 1024)
	n, err := connection.Read(answer)
	if err != nil || !strings.HasPrefix(string(answer[:n]), "HTTP/1.1 200 ") {
		t.Errorf("got %q, %v", answer[:n], err)
	}
	if err := <-ended; err != nil {
		t.Errorf("serve ended with %v", err)
	}
}

func write(t *testing.T, connection net.Conn, text string) {
	t.Helper()
	if _, err := connection.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}
