#!/bin/sh
# mvnw and rehearse: what they do where something is missing.
# shellcheck source=scripts/test.d/harness.sh
. "$(dirname "$0")/harness.sh"

# A directory with links to what scripts need of the system, and nothing else: no Java, no Maven, no apt-get.
bare_path() {
    mkdir -p "$work/bare"
    for command in sh sed id mktemp rm mv cat tail head readlink dirname sleep setsid date find tr; do
        ln -sf "$(command -v "$command")" "$work/bare/$command"
    done
    printf '%s' "$work/bare"
}

a_missing_maven_is_told_in_one_sentence() {
    status=0
    PATH=$(bare_path) MAVEN_HOME='' "$root/mvnw" -v >"$work/out" 2>&1 || status=$?
    expect "status" "$status" 1
    expect "message" "$(cat "$work/out")" "mvn is needed to build Argus and is not installed: install it (on Debian: apt-get install maven)."
}

a_maven_that_is_too_old_is_refused_by_its_version() {
    mkdir -p "$work/old/bin"
    printf '#!/bin/sh\necho "Apache Maven 3.6.3 (x)"\n' >"$work/old/bin/mvn"
    chmod +x "$work/old/bin/mvn"
    status=0
    MAVEN_HOME=$work/old "$root/mvnw" -v >"$work/out" 2>&1 || status=$?
    expect "status" "$status" 1
    expect "message" "$(cat "$work/out")" "*/mvn is Maven 3.6 and Argus needs 3.8 or newer*"
}

a_missing_jdk_is_told_in_one_sentence() {
    mkdir -p "$work/checkout/scripts"
    cp "$root/mvnw" "$work/checkout/"
    # The same script, looking where no JDK is.
    sed "s#/usr/lib/jvm/\*#$work/none/*#" "$root/scripts/common.sh" >"$work/checkout/scripts/common.sh"
    cp "$root/scripts/install.sh" "$work/checkout/scripts/"
    status=0
    (unset JAVA_HOME && PATH=$(bare_path) "$work/checkout/mvnw" -v) >"$work/out" 2>&1 || status=$?
    expect "status" "$status" 1
    expect "message" "$(cat "$work/out")" "Argus needs a JDK 25 and none was found*set JAVA_HOME to it."
    expect "lines" "$(wc -l <"$work/out")" 1
}

a_server_that_does_not_start_costs_the_caches_but_not_the_build() {
    mkdir -p "$work/dist/lib" "$work/temporary"
    : >"$work/dist/lib/argus.jar"
    : >"$work/dist/client.aot"
    TMPDIR=$work/temporary "$root/scripts/rehearse" "$work/dist" 2>"$work/err"
    expect "message" "$(cat "$work/err")" "No AOT caches, Argus will start more slowly: *"
    expect "lines" "$(wc -l <"$work/err")" 1
    [ -s "$work/dist/java-home" ]
    [ ! -e "$work/dist/client.aot" ]
    expect "left behind" "$(ls -A "$work/temporary")" ""
}

without_rehearsal_old_caches_go() {
    mkdir -p "$work/without/lib"
    : >"$work/without/lib/argus.jar"
    : >"$work/without/server.aot"
    "$root/scripts/rehearse" "$work/without" false
    [ ! -e "$work/without/server.aot" ]
    [ -s "$work/without/java-home" ]
}

the_build_has_made_caches_and_they_are_used() {
    for kind in server client; do
        ARGUS_JAVA_OPTS=-Xlog:class+load:file="$work/$kind.log" "$root/scripts/argus-$kind" --help >"$work/out"
        grep -q 'dev\.argus\..* source: shared objects file' "$work/$kind.log"
    done
}

run a_missing_maven_is_told_in_one_sentence
run a_maven_that_is_too_old_is_refused_by_its_version
run a_missing_jdk_is_told_in_one_sentence
run a_server_that_does_not_start_costs_the_caches_but_not_the_build
run without_rehearsal_old_caches_go
if [ -e "$root/target/argus/lib/argus.jar" ]; then
    run the_build_has_made_caches_and_they_are_used
else
    not_run the_build_has_made_caches_and_they_are_used "target/argus is not built"
fi
finish
