#!/bin/sh
# Argus on a server as it is meant to be: a Debian with a real systemd, booted by systemd-nspawn, without Java, installed by the role,
# by the package and by argus-service. The tests follow one another: each goes on where the one before it ended.
#
# It needs root, the packages debootstrap, systemd-container, ansible-core, openssh-client, Go, and what scripts/package made. The container shares
# the network of this machine and listens on 127.0.0.1 only.
# shellcheck source=scripts/test.d/harness.sh
. "$(dirname "$0")/../harness.sh"
# shellcheck source=scripts/test.d/full/debian.lib
. "$tests/debian.lib"

every_test='the_role_says_what_it_would_do_to_a_bare_server
the_role_installs_on_a_debian_without_java
a_second_run_of_the_role_changes_nothing
a_service_is_deployed_with_the_token_of_the_role
a_restart_of_argus_leaves_the_service_running_and_serving
a_killed_argus_is_back_within_seconds_and_the_service_has_noticed_nothing
a_stuck_argus_is_started_again_by_the_watchdog
after_a_reboot_everything_runs_again
an_upgrade_loses_no_request
a_version_that_does_not_start_gives_way_to_the_former_one
a_version_that_fails_after_it_has_migrated_the_store_gives_it_back_and_says_what_is_lost
what_cannot_be_installed_is_refused_before_anything_is_touched
settings_that_fail_go_with_the_version_that_failed
a_downgrade_loses_no_request
uninstalling_stops_everything_and_keeps_the_data
the_package_takes_over_what_is_kept
the_package_that_was_removed_starts_when_it_is_installed_again
purging_the_package_leaves_nothing
argus_service_installs_without_ansible
argus_service_gives_way_to_the_former_version_and_its_store_too
argus_service_uninstalls_what_it_installed'

need_commands debootstrap systemd-nspawn ansible-playbook ssh ssh-keygen go git curl
find_distribution
# shellcheck source=scripts/common.sh
. "$root/scripts/common.sh"
find_java javac || skip_all "there is no JDK 25"
jdk=$java_home
deb=$root/target/argus_${version}_amd64.deb

machine=argus-test-$$
# Of this machine, so that two runs do not meet.
base_port=$((23000 + $$ % 800 * 10))
ssh_port=$base_port
argus_port=$((base_port + 1))
first_port=$((base_port + 2))
last_port=$((base_port + 8))
proxy_port=$((base_port + 9))
url=http://127.0.0.1:$argus_port

# ---- The container

make_guest() {
    make_debian
    printf 'ListenAddress 127.0.0.1\nPort %s\n' "$ssh_port" >"$guest/etc/ssh/sshd_config.d/test.conf"
    : >"$guest/etc/machine-id"
    for unit in systemd-networkd systemd-resolved systemd-timesyncd console-getty; do
        ln -sf /dev/null "$guest/etc/systemd/system/$unit.service"
    done
    # A service that is built already, in a repository without a network.
    mkdir "$work/service"
    (cd "$root/examples/go-simple-service" && CGO_ENABLED=0 go build -ldflags=-s -o "$work/service/app" .)
    printf '{ "build": "true", "start": "./app {port}" }\n' >"$work/service/argus.json"
    offer_service 'Be ready made'
}

cgroups() {
    for tree in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
        [ ! -e "$tree/cgroup.procs" ] || echo "$tree"
    done
}

boot() {
    # shellcheck disable=SC2016 # expanded by the other shell
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 setsid sh -c '
        for tree in '"$(cgroups | tr '\n' ' ')"'; do mkdir -p "$tree/$2" && echo $$ >"$tree/$2/cgroup.procs"; done
        exec systemd-nspawn --quiet --boot -D "$1" --register=no --keep-unit --console=pipe --machine="$2" --resolv-conf=off --timezone=off
        ' boot "$guest" "$machine" >>"$work/boot.log" 2>&1 </dev/null &
    echo $! >"$work/nspawn"
    echo $! >>"$work/started"
    await 600 inside true
}

