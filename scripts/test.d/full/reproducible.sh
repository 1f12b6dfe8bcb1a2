#!/bin/sh
# The same input gives the same bytes, without the AOT caches, for which the JVM cannot promise it.
# shellcheck source=scripts/test.d/harness.sh
. "$(dirname "$0")/../harness.sh"

# Another directory, user mask, language, hour and zone.
two_builds_are_the_same_to_the_byte() {
    export SOURCE_DATE_EPOCH=1700000000
    mkdir "$work/one" "$work/two"
    TMPDIR=$work/one "$root/scripts/package" --without-aot --output "$work/one"
    (umask 077 && TMPDIR=$work/two LC_ALL=C.UTF-8 TZ=Asia/Tokyo "$root/scripts/package" --without-aot --output "$work/two")
    cat "$work/one/SHA256SUMS"
    expect "second build" "$(cat "$work/two/SHA256SUMS")" "$(cat "$work/one/SHA256SUMS")"
    (cd "$work/two" && sha256sum -c SHA256SUMS)
}

nothing_in_an_archive_tells_of_the_machine_it_was_made_on() {
    for archive in "$work/one"/*.tar.gz; do
        tar --numeric-owner -tvzf "$archive" >"$work/list"
        [ -s "$work/list" ]
        expect "owners" "$(awk '{ print $2 }' "$work/list" | sort -u)" "0/0"
        expect "times" "$(awk '{ print $4 }' "$work/list" | sort -u)" "2023-11-14"
    done
    mkdir "$work/unpacked"
    tar -C "$work/unpacked" -xzf "$work/one/argus-"[0-9]*"-linux-x64.tar.gz"
    # Jars and runtime are others' files; ours are the rest.
    find "$work/unpacked" -type f ! -path '*/runtime/*' ! -path '*/lib/*' -exec grep -lF -e "$root" -e "$HOME/" {} + >"$work/telling" || :
    expect "files that name this machine" "$(cat "$work/telling")" ""
}

if [ -e "$root/target/argus/lib/argus.jar" ]; then
    run two_builds_are_the_same_to_the_byte
    run nothing_in_an_archive_tells_of_the_machine_it_was_made_on
else
    not_run two_builds_are_the_same_to_the_byte "target/argus is not built"
    not_run nothing_in_an_archive_tells_of_the_machine_it_was_made_on "target/argus is not built"
fi
finish
