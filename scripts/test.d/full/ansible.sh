#!/bin/sh
# The playbooks and the role, as far as they can be judged by reading them; installed.sh runs them.
# shellcheck source=scripts/test.d/harness.sh
. "$(dirname "$0")/../harness.sh"

# What is checked is a copy, because the tools write beside what they read.
copy() {
    rm -rf "$work/ansible"
    cp -R "$root/ansible" "$work/ansible"
    cd "$work/ansible"
    export HOME="$work" ANSIBLE_HOME="$work/home" ANSIBLE_NOCOLOR=1
}

ansible_lint_finds_nothing_at_profile_production() {
    copy
    ansible-lint --offline --strict --profile production .
}

the_example_of_an_inventory_is_understood() {
    copy
    expect "hosts" "$(ansible-inventory -i inventory.example.yml --graph application_servers | tr -d '\n')" "*--app1*--app2*"
    for playbook in install upgrade uninstall client-config; do
        ansible-playbook -i inventory.example.yml --syntax-check "$playbook.yml"
    done
}

the_configuration_of_the_client_lists_the_servers_of_the_inventory_in_order() {
    copy
    ansible-playbook -i inventory.example.yml client-config.yml -e "argus_client_config=$work/client.json"
    expect "servers" "$(tr -d ' \n' <"$work/client.json")" \
        '*"servers":\[{"name":"app1","url":"http://app1.example.com:8080"},{"name":"app2","url":"http://app2.example.com:8080"}\]*'
    "$root/scripts/argus-server" check-config --config "$work/client.json"
}

addresses_follow_what_argus_is_told() {
    copy
    ansible-playbook -i inventory.example.yml client-config.yml -e "argus_client_config=$work/tls.json" \
        -e '{"argus_config": {"tls": {"certificate": "/c", "key": "/k"}, "port": 9443}, "ansible_host": "2001:db8::7"}'
    expect "servers" "$(tr -d ' \n' <"$work/tls.json")" '*"url":"https://\[2001:db8::7\]:9443"*'
    cat >"$work/ansible/heard.yml" <<'TEXT'
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.include_vars: roles/argus/defaults/main.yml
    - ansible.builtin.include_vars: roles/argus/vars/main.yml
    - ansible.builtin.debug: {msg: "asks {{ argus_local_url }} itself"}
TEXT
    ansible-playbook -i localhost, -c local heard.yml -e '{"argus_host": "::1"}' | grep -q 'asks http://\[::1\]:8080 itself'
    ansible-playbook -i localhost, -c local heard.yml -e '{"argus_config": {"host": "::", "port": 9443, "tls": {}}}' |
        grep -q 'asks https://127.0.0.1:9443 itself'
}

every_variable_is_described() {
    # shellcheck disable=SC2013 # a name a line
    for variable in $(sed -n 's/^\(argus_[a-z_]*\):.*/\1/p' "$root/ansible/roles/argus/defaults/main.yml"); do
        grep -q "^      $variable:\$" "$root/ansible/roles/argus/meta/argument_specs.yml" || { echo "$variable is not in argument_specs.yml" && false; }
    done
}

run every_variable_is_described
for with_ansible in the_example_of_an_inventory_is_understood the_configuration_of_the_client_lists_the_servers_of_the_inventory_in_order \
    addresses_follow_what_argus_is_told; do
    if command -v ansible-playbook >/dev/null 2>&1; then run "$with_ansible"; else not_run "$with_ansible" "ansible is not installed"; fi
done
if command -v ansible-lint >/dev/null 2>&1; then
    run ansible_lint_finds_nothing_at_profile_production
else
    not_run ansible_lint_finds_nothing_at_profile_production "ansible-lint is not installed"
fi
finish