leave() {
    clean_up
    for tree in $(cgroups); do
        [ ! -d "$tree/$machine" ] || find "$tree/$machine" -depth -type d -exec rmdir {} + 2>/dev/null
    done
}
trap leave EXIT

# ---- Ansible and clients

write_inventory() {
    cat >"$work/inventory.yml" <<TEXT
application_servers:
  hosts:
    guest:
      ansible_host: 127.0.0.1
      ansible_port: $ssh_port
      ansible_user: root
      ansible_ssh_private_key_file: $work/key
      ansible_ssh_common_args: -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR
      ansible_python_interpreter: /usr/bin/python3
      argus_package: $tarball
      argus_port: $argus_port
      argus_port_range: [$first_port, $last_port]
      argus_proxy_http_port: $proxy_port
      argus_git_protocols: [file]
      argus_environment: {GOPROXY: "off"}
      argus_users: [{name: ada, role: admin, password: correct-horse-battery}]
      argus_tokens: [{name: test, role: operator}]
TEXT
}

# play PLAYBOOK ARGUMENTS: the output goes to $work/play.
play() {
    playbook=$1
    shift
    ANSIBLE_CONFIG=$root/ansible/ansible.cfg ANSIBLE_HOME=$work/ansible ANSIBLE_NOCOLOR=1 \
        ansible-playbook -i "$work/inventory.yml" "$root/ansible/$playbook.yml" "$@" >"$work/play" 2>&1 </dev/null ||
        { tail -n 60 "$work/play" && false; }
}
recap() { sed -n 's/^guest  *: //p' "$work/play"; }

client() { inside argus-client --server "$url" --token "$(cat "$work/token")" "$@"; }
service_pid() { inside pidof app; }
serves() { curl -fsm 5 -o /dev/null "http://127.0.0.1:$first_port/isalive"; }
argus_serves() { curl -fsm 5 -o /dev/null "$url/healthz"; }
no_longer_serves() { ! argus_serves; }
service_is_silent() { ! serves; }
main_pid() { inside systemctl show -p MainPID --value argus; }

# under_load COMMAND...: requests to the service, one after the other, all the while. None may fail, and its process must stay the same.
under_load() {
    before=$(service_pid)
    rm -f "$work/enough"
    (
        sent=0 failed=0
        while [ ! -e "$work/enough" ]; do
            sent=$((sent + 1))
            serves || failed=$((failed + 1))
        done
        echo "$sent $failed" >"$work/load"
    ) &
    load=$!
    outcome=0
    "$@" || outcome=$?
    : >"$work/enough"
    wait "$load"
    read -r sent failed <"$work/load"
    printf '    %s: %s requests, %s failed\n' "$*" "$sent" "$failed" >>"$work/figures"
    [ "$outcome" -eq 0 ]
    expect "failed requests of $sent" "$failed" 0
    [ "$sent" -gt 10 ]
    expect "pid of the service" "$(service_pid)" "$before"
}

the_role_says_what_it_would_do_to_a_bare_server() {
    play install --check
    expect "recap" "$(recap)" "*failed=0*"
    inside '! test -e /opt/argus && ! id argus 2>/dev/null'
}

the_role_installs_on_a_debian_without_java() {
    inside '! command -v java'
    play install
    expect "recap" "$(recap)" "*failed=0*"
    argus_serves
    expect "state" "$(inside systemctl is-active argus)" active
    expect "owner" "$(inside stat -c %U "/proc/$(main_pid)")" argus
    # The caches that came with it are used where it lies now.
    inside 'ARGUS_JAVA_OPTS=-Xlog:class+load:file=/tmp/classes.log argus-client --help >/dev/null && grep -q "dev.argus.*shared objects file" /tmp/classes.log'
}

a_second_run_of_the_role_changes_nothing() {
    play install
    expect "recap" "$(recap)" "*changed=0 *failed=0*"
    play install --check
    expect "recap of the rehearsal" "$(recap)" "*changed=0 *failed=0*"
}

