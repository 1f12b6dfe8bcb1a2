# shellcheck shell=sh
# What every shell test sources first. A test is a function whose name is a sentence; it fails when a command in it does.
# Prints one line a test: ok | FAILED | NOT RUN, a colon, the name, and the reason.
# shellcheck disable=SC2034 # used by the tests
set -u
tests=$(cd "$(dirname "$0")" && pwd -P)
root=${tests%/scripts/test.d*}
name=$(basename "$0" .sh)

work=$(mktemp -d)
# A test that starts something in the background writes its pid into the file `started`: it is ended whatever happens.
clean_up() {
    touch "$work/started"
    while read -r pid; do
        kill -TERM "$pid" 2>/dev/null && await 600 gone "$pid" || kill -KILL "$pid" 2>/dev/null || :
    done <"$work/started"
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP PIPE

failures=0
run() {
    sentence=$(printf '%s' "$1" | tr _ ' ')
    (
        set -e
        "$@"
    ) >"$work/output" 2>&1
    # Apart from `if`, because there `set -e` would not hold inside.
    # shellcheck disable=SC2181
    if [ $? -eq 0 ]; then
        printf 'ok: %s: %s\n' "$name" "$sentence"
    else
        failures=$((failures + 1))
        printf 'FAILED: %s: %s\n' "$name" "$sentence"
        sed 's/^/    /' "$work/output" | tail -n 40
    fi
}

# not_run NAME REASON
not_run() { printf 'NOT RUN: %s: %s: %s\n' "$name" "$(printf '%s' "$1" | tr _ ' ')" "$2"; }

finish() { [ "$failures" -eq 0 ] || exit 1; }

# await TENTHS COMMAND...: until the command succeeds, or the time is over.
await() {
    tenths=$1
    shift
    while ! "$@"; do
        [ "$tenths" -gt 0 ] || return 1
        tenths=$((tenths - 1))
        sleep 0.1
    done
}

gone() { ! kill -0 "$1" 2>/dev/null; }

# expect WHAT ACTUAL PATTERN: a shell pattern.
expect() {
    # shellcheck disable=SC2254
    case $2 in
    $3) ;;
    *)
        printf '%s: expected %s, got:\n%s\n' "$1" "$3" "$2"
        return 1
        ;;
    esac
}

# without PATTERN FILE: no line of the file matches.
without() {
    if grep -E "$1" "$2"; then
        printf 'in %s, where /%s/ should not be found\n' "$2" "$1"
        return 1
    fi
}

# Processes that have to do with a directory: they run from it, in it, or name it. The dead that nobody has reaped yet have none.
processes_of() {
    for process in /proc/[0-9]*; do
        [ "$process" != "/proc/$$" ] || continue
        if { tr '\0' ' ' <"$process/cmdline" | grep -qF "$1"; } 2>/dev/null ||
            case $(readlink "$process/cwd" 2>/dev/null) in "$1"*) true ;; *) false ;; esac; then
            printf '%s %s\n' "${process#/proc/}" "$(tr '\0' ' ' <"$process/cmdline" 2>/dev/null)"
        fi
    done
}
no_process_of() { [ -z "$(processes_of "$1")" ]; }
