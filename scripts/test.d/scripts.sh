#!/bin/sh
# What holds for every script.
# shellcheck source=scripts/test.d/harness.sh
. "$(dirname "$0")/harness.sh"

shell_files() {
    cd "$root"
    { git ls-files 2>/dev/null || find . -type f -not -path './target/*'; } | while read -r file; do
        case $file in
        *.sh) printf '%s\n' "$file" ;;
        *)
            if [ -f "$file" ] && head -c 64 "$file" | head -n 1 | grep -qaE '^#! ?/.*\b(sh|bash)$'; then
                printf '%s\n' "$file"
            fi
            ;;
        esac
    done
}

every_script_passes_shellcheck() {
    cd "$root"
    for file in $(shell_files); do
        # What is only sourced, or handed to a shell, has no first line that names it.
        if head -n 1 "$file" | grep -q '^#!'; then
            shellcheck -x "$file"
        else
            shellcheck -x -s sh "$file"
        fi
    done
}

every_script_with_a_first_line_can_be_run_and_no_other() {
    cd "$root"
    for file in $(shell_files); do
        if head -n 1 "$file" | grep -q '^#!'; then
            [ -x "$file" ] || { echo "$file lacks the right to be run" && false; }
        else
            [ ! -x "$file" ] || { echo "$file can be run but has no first line for it" && false; }
        fi
    done
}

the_example_is_formatted_and_its_tests_pass() {
    cd "$root/examples/go-simple-service"
    [ -z "$(gofmt -l .)" ]
    go vet ./...
    go test ./...
}

script_sh_of_the_example_starts_and_stops_it() {
    cp -R "$root/examples/go-simple-service" "$work/example"
    cd "$work/example"
    go build -o go-simple-service .
    # A port may be taken: the service ends at once then, and the next one is tried.
    for PORT in 29871 29872 29873 29874; do
        export PORT
        ./script.sh start
        await 100 curl -fso "$work/answer" "http://127.0.0.1:$PORT/isalive" && break
    done
    [ "$(cat "$work/answer")" = ok ]
    expect "a second start" "$(./script.sh start)" "*runs already*"
    ./script.sh stop
    await 300 no_process_of "$work/example/go-simple-service"
    expect "after the stop" "$(curl -s "http://127.0.0.1:$PORT/isalive")" ""
}

if command -v shellcheck >/dev/null 2>&1; then
    run every_script_passes_shellcheck
else
    not_run every_script_passes_shellcheck "shellcheck is not installed"
fi
run every_script_with_a_first_line_can_be_run_and_no_other
if command -v go >/dev/null 2>&1; then
    run the_example_is_formatted_and_its_tests_pass
    run script_sh_of_the_example_starts_and_stops_it
else
    not_run the_example_is_formatted_and_its_tests_pass "Go is not installed"
    not_run script_sh_of_the_example_starts_and_stops_it "Go is not installed"
fi
finish