a_service_is_deployed_with_the_token_of_the_role() {
    inside cat /etc/argus/tokens/test >"$work/token"
    client deploy service --repo file:///srv/service.git
    serves
}

wait_for_argus() { await 300 argus_serves; }

restart_argus() { inside systemctl restart argus && argus_serves; }
a_restart_of_argus_leaves_the_service_running_and_serving() {
    under_load restart_argus
    expect "services" "$(client ls)" "*service *running *1/1*"
}

kill_argus() {
    former=$(main_pid)
    begun=$(date +%s)
    inside kill -9 "$former"
    await 50 no_longer_serves
    wait_for_argus
    took=$(($(date +%s) - begun))
    printf '    back %s s after kill -9\n' "$took" >>"$work/figures"
    [ "$took" -le 20 ]
}
a_killed_argus_is_back_within_seconds_and_the_service_has_noticed_nothing() {
    under_load kill_argus
    expect "services" "$(client ls)" "*service *running *1/1*"
}

freeze_argus() {
    former=$(main_pid)
    inside kill -STOP "$former"
    await 900 another_main_pid "$former"
    wait_for_argus
}
another_main_pid() { now=$(main_pid) && [ "$now" != "$1" ] && [ "$now" != 0 ]; }
a_stuck_argus_is_started_again_by_the_watchdog() {
    under_load freeze_argus
    inside journalctl -u argus | grep -q 'Watchdog timeout'
}

after_a_reboot_everything_runs_again() {
    inside systemctl poweroff || :
    await 600 gone "$(cat "$work/nspawn")"
    service_is_silent
    boot
    wait_for_argus
    await 300 serves
    expect "the system" "$(inside systemctl is-system-running --wait)" running
    await 100 running_again
}
running_again() { client ls | grep -q 'service *running *1/1'; }

# another_version VERSION: the same distribution under another name; ARGUS_NEXT names a real one. The function `spoil` may change it.
another_version() {
    mkdir -p "$work/repacked"
    tar -C "$work/repacked" -xzf "$tarball"
    mv "$work/repacked/argus-$version-linux-x64" "$work/repacked/argus-$1-linux-x64"
    echo "$1" >"$work/repacked/argus-$1-linux-x64/VERSION"
    spoil "$work/repacked/argus-$1-linux-x64"
    tar -C "$work/repacked" -cf - "argus-$1-linux-x64" | gzip -1 >"$work/argus-$1-linux-x64.tar.gz"
    rm -rf "$work/repacked"
}
spoil() { :; }

an_upgrade_loses_no_request() {
    another_version "$version+next"
    under_load play upgrade -e "argus_package=$work/argus-$version+next-linux-x64.tar.gz"
    expect "version" "$(inside readlink /opt/argus/current)" "releases/$version+next"
    expect "recap" "$(recap)" "*failed=0*"
}

refused() { ! "$@" >"$work/refusal"; }
a_version_that_does_not_start_gives_way_to_the_former_one() {
    # Everything works but the server.
    # shellcheck disable=SC2016
    spoil() { sed -i '2i [ "${1-}" != serve ] || exit 1' "$1/bin/argus-server"; }
    another_version "$version+broken"
    under_load refused play upgrade -e "argus_package=$work/argus-$version+broken-linux-x64.tar.gz"
    grep -q 'has its former version back' "$work/refusal"
    expect "version" "$(inside readlink /opt/argus/current)" "releases/$version+next"
    expect "state" "$(inside systemctl is-active argus)" active
    argus_serves
}

