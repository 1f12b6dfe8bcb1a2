# shellcheck shell=sh
# Shared by the launchers and the other scripts: sourced, never run.
# Finds the JDK and holds every JVM flag of Argus. Up to `exec` it uses builtins only, because argus-client is
# typed often and every fork costs a millisecond.
#
# The caller sets `here`, the directory of the script that was called, links resolved.

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# The distribution: `lib` beside `bin` when installed, target/argus in a checkout.
locate_distribution() {
    case $here in /*) ;; *) here=$PWD/$here ;; esac
    if [ -e "$here/../pom.xml" ]; then
        dist=$here/../target/argus
    else
        dist=$here/..
    fi
    lib=$dist/lib
    jar=$lib/argus.jar
}

# is_java_25 DIRECTORY: told by the `release` file, because starting a JVM to ask takes longer than `argus-client ls`.
is_java_25() {
    if [ ! -x "$1/bin/java" ] || [ ! -r "$1/release" ]; then
        return 1
    fi
    while IFS='=' read -r release_key release_value; do
        case $release_key=$release_value in
        'JAVA_VERSION="25"' | 'JAVA_VERSION="25.'*) return 0 ;;
        JAVA_VERSION=*) return 1 ;;
        esac
    done <"$1/release"
    return 1
}

# find_java COMMAND: sets java_home to a Java 25 that has this command, or returns 1. An installed distribution brings its own,
# and its AOT caches fit no other. The build leaves what it found in the file java-home of the distribution, so that a launch
# need not search.
find_java() {
    built_with=
    if [ -r "${dist-}/java-home" ]; then
        read -r built_with <"$dist/java-home" || :
    fi
    for java_home in "${dist:+$dist/runtime}" "${JAVA_HOME-}" "$built_with" /usr/lib/jvm/*; do
        if [ -n "$java_home" ] && [ -x "$java_home/bin/$1" ] && is_java_25 "$java_home"; then
            return 0
        fi
    done
    java_home=$(command -v "$1") || java_home=
    if [ -n "$java_home" ]; then
        java_home=$(readlink -f "$java_home")
        java_home=${java_home%/bin/*}
        is_java_25 "$java_home" && return 0
    fi
    java_home=
    return 1
}

no_java() {
    fail "Argus needs a JDK 25 and none was found in JAVA_HOME, /usr/lib/jvm or PATH: install one" \
        "(on Debian the package temurin-25-jdk or openjdk-25-jdk-headless, where apt has it;" \
        "or unpack Eclipse Temurin 25 below /usr/lib/jvm) or set JAVA_HOME to it."
}

# In a checkout that was never built, builds; in a distribution without its jar, says so.
need_jar() {
    [ -e "$jar" ] && return 0
    [ -e "$here/../pom.xml" ] || fail "$jar is missing: this installation of Argus is not complete, install it again."
    say "Argus is not built yet: building it now (about a minute)."
    (cd "$here/.." && ./mvnw -q -B -Dmaven.test.skip=true package >&2) || fail "The build failed: run ./mvnw package to see why."
    [ -e "$jar" ] || fail "The build did not make $jar: run ./mvnw clean package to see why."
}

# fresh FILE: an AOT cache is used only if it is younger than the jar it was made from. The JVM does not check that
# itself (25.0.3): with a cache of yesterday it runs yesterday's classes.
fresh() {
    # shellcheck disable=SC3013 # not POSIX, but dash, bash, ksh and busybox know -nt
    [ "$1" -nt "$jar" ]
}

# java_run KIND ARGUMENTS: becomes the JVM of the `server` or the `client`; every JVM flag of Argus is here.
# `aot` and `client_main` may be set by whoever makes the AOT caches.
java_run() {
    kind=$1
    shift
    # One collector for both: least memory, shortest start. UsePerfData would write to /tmp. What the JVM
    # has to warn of goes to stderr, so that stdout holds what was asked for; that an AOT cache does not fit is not said at
    # all, because then everything works, only slower.
    flags='-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:-UsePerfData
        -Xlog:disable -Xlog:all=warning,aot*=off,cds*=off:stderr'
    class_path=$jar
    case $kind in
    server)
        main=dev.argus.Main
        # The heap starts small and grows only as needed; the limit leaves room for large git packs. Running out of it
        # ends the server, which is safe: services outlive it, and whoever watches over it starts it again.
        # The second compiler is for what every request of a visitor runs through, which it makes about a sixth cheaper at the median; thresholds ten times
        # as high as usual keep it, and its memory, from the rest. What it took while compiling is given back.
        flags="$flags -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=25000
            -XX:Tier4CompileThreshold=100000 -XX:Tier4BackEdgeThreshold=500000 -XX:TrimNativeHeapInterval=5000
            -Xms16m -Xmx256m -Xss512k -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED
            -Dvertx.logger-delegate-factory-class-name=io.vertx.core.logging.SLF4JLogDelegateFactory"
        for entry in "$lib"/*.jar; do
            [ "$entry" = "$jar" ] || class_path=$class_path:$entry
        done
        ;;
    client)
        main=${client_main:-dev.argus.client.ArgusClient}
        flags="$flags -XX:TieredStopAtLevel=1 -Xms16m -Xmx128m"
        for entry in "$lib"/picocli-*.jar "$lib"/jspecify-*.jar; do
            class_path=$class_path:$entry
        done
        ;;
    esac
    if [ -z "${aot-}" ] && fresh "$dist/$kind.aot"; then
        aot=-XX:AOTCache=$dist/$kind.aot
    fi
    temporary=
    # The JVM knows only /tmp; everybody else goes by TMPDIR.
    if [ -n "${TMPDIR-}" ] && [ -d "$TMPDIR" ]; then
        temporary=-Djava.io.tmpdir=$TMPDIR
    fi
    set -f # the flags hold stars
    # shellcheck disable=SC2086 # flags and ARGUS_JAVA_OPTS are lists of words
    exec "$java_home/bin/java" $flags ${temporary:+"$temporary"} ${aot:+"$aot"} ${ARGUS_JAVA_OPTS-} \
        -cp "$class_path" "$main" "$@"
}

# launch KIND ARGUMENTS: what both launchers do.
launch() {
    locate_distribution
    need_jar
    find_java java || no_java
    java_run "$@"
}
