#!/bin/sh
# The launchers, with a stand-in for Java that shows how it was called, and with the real one.
# shellcheck source=scripts/test.d/harness.sh
. "$(dirname "$0")/harness.sh"

dist=$root/target/argus

# A JDK as the launchers see one: a `release` file and a program; this one prints its arguments, one a line.
fake_jdk() {
    mkdir -p "$1/bin"
    printf 'IMPLEMENTOR="Nobody"\nJAVA_VERSION="%s"\nMODULES="java.base"\n' "$2" >"$1/release"
    # shellcheck disable=SC2016
    printf '#!/bin/sh\nprintf "%%s\\n" "$0" "$@"\n' >"$1/bin/java"
    chmod +x "$1/bin/java"
}
fake_jdk "$work/jdk 25" 25.0.3
fake_jdk "$work/jdk-17" 17.0.15
export JAVA_HOME="$work/jdk 25"

# An installed distribution with empty jars.
installed() {
    mkdir -p "$1/lib"
    cp -R "$root/scripts/." "$1/bin"
    for file in argus picocli-1 jackson-core-1 jspecify-1 vertx-core-1; do
        : >"$1/lib/$file.jar"
    done
}
installed "$work/in stalled"
bin=$work/in\ stalled/bin

the_client_gets_only_the_three_jars_it_needs() {
    expect "class path" "$("$bin/argus-client" ls)" \
        "$work/jdk 25/bin/java*-cp
$bin/../lib/argus.jar:$bin/../lib/picocli-1.jar:$bin/../lib/jspecify-1.jar
dev.argus.client.ArgusClient
ls"
}

the_server_gets_all_jars_and_the_words_of_the_command_as_they_are() {
    expect "command" "$("$bin/argus-server" serve --data-dir 'a  b' '*' '')" \
        "*--enable-native-access=ALL-UNNAMED*-cp
$bin/../lib/argus.jar:*vertx-core-1.jar
dev.argus.Main
serve
--data-dir
a  b
\*"
}

they_work_through_links_and_from_any_directory() {
    mkdir -p "$work/links/deep"
    ln -s "../in stalled/bin/argus-client" "$work/links/one"
    ln -s ../one "$work/links/deep/two"
    ln -s "$work/links/deep/two" "$work/links/three"
    for link in one deep/two three; do
        expect "$link" "$("$work/links/$link")" "*dev.argus.client.ArgusClient"
    done
    cd "$bin"
    expect "here" "$(./argus-client)" "*dev.argus.client.ArgusClient"
    expect "by sh" "$(sh argus-client)" "*dev.argus.client.ArgusClient"
    expect "by PATH" "$(env PATH="$work/links:$PATH" one)" "*dev.argus.client.ArgusClient"
}

an_aot_cache_is_used_only_if_it_is_younger_than_the_jar() {
    expect "no cache" "$("$bin/argus-server" | grep -c AOTCache || :)" 0
    : >"$bin/../server.aot"
    touch -d '+1 minute' "$bin/../server.aot"
    expect "young cache" "$("$bin/argus-server")" "*-XX:AOTCache=$bin/../server.aot*"
    touch -d '-1 minute' "$bin/../server.aot"
    expect "old cache" "$("$bin/argus-server" | grep -c AOTCache || :)" 0
    rm "$bin/../server.aot"
}

argus_java_opts_come_after_our_own_flags() {
    expect "options" "$(ARGUS_JAVA_OPTS='-Xmx1g -Da=*' "$bin/argus-server")" "*-Xmx256m*-Xmx1g
-Da=\*
-cp*"
}

tmpdir_is_told_to_the_jvm() {
    expect "TMPDIR" "$(TMPDIR=$work "$bin/argus-server")" "*-Djava.io.tmpdir=$work
*"
}

a_jdk_of_another_version_is_passed_over() {
    found=$(env JAVA_HOME="$work/jdk-17" PATH="$work/jdk 25/bin:$PATH" "$bin/argus-client" --help | head -n 1)
    [ "$found" != "$work/jdk-17/bin/java" ]
}