# Its store is one schema newer. What serve would do is done by others: one migrates, and one does what is lost then.
newer_store() {
    sources=src/main/java/dev/argus/store/Migrations.java
    mkdir -p "$work/newer/classes/db" "$work/newer/dev/argus/store"
    sed 's/"V\([0-9]*\)__\([a-z_]*\).sql");/"V\1__\2.sql", "V999__newer.sql");/' "$root/$sources" >"$work/newer/dev/argus/store/Migrations.java"
    echo 'CREATE TABLE newer (x INTEGER) STRICT;' >"$work/newer/classes/db/V999__newer.sql"
    "$jdk/bin/javac" -proc:none -nowarn -cp "$1/lib/*" -d "$work/newer/classes" "$work/newer/dev/argus/store/Migrations.java"
    "$jdk/bin/jar" uf "$1/lib/argus.jar" -C "$work/newer/classes" .
    # shellcheck disable=SC2016
    sed -i '2i [ "${1-}" != serve ] || { "$0" token create --name forgotten --role viewer --config /etc/argus/config.json >/dev/null; exit 1; }' \
        "$1/bin/argus-server"
}
schema() { inside "python3 -c \"import sqlite3; print(sqlite3.connect('file:/var/lib/argus/$1?mode=ro', uri=True).execute('PRAGMA user_version').fetchone()[0])\""; }
a_version_that_fails_after_it_has_migrated_the_store_gives_it_back_and_says_what_is_lost() {
    known=$(schema argus.db)
    spoil() { newer_store "$1"; }
    another_version "$version+newer"
    under_load refused play upgrade -e "argus_package=$work/argus-$version+newer-linux-x64.tar.gz"
    cat "$work/refusal"
    grep -q 'has its former version back' "$work/refusal"
    grep -q "of schema $known; the migrated one is kept" "$work/refusal"
    grep -q 'Lost is what was done meanwhile.*token-create.*forgotten' "$work/refusal"
    expect "version" "$(inside readlink /opt/argus/current)" "releases/$version+next"
    argus_serves
    expect "schema" "$(schema argus.db)" "$known"
    expect "schema of what is kept" "$(schema "argus-left-schema$((known + 1)).db")" "$((known + 1))"
    expect "tokens" "$(inside runuser -u argus -- argus-server token list --config /etc/argus/config.json | grep -c forgotten || :)" 0
    expect "services" "$(client ls)" "*service *running *1/1*"
}

what_cannot_be_installed_is_refused_before_anything_is_touched() {
    argus=$(main_pid)
    under_load refused play upgrade -e argus_package=
    grep -q 'set it to the argus-VERSION-linux-x64.tar.gz' "$work/refusal"
    under_load refused play upgrade -e "argus_package=$deb"
    grep -q 'is installed here from an archive' "$work/refusal"
    under_load refused play upgrade -e '{"argus_build_packages": ["no-such-package"]}'
    grep -q 'runs on as it did' "$work/refusal"
    expect "pid of Argus" "$(main_pid)" "$argus"
    expect "version" "$(inside readlink /opt/argus/current)" "releases/$version+next"
    inside test -x /opt/argus/current/bin/argus-server
}

settings_that_fail_go_with_the_version_that_failed() {
    under_load refused play upgrade -e '{"argus_read_write_paths": ["/no/such/directory"]}'
    grep -q 'has its former version back' "$work/refusal"
    inside '! grep -q no/such /etc/systemd/system/argus.service.d/10-ansible.conf'
    argus_serves
}

a_downgrade_loses_no_request() {
    under_load play upgrade
    expect "version" "$(inside readlink /opt/argus/current)" "releases/$version"
}

uninstalling_stops_everything_and_keeps_the_data() {
    inside 'echo "# by hand" >/etc/systemd/system/argus.service.d/override.conf'
    play uninstall -e argus_purge=false
    no_longer_serves
    service_is_silent
    expect "processes" "$(inside find /proc -maxdepth 1 -user argus)" ""
    inside 'test -e /var/lib/argus/argus.db && test -e /etc/argus/config.json && ! test -e /opt/argus && ! test -e /etc/systemd/system/argus.service'
    inside '! ls /usr/local/bin/argus-client'
    expect "drop-ins" "$(inside ls /etc/systemd/system/argus.service.d)" override.conf
}

