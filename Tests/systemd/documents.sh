#!/usr/bin/env bash
# Types the commands of README and the other documents on three booted hosts (documents.py): they are installed as README
# says, one loses its link, and what is printed has the shape that the documents show.
#
#   Tests/systemd/documents.sh [FOLDER]    FOLDER holds the binaries, or the Debian package suspectd_*.deb
#
# Needs root and the permission to make namespaces; where it has not, it says so and exits with status 77.
# Its last line is "N passed, N failed, N skipped".
set -uo pipefail
umask 022

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bridge=sdd$$
hosts="db1 db2 db3"
name=

. "$here/checks.sh"
. "$here/cluster.sh"

open_cluster "${1:-$root/build/deb}"
printf '10.9.0.1 db1.example.net\n10.9.0.2 db2.example.net\n10.9.0.3 db3.example.net\n' >"$scratch/hosts"
for host in $hosts; do
    boot "$host"
    copy "$host" "$scratch/hosts" /etc/hosts
    if [ "$host" = db1 ] && [ -n "$package" ]; then
        on db1 rm -f /usr/sbin/policy-rc.d
        copy db1 "$package" "/root/$(basename "$package")"
    else
        # The file that the package brings.
        [ -n "$package" ] || copy "$host" "$root/config/suspectd.toml" /etc/suspectd/suspectd.toml
        check "suspectd is installed on $host" install_on "$host"
    fi
done
[ -n "$package" ] || skip "README: apt-get install: there is no package here"
python3 "$here/documents.py" --exec "$here/boot.sh" --suffix $$ --scratch "$scratch" --package "$package" >"$scratch/checks"
cat "$scratch/checks"
passed=$((passed + $(grep -c '^ok ' "$scratch/checks")))
failed=$((failed + $(grep -c '^not ok ' "$scratch/checks")))
[ "$failed" = 0 ] || tell
result
