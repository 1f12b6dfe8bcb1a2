#!/bin/sh
# What only a kernel that gives Argus the controllers of control groups can show: limits are enforced, a kill for memory is called so, and a clock
# that jumps restarts nobody. A Debian with a systemd of its own in a virtual machine, emulated where there is no other way: 20 times slower than the host.
#
# It needs root, the packages debootstrap, qemu-system-x86, busybox-static, cpio, e2fsprogs and openssh-client, and what scripts/package made. The machine
# reaches no network; its ssh is forwarded to 127.0.0.1.
# shellcheck source=scripts/test.d/harness.sh
. "$(dirname "$0")/../harness.sh"
# shellcheck source=scripts/test.d/full/debian.lib
. "$tests/debian.lib"

every_test='argus_is_installed_and_nothing_is_said_of_limits_that_do_not_hold
who_takes_more_memory_than_allowed_is_killed_for_it_alone_and_called_so
who_makes_more_processes_than_allowed_gets_no_more_and_argus_can
who_takes_more_of_the_processors_than_allowed_is_throttled
limits_hold_on_when_argus_is_killed_and_restarted
a_clock_that_jumps_a_day_ahead_and_two_back_restarts_nobody'

need_commands debootstrap qemu-system-x86_64 busybox cpio mke2fs ssh ssh-keygen git
find_distribution
ssh_port=$((23000 + $$ % 800 * 10))
# Looks, of which each takes seconds in there.
patience=300

# ---- The machine