the_package_takes_over_what_is_kept() {
    [ -e "$deb" ]
    play install -e "argus_package=$deb"
    await 300 serves
    expect "client" "$(inside readlink -f /usr/bin/argus-client)" /usr/lib/argus/bin/argus-client
    expect "services" "$(client ls)" "*service*"
    play install -e "argus_package=$deb"
    expect "recap" "$(recap)" "*changed=0 *failed=0*"
    under_load inside dpkg --force-confold -i "/var/cache/argus-packages/${deb##*/}"
    argus_serves
}

the_package_that_was_removed_starts_when_it_is_installed_again() {
    inside 'DEBIAN_FRONTEND=noninteractive apt-get -y remove argus'
    no_longer_serves
    inside dpkg --force-confold -i "/var/cache/argus-packages/${deb##*/}"
    wait_for_argus
    expect "with the server" "$(inside systemctl is-enabled argus)" enabled
    await 300 serves
}

purging_the_package_leaves_nothing() {
    play uninstall -e '{"argus_purge": true}'
    expect "left" "$(inside 'ls -d /var/lib/argus /etc/argus /usr/lib/argus /var/cache/argus /etc/systemd/system/argus* 2>/dev/null; getent passwd argus; dpkg -l argus 2>/dev/null | grep ^ii' || :)" ""
    expect "processes" "$(inside pidof app || :)" ""
}

argus_service_installs_without_ansible() {
    mkdir -p "$guest/etc/argus"
    printf '{ "server": { "port": %s, "portRange": [%s, %s], "proxy": { "httpPort": %s }, "git": { "protocols": ["file"] } } }\n' \
        "$argus_port" "$first_port" "$last_port" "$proxy_port" >"$guest/etc/argus/config.json"
    tar -C "$guest/root" -xzf "$tarball"
    # As careful administrators have it.
    inside "umask 077 && /root/argus-$version-linux-x64/bin/argus-service install"
    argus_serves
    inside runuser -u argus -- argus-server token create --name test --role operator --config /etc/argus/config.json >"$work/token"
    client deploy service --repo file:///srv/service.git
    inside argus-service stop
    no_longer_serves
    serves
    inside argus-service start
    wait_for_argus
    under_load inside "/root/argus-$version-linux-x64/bin/argus-service" install
}

argus_service_gives_way_to_the_former_version_and_its_store_too() {
    known=$(schema argus.db)
    spoil() { newer_store "$1"; }
    another_version "$version+newer"
    tar -C "$guest/root" -xzf "$work/argus-$version+newer-linux-x64.tar.gz"
    under_load refused inside "/root/argus-$version+newer-linux-x64/bin/argus-service install 2>&1"
    cat "$work/refusal"
    grep -q "of schema $known; the migrated one is kept" "$work/refusal"
    grep -q 'Lost is what was done meanwhile' "$work/refusal"
    grep -q 'token-create.*forgotten' "$work/refusal"
    grep -q "Argus $version+newer did not start, and $version is back" "$work/refusal"
    expect "version" "$(inside readlink /opt/argus/current)" "releases/$version"
    argus_serves
    expect "schema" "$(schema argus.db)" "$known"
    expect "services" "$(client ls)" "*service *running *1/1*"
}

argus_service_uninstalls_what_it_installed() {
    inside argus-service uninstall --purge
    expect "left" "$(inside 'ls -d /var/lib/argus /etc/argus /opt/argus /var/cache/argus /etc/systemd/system/argus* /usr/local/bin/argus* 2>/dev/null; getent passwd argus; pidof app' || :)" ""
}

write_inventory
: >"$work/figures"
make_guest >"$work/made" 2>&1 || skip_all "no Debian could be made: $(tail -n 1 "$work/made")"
boot || skip_all "the container did not boot: $(tail -n 1 "$work/boot.log")"
for test in ${ARGUS_TESTS:-$every_test}; do
    run "$test"
done
cat "$work/figures"
finish