the_jdk_of_the_build_is_found_before_others() {
    fake_jdk "$work/jdk-build" 25
    echo "$work/jdk-build" >"$bin/../java-home"
    expect "java" "$(unset JAVA_HOME && "$bin/argus-client" ls)" "$work/jdk-build/bin/java*"
    echo "$work/jdk-that-is-gone" >"$bin/../java-home"
    expect "java" "$("$bin/argus-client" ls)" "$work/jdk 25/bin/java*"
    rm "$bin/../java-home"
}

an_incomplete_installation_says_so_in_one_sentence() {
    installed "$work/broken"
    rm "$work/broken/lib/argus.jar"
    status=0
    "$work/broken/bin/argus-client" ls >"$work/out" 2>"$work/err" || status=$?
    [ "$status" -eq 1 ]
    [ ! -s "$work/out" ]
    [ "$(wc -l <"$work/err")" -eq 1 ]
}

# Each would cost a millisecond, and it is typed often.
the_client_starts_nothing_but_java() {
    mkdir -p "$work/jdk-quick/bin" "$work/nothing"
    cp "$work/jdk 25/release" "$work/jdk-quick/"
    ln -s /bin/true "$work/jdk-quick/bin/java"
    JAVA_HOME=$work/jdk-quick PATH=$work/nothing "$bin/argus-client" ls >"$work/out" 2>"$work/err"
    without . "$work/err"
}

# ---- With the real Java.

nothing_is_said_about_a_cache_that_does_not_fit() {
    unset JAVA_HOME
    cp -R "$dist" "$work/dist"
    for content in 'not a cache' ''; do
        printf '%s' "$content" >"$work/dist/client.aot"
        touch -d '+1 minute' "$work/dist/client.aot"
        "$work/dist/bin/argus-client" --help >"$work/out" 2>"$work/err"
        [ -s "$work/out" ]
        without . "$work/err"
        without '\[(warning|error)' "$work/out"
    done
    touch "$dist/client.aot"
    ARGUS_JAVA_OPTS=-XX:+UseParallelGC "$dist/bin/argus-client" --help >"$work/out" 2>"$work/err" || :
    without '[Aa][Oo][Tt]|archive' "$work/out"
    without '[Aa][Oo][Tt]|archive' "$work/err"
}

the_jvm_warns_of_nothing() {
    unset JAVA_HOME
    for launcher in "$root/scripts/argus-client" "$root/scripts/argus-server" "$dist/bin/argus-client" "$dist/bin/argus-server"; do
        "$launcher" --help >"$work/out" 2>"$work/err"
        [ -s "$work/out" ]
        without . "$work/err"
        without '\[(warning|error)|^WARNING' "$work/out"
    done
}

the_exit_status_is_that_of_the_command() {
    unset JAVA_HOME
    status=0
    "$root/scripts/argus-client" no-such-command >"$work/out" 2>&1 || status=$?
    expect "status" "$status" 2
}

run the_client_gets_only_the_three_jars_it_needs
run the_server_gets_all_jars_and_the_words_of_the_command_as_they_are
run they_work_through_links_and_from_any_directory
run an_aot_cache_is_used_only_if_it_is_younger_than_the_jar
run argus_java_opts_come_after_our_own_flags
run tmpdir_is_told_to_the_jvm
run a_jdk_of_another_version_is_passed_over
run the_jdk_of_the_build_is_found_before_others
run an_incomplete_installation_says_so_in_one_sentence
run the_client_starts_nothing_but_java
for with_java in nothing_is_said_about_a_cache_that_does_not_fit the_jvm_warns_of_nothing the_exit_status_is_that_of_the_command; do
    if [ -e "$dist/lib/argus.jar" ]; then
        run "$with_java"
    else
        not_run "$with_java" "target/argus is not built"
    fi
done
finish