make_kernel() {
    kernel=$cache/kernel
    if [ ! -e "$kernel/boot" ]; then
        rm -rf "$kernel"
        mkdir -p "$kernel.new"
        package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/ *Depends: //p' | head -n 1)
        (cd "$kernel.new" && apt-get download -q "$package" && dpkg-deb -x ./*.deb . && rm ./*.deb)
        mv "$kernel.new" "$kernel"
    fi
    mkdir -p "$work/initrd/bin" "$work/initrd/mods" "$work/initrd/root" "$work/initrd/proc" "$work/initrd/sys" "$work/initrd/dev"
    cp "$(command -v busybox)" "$work/initrd/bin/busybox"
    modules='crc16 crc32c_generic libcrc32c mbcache jbd2 ext4 virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk failover net_failover virtio_net rng-core virtio-rng'
    for module in $modules; do
        find "$kernel/lib/modules" -name "$module.ko" -exec cp {} "$work/initrd/mods/" \;
    done
    cat >"$work/initrd/init" <<TEXT
#!/bin/busybox sh
b=/bin/busybox
\$b mount -t proc proc /proc
\$b mount -t sysfs sys /sys
\$b mount -t devtmpfs dev /dev
for module in $modules; do [ ! -e /mods/\$module.ko ] || \$b insmod /mods/\$module.ko; done
i=0
while [ ! -b /dev/vda ] && [ \$i -lt 100 ]; do \$b sleep 0.1; i=\$((i + 1)); done
\$b mount -t ext4 /dev/vda /root || exec \$b sh
\$b umount /proc
\$b umount /sys
exec \$b switch_root /root /lib/systemd/systemd
TEXT
    chmod 755 "$work/initrd/init"
    (cd "$work/initrd" && find . | cpio -o -H newc --quiet | gzip) >"$work/initrd.gz"
}

make_service() {
    mkdir "$work/service"
    cat >"$work/service/server.py" <<'TEXT'
import http.server, os, signal, sys, threading

class Greedy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        answer = "ok"
        if self.path == "/eat":
            threading.Thread(target=lambda: [hoard.append(bytearray(os.urandom(1 << 20))) for _ in range(500)]).start()
        elif self.path == "/spin":
            threading.Thread(target=spin, daemon=True).start()
        elif self.path == "/fork":
            answer = str(fork())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *words):
        pass

hoard = []
# What has ended leaves no zombie: it would be a task for ever.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)

def spin():
    while True:
        pass

def fork():
    made = 0
    try:
        for _ in range(500):
            pid = os.fork()
            if pid == 0:
                os.execv("/bin/sleep", ["sleep", "20"])
            made += 1
    except OSError as e:
        print("no more processes:", e, flush=True)
    return made

http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Greedy).serve_forever()
TEXT
    # Slow as the machine is, nobody is to be called hung.
    cat >"$work/service/argus.json" <<'TEXT'
{
  "build": "true",
  "start": "/usr/bin/python3 server.py {port}",
  "isalive": { "interval": "5s", "timeout": "30s", "grace": "120s" },
  "resources": { "memory": "64M", "cpus": 0.2, "tasks": 24 }
}
TEXT
    offer_service 'Be greedy'
}

make_guest() {
    make_debian
    mkdir -p "$guest/etc/argus"
    # Without udev systemd-networkd would wait for ever.
    cp "$(command -v busybox)" "$guest/usr/local/bin/busybox"
    cat >"$guest/etc/systemd/system/net.service" <<'TEXT'
[Unit]
Before=ssh.service network-online.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/bin/busybox ip link set lo up
ExecStart=/usr/local/bin/busybox ip link set eth0 up
ExecStart=/usr/local/bin/busybox ip addr add 10.0.2.15/24 dev eth0
[Install]
WantedBy=multi-user.target
TEXT
    ln -sf /etc/systemd/system/net.service "$guest/etc/systemd/system/multi-user.target.wants/net.service"
    for unit in systemd-resolved systemd-timesyncd systemd-networkd systemd-networkd-wait-online serial-getty@ttyS0 console-getty; do
        ln -sf /dev/null "$guest/etc/systemd/system/$unit.service"
    done
    printf '/dev/vda / ext4 defaults 0 1\n' >"$guest/etc/fstab"
    printf '{ "server": { "git": { "protocols": ["file"] } } }\n' >"$guest/etc/argus/config.json"
    tar -C "$guest/root" -xzf "$tarball"
    make_service
    make_kernel
    truncate -s 2G "$work/disk.img"
    mke2fs -q -F -t ext4 -d "$guest" "$work/disk.img"
    rm -rf "$guest"
}

boot() {
    accelerator=tcg,thread=multi
    for image in "$cache"/kernel/boot/vmlinuz-*; do :; done
    qemu-system-x86_64 -M q35 -accel "$accelerator" -cpu max -smp 2 -m 2048 -nodefaults -no-user-config -nographic -no-reboot \
        -kernel "$image" -initrd "$work/initrd.gz" \
        -append 'console=ttyS0 net.ifnames=0 quiet loglevel=3 root=/dev/vda rw mitigations=off systemd.unified_cgroup_hierarchy=1 random.trust_cpu=on' \
        -drive "id=d,file=$work/disk.img,format=raw,if=none,cache=unsafe" -device virtio-blk-pci,drive=d \
        -netdev "user,id=n,restrict=on,hostfwd=tcp:127.0.0.1:$ssh_port-:22" -device virtio-net-pci,netdev=n,romfile= \
        -device virtio-rng-pci -serial stdio -monitor none >"$work/boot.log" 2>&1 </dev/null &
    echo $! >>"$work/started"
    await 3000 inside true
}

# ---- Argus in it

client() { inside "ARGUS_TOKEN=\$(cat /root/token) argus-client --server http://127.0.0.1:8080 $*"; }
instance() { client "status $1 -o json" | python3 -c "import json,sys; print(json.load(sys.stdin)['instances'][0]['$2'])"; }
runs() { [ "$(client "status $1 -o json" | python3 -c 'import json,sys; print(json.load(sys.stdin)["status"])')" = running ]; }
has_restarted() { [ "$(instance "$1" restarts)" -gt "$2" ] && runs "$1"; }
# is_another SERVICE PID: its process is not that one.
is_another() { [ "$(instance "$1" pid)" != "$2" ] && runs "$1"; }
# ask SERVICE PATH
ask() { inside python3 -c "\"import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:$(instance "$1" port)$2', timeout=60).read().decode())\""; }
# The control group of an instance's process.
group() { inside "sed -n 's|^0::||p' /proc/$(instance "$1" pid)/cgroup"; }
# figure SERVICE FILE: of its control group.
figure() { inside cat "/sys/fs/cgroup$(group "$1")/$2"; }

argus_is_installed_and_nothing_is_said_of_limits_that_do_not_hold() {
    inside "/root/$(basename "$tarball" .tar.gz)/bin/argus-service install"
    await "$patience" inside 'argus-client --server http://127.0.0.1:8080 --help >/dev/null'
    inside 'runuser -u argus -- argus-server token create --name test --role operator --config /etc/argus/config.json >/root/token'
    for service in greedy modest; do
        client "deploy $service --repo file:///srv/service.git"
        await "$patience" runs "$service"
    done
    expect "why" "$(client "why greedy" | grep -i 'not enforced' || :)" ""
    expect "memory" "$(figure greedy memory.max)" 64000000
    expect "processors" "$(figure greedy cpu.max)" "20000 100000"
}

who_takes_more_memory_than_allowed_is_killed_for_it_alone_and_called_so() {
    argus=$(inside systemctl show -p MainPID --value argus)
    modest=$(instance modest pid)
    before=$(instance greedy restarts)
    ask greedy /eat
    await "$patience" has_restarted greedy "$before"
    expect "why" "$(client "why greedy")" "*memory*"
    expect "incidents" "$(inside "curl -s -H \"Authorization: Bearer \$(cat /root/token)\" http://127.0.0.1:8080/api/v1/services/greedy/incidents" 2>/dev/null ||
        client "why greedy -o json")" "*oom*"
    expect "Argus" "$(inside systemctl show -p MainPID --value argus)" "$argus"
    expect "the other service" "$(instance modest pid)" "$modest"
}

who_makes_more_processes_than_allowed_gets_no_more_and_argus_can() {
    made=$(ask greedy /fork)
    printf '    %s of 500 processes were made, 24 tasks are allowed\n' "$made" >>"$work/figures"
    [ "$made" -lt 24 ]
    expect "refusals" "$(figure greedy pids.events)" "max [1-9]*"
    before=$(instance modest pid)
    client "restart modest"
    await "$patience" is_another modest "$before"
}

throttled() { figure greedy cpu.stat | sed -n 's/^nr_throttled //p'; }
is_throttled_beyond() { [ "$(throttled)" -gt "$1" ]; }

who_takes_more_of_the_processors_than_allowed_is_throttled() {
    before=$(throttled)
    # There is no room for a thread as long as the processes of before are there.
    await "$patience" ask greedy /spin
    await "$patience" is_throttled_beyond "$((before + 20))"
    figure greedy cpu.stat >>"$work/figures"
}

argus_answers() { client ls >/dev/null; }

limits_hold_on_when_argus_is_killed_and_restarted() {
    pid=$(instance modest pid)
    # Of Argus alone: systemctl kill would reach the services too.
    inside "kill -9 $(inside systemctl show -p MainPID --value argus)"
    await "$patience" argus_answers
    expect "process" "$(instance modest pid)" "$pid"
    expect "memory" "$(figure modest memory.max)" 64000000
    inside systemctl restart argus
    await "$patience" argus_answers
    expect "process" "$(instance modest pid)" "$pid"
    expect "memory" "$(figure modest memory.max)" 64000000
    expect "restarts of the unit" "$(inside systemctl is-active argus)" active
}

a_clock_that_jumps_a_day_ahead_and_two_back_restarts_nobody() {
    pid=$(instance modest pid)
    before=$(instance modest restarts)
    inside 'date -s "+1 day" && sleep 40'
    expect "process" "$(inside "ls -d /proc/$pid")" "/proc/$pid"
    inside 'date -s "-2 days" && sleep 40'
    expect "process" "$(inside "ls -d /proc/$pid")" "/proc/$pid"
    inside 'date -s "+1 day"'
    expect "process" "$(instance modest pid)" "$pid"
    expect "restarts" "$(instance modest restarts)" "$before"
    # The watch goes on.
    inside kill -9 "$pid"
    await "$patience" has_restarted modest "$before"
}

: >"$work/figures"
make_guest >"$work/made" 2>&1 || skip_all "no machine could be made: $(tail -n 1 "$work/made")"
boot || skip_all "the machine did not boot: $(tail -n 1 "$work/boot.log")"
for test in ${ARGUS_TESTS:-$every_test}; do
    run "$test"
done
cat "$work/figures"
finish
