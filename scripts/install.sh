# shellcheck shell=sh
# Finds the programs that building, testing and the demonstration need, and installs missing ones where that is allowed:
# as root on a Debian. Sourced after common.sh, never by the launchers.

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# The log of an apt command is shown only if the command failed.
apt() {
    apt_log=$(mktemp)
    if ! DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@" </dev/null >"$apt_log" 2>&1; then
        tail -n 3 "$apt_log" >&2
        rm -f "$apt_log"
        return 1
    fi
    rm -f "$apt_log"
}

# A bare machine has no lists of packages: fetched once, before the first thing is installed.
apt_update() {
    if [ -z "${apt_updated-}" ]; then
        apt_updated=yes
        apt update || say "The lists of packages could not be fetched (see above); going on with the ones at hand."
    fi
}

install() {
    apt_update
    say "installing with apt-get: $*"
    apt install -y --no-install-recommends "$@"
}

# need COMMAND PACKAGE PURPOSE: returns 1, having said what to do, if the command is not there and cannot be installed.
need() {
    command -v "$1" >/dev/null 2>&1 && return 0
    if may_install && install "$2" && command -v "$1" >/dev/null 2>&1; then
        return 0
    fi
    say "$1 is needed $3 and is not installed: install it (on Debian: apt-get install $2)."
    return 1
}

# Go is often unpacked where PATH does not lead.
need_go() {
    if ! command -v go >/dev/null 2>&1 && [ -x /usr/local/go/bin/go ]; then
        PATH=$PATH:/usr/local/go/bin
        export PATH
    fi
    need go golang-go "$1"
}

# HAProxy lies where the PATH of an ordinary user does not lead. A service of the system that its package starts is not wanted: Argus starts its own.
need_haproxy() {
    [ -x /usr/sbin/haproxy ] && return 0
    command -v haproxy >/dev/null 2>&1 && return 0
    need haproxy haproxy "$1" || return 1
    if [ -d /run/systemd/system ]; then
        systemctl disable --now haproxy >/dev/null 2>&1 || say "the service haproxy of the system could not be stopped: systemctl disable --now haproxy"
    fi
}

# The tests start an sshd of their own. A service of the system that its package starts is not wanted.
need_sshd() {
    [ -x /usr/sbin/sshd ] && return 0
    command -v sshd >/dev/null 2>&1 && return 0
    need sshd openssh-server "$1" || return 1
    if [ -d /run/systemd/system ]; then
        systemctl disable --now ssh >/dev/null 2>&1 || say "the service ssh of the system could not be stopped: systemctl disable --now ssh"
    fi
}

# Sets java_home to a JDK 25 with a compiler; ends the script, having said what to do, if there is none to be had.
need_jdk() {
    find_java javac && return 0
    if may_install; then
        apt_update
        for package in temurin-25-jdk openjdk-25-jdk-headless; do
            if apt-cache show "$package" >/dev/null 2>&1 && install "$package" && find_java javac; then
                return 0
            fi
        done
    fi
    no_java
}
