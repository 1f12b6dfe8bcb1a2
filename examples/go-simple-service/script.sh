#!/bin/sh
# script.sh start|stop: the original convention of Argus. `start` puts the service into the background and returns,
# `stop` ends it and returns when it is gone. The port comes from PORT.
set -eu
cd "$(dirname "$0")"
program=$(pwd -P)/go-simple-service
# Several instances may run from one directory, each with its own port.
pid_file=$program-${PORT:-8081}.pid

# A pid alone could by now be somebody else's: it counts only while it runs our program.
running() {
    pid=$(cat "$pid_file" 2>/dev/null) || return 1
    case $(readlink "/proc/$pid/exe") in
    "$program" | "$program (deleted)") return 0 ;;
    *) return 1 ;;
    esac
}

start() {
    if running; then
        echo "go-simple-service runs already, as process $pid."
        return
    fi
    [ -x "$program" ] || go build -o "$program" .
    # Argus keeps what we print as the log of the instance; by hand it goes to a file, as the terminal may be closed.
    [ -n "${ARGUS_INSTANCE-}" ] || exec >>go-simple-service.log 2>&1
    "$program" </dev/null &
    echo $! >"$pid_file"
    # A stop that follows at once must already find the program behind this pid.
    tried=0
    until running || [ "$tried" -ge 100 ]; do
        sleep 0.01
        tried=$((tried + 1))
    done
}

stop() {
    if running; then
        kill -TERM "$pid"
        waited=0
        while running; do
            if [ "$waited" -ge 100 ]; then
                kill -KILL "$pid"
                break
            fi
            sleep 0.1
            waited=$((waited + 1))
        done
    fi
    rm -f "$pid_file"
}

case ${1-} in
start | stop) "$1" ;;
*)
    echo "usage: script.sh start|stop" >&2
    exit 2
    ;;
esac
