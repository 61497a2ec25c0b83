#!/usr/bin/env bash
# Checks the form of every source file; changes nothing. `make format` mends what can be mended.
set -euo pipefail
. "$(dirname "$0")/common.sh"
need_swift

say "checking the form of the Swift files"
swift format lint --strict --parallel --recursive Package.swift Sources Tests

say "checking the scripts"
mapfile -t scripts < <(find scripts Tests bench -name '*.sh' -type f | sort; echo .ci/run)
[ "${#scripts[@]}" -gt 10 ] || die "found no scripts to check"
for script in "${scripts[@]}"; do
    bash -n "$script"
done
if command -v shellcheck >/dev/null; then
    shellcheck --severity=warning "${scripts[@]}"
else
    say "SKIPPED: shellcheck, which is not installed"
fi
python3 -c 'import ast, sys
for path in sys.argv[1:]: ast.parse(open(path).read(), path)' scripts/*.py bench/*.py

# Not those before the rule was kept; nor where the history is not there, as in an archive.
since=2a2f192
if git cat-file -e "$since^{commit}" 2>/dev/null; then
    say "checking the subjects of commits"
    git log --no-merges --format='%h %s' "$since..HEAD" | while read -r commit subject; do
        [ "${#subject}" -le 72 ] ||
            die "commit $commit: its subject has ${#subject} characters; say it in 72 (git commit --amend)"
    done
fi
