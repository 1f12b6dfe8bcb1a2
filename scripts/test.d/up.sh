#!/bin/sh
# scripts/up from one end to the other: a real build, server, git, Go and HTTP.
# shellcheck source=scripts/test.d/harness.sh
. "$(dirname "$0")/harness.sh"

data=$work/data

# up OPTIONS: starts it as a terminal would, as the leader of a group and with SIGINT as usual; $up is its pid.
up() {
    # Not what the one before has said.
    : >"$work/up"
    env --default-signal=INT setsid "$root/scripts/up" --port 0 --data-dir "$data" "$@" >>"$work/up" 2>&1 </dev/null &
    up=$!
    echo "$up" >>"$work/started"
}
says() { grep -q "$1" "$work/up"; }
says_or_ended() { says "$1" || gone "$up"; }
# Up and running, with everything printed; the build may be a part of it.
is_up() { await "$1" says_or_ended '^Ctrl-C ends' && says '^Ctrl-C ends'; }
value() { sed -n "s/^$1  *\([^ ]*\).*/\1/p" "$work/up"; }
# interrupt SIGNAL STATUS: ends it by a signal to the whole group, as Ctrl-C does.
interrupt() {
    kill "-$1" "-$up"
    status=0
    wait "$up" || status=$?
    expect "status after SIG$1" "$status" "$2"
}
nothing_is_left() {
    await 300 no_process_of "$data" || { processes_of "$data" && false; }
}
shown() { cat "$work/up" && false; }

it_answers_from_the_service_and_ends_cleanly_at_ctrl_c() {
    up
    is_up 3000 || shown
    service=$(value service)
    expect "answer" "$(curl -fs "$service")" '*"message":"hello"*'
    expect "isalive" "$(curl -fs "${service%/api/*}/isalive")" ok
    expect "dashboard" "$(curl -fs -o /dev/null -w '%{http_code}' "$(value dashboard)")" 200
    expect "sign-in link" "$(value 'sign in')" 'http://127.0.0.1:*/#signin=*'
    expect "data directory" "$(stat -c %a "$data")" 700
    interrupt INT 0
    nothing_is_left
    expect "after the end" "$(curl -s "$service")" ""
}

the_second_run_builds_nothing() {
    up
    is_up 600 || shown
    without '^building' "$work/up"
    expect "answer" "$(curl -fs "$(value service)")" '*"message":"hello"*'
    interrupt TERM 0
    nothing_is_left
}

a_signal_in_the_middle_of_the_deployment_leaves_nothing() {
    data=$work/interrupted
    up
    await 600 says '^server ready'
    interrupt INT 130
    nothing_is_left
}

a_port_that_is_taken_is_told_and_nothing_is_left() {
    up --no-demo
    is_up 600 || shown
    url=$(value dashboard)
    port=${url##*:}
    first=$up
    data=$work/second
    status=0
    "$root/scripts/up" --no-demo --port "${port%/}" --data-dir "$data" >"$work/out" 2>&1 || status=$?
    cat "$work/out"
    expect "status" "$status" 1
    grep -q "${port%/}" "$work/out"
    nothing_is_left
    up=$first data=$work/data
    interrupt INT 0
    nothing_is_left
}

it_ends_when_nobody_reads_what_it_prints() {
    data=$work/unread
    "$root/scripts/up" --no-demo --port 0 --data-dir "$data" 2>&1 </dev/null | head -n 1
    nothing_is_left
}

wrong_options_are_refused_with_the_usage() {
    for options in --no-such '--port' '--port x' 'argument'; do
        status=0
        # shellcheck disable=SC2086
        "$root/scripts/up" $options >"$work/out" 2>"$work/err" || status=$?
        expect "status of $options" "$status" 2
        grep -q '^usage: scripts/up' "$work/err"
    done
    "$root/scripts/up" --help | grep -q '^usage: scripts/up'
}

run wrong_options_are_refused_with_the_usage
if command -v go >/dev/null 2>&1 || [ -x /usr/local/go/bin/go ]; then
    run it_answers_from_the_service_and_ends_cleanly_at_ctrl_c
    run the_second_run_builds_nothing
    run a_signal_in_the_middle_of_the_deployment_leaves_nothing
else
    for with_go in it_answers_from_the_service_and_ends_cleanly_at_ctrl_c the_second_run_builds_nothing \
        a_signal_in_the_middle_of_the_deployment_leaves_nothing; do
        not_run "$with_go" "Go is not installed"
    done
fi
run it_ends_when_nobody_reads_what_it_prints
run a_port_that_is_taken_is_told_and_nothing_is_left
finish
