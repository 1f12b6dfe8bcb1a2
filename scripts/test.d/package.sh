#!/bin/sh
# What is made for servers, as far as it can be seen without making and installing it; the rest is in full.
# shellcheck source=scripts/test.d/harness.sh
. "$(dirname "$0")/harness.sh"
# shellcheck source=scripts/common.sh
. "$root/scripts/common.sh"

dist=$root/target/argus
lib=$dist/lib

# On the right what the jars ask for and never use on a server: the reasons are in scripts/package.
the_java_of_a_server_has_every_module_that_the_jars_ask_for() {
    find_java jdeps
    asked=$("$java_home/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps --class-path "$lib/*" "$lib/argus.jar")
    expect "modules that jdeps finds" "$asked" "java.base,*"
    given=$("$root/scripts/package" --modules | head -n 1)
    for module in $(echo "$asked" | tr ',' ' '); do
        case ,$given,java.desktop,java.compiler, in
        *,"$module",*) ;;
        *) echo "$module is asked for and not in scripts/package" && false ;;
        esac
    done
}

the_client_needs_java_base_alone() {
    find_java jdeps
    asked=$("$java_home/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps --class-path "$lib/*" \
        "$root/target/classes/dev/argus/client")
    expect "modules" "$asked" "$("$root/scripts/package" --modules | tail -n 1)"
}

# A root with what the unit names; systemd-analyze ends with 0 whatever it has to say.
unit() {
    mkdir -p "$work/unit/opt/argus/current/bin" "$work/unit/etc/systemd/system"
    for program in argus-server release-controllers; do
        printf '#!/bin/sh\n' >"$work/unit/opt/argus/current/bin/$program"
        chmod +x "$work/unit/opt/argus/current/bin/$program"
    done
    sed 's#PREFIX#/opt/argus/current#g' "$root/systemd/argus.service" >"$work/unit/etc/systemd/system/argus.service"
}

systemd_has_nothing_to_say_against_the_unit() {
    unit
    systemd-analyze verify --man=no --root="$work/unit" "$work/unit/etc/systemd/system/argus.service" >"$work/said" 2>&1 || :
    # The root has no other units; that they are missing is not about ours.
    grep -E 'argus\.service' "$work/said" | grep -vE 'Failed to (load|add)|not found' >"$work/about" || :
    expect "about the unit" "$(cat "$work/about")" ""
}

the_unit_is_no_more_exposed_than_the_documentation_says() {
    unit
    # The reasons are in docs/installing.md. A unit that runs has 1.9, since more is known of it.
    systemd-analyze security --no-pager --offline=true --threshold=21 "$work/unit/etc/systemd/system/argus.service" >"$work/said" 2>&1 ||
        { tail -n 1 "$work/said" && false; }
    expect "figure" "$(tail -n 1 "$work/said")" "*2.1 OK*"
    grep -q '2\.1' "$root/docs/installing.md"
}

services_outlive_argus_by_what_the_unit_says() {
    for line in Type=notify KillMode=process Delegate=yes OOMPolicy=continue Restart=always RestartSec=5; do
        grep -qx "$line" "$root/systemd/argus.service" || { echo "no line $line" && false; }
    done
}

wrong_usage_ends_with_2_and_changes_nothing() {
    for wrong in 'argus-service' 'argus-service remove' 'argus-service stop --all' 'package --nonsense'; do
        status=0
        # shellcheck disable=SC2086 # words
        "$root/scripts/"$wrong >"$work/out" 2>"$work/err" || status=$?
        expect "status of $wrong" "$status" 2
        grep -q '^usage: ' "$work/err"
    done
}

a_version_that_could_be_a_path_is_refused() {
    status=0
    "$root/scripts/package" --version '../1' --output "$work/none" 2>"$work/err" || status=$?
    expect "status" "$status" 1
    expect "message" "$(tail -n 1 "$work/err")" '"../1" is no version*'
}

# In the cgroup of whoever runs this there is nothing to take off, or no right to: either way it must not fail the unit.
release_controllers_leaves_a_cgroup_without_controllers_alone() {
    "$root/scripts/release-controllers" || [ "$(id -u)" != 0 ]
}

if [ -e "$lib/argus.jar" ]; then
    run the_java_of_a_server_has_every_module_that_the_jars_ask_for
    run the_client_needs_java_base_alone
    run a_version_that_could_be_a_path_is_refused
else
    for test in the_java_of_a_server_has_every_module_that_the_jars_ask_for the_client_needs_java_base_alone \
        a_version_that_could_be_a_path_is_refused; do
        not_run "$test" "target/argus is not built"
    done
fi
if command -v systemd-analyze >/dev/null 2>&1; then
    run systemd_has_nothing_to_say_against_the_unit
    run the_unit_is_no_more_exposed_than_the_documentation_says
else
    not_run systemd_has_nothing_to_say_against_the_unit "systemd-analyze is not installed"
    not_run the_unit_is_no_more_exposed_than_the_documentation_says "systemd-analyze is not installed"
fi
run services_outlive_argus_by_what_the_unit_says
run wrong_usage_ends_with_2_and_changes_nothing
run release_controllers_leaves_a_cgroup_without_controllers_alone
finish
