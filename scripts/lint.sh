#!/usr/bin/env bash
# Checks the form of every source file; changes nothing. With --mend (`make format`) it mends what a program can mend.
set -euo pipefail
. "$(dirname "$0")/common.sh"
need_swift

if [ "${1:-}" = --mend ]; then
    swift format --in-place --parallel --recursive Package.swift Sources Tests Examples/Package.swift Examples/Sources
    if linter=$(find_linter ruff); then "$linter" check --no-cache --quiet --fix scripts Tests bench || true; fi
    if linter=$(find_linter clang-format); then
        find Sources Tests bench -name '*.[ch]' -type f -exec "$linter" -i {} +
    fi
fi

say "checking the form of the Swift files"
swift format lint --strict --parallel --recursive Package.swift Sources Tests Examples/Package.swift Examples/Sources

say "checking the scripts"
mapfile -t scripts < <(find scripts Tests bench -name '*.sh' -type f | sort; echo .ci/run)
[ "${#scripts[@]}" -gt 10 ] || die "found no scripts to check"
for script in "${scripts[@]}"; do
    bash -n "$script"
done
if command -v shellcheck >/dev/null; then
    shellcheck --severity=warning "${scripts[@]}"
else
    say "SKIPPED: shellcheck, which is not installed; scripts/install-dependencies.sh test installs it"
fi

say "checking the Python files"
mapfile -t python < <(find scripts Tests bench -name '*.py' -type f | sort)
[ "${#python[@]}" -gt 10 ] || die "found no Python files to check"
if ruff=$(find_linter ruff); then
    "$ruff" check --no-cache --quiet "${python[@]}"
else
    say "SKIPPED: ruff, which is not installed; scripts/install-dependencies.sh test installs it"
    python3 -c 'import ast, sys
for path in sys.argv[1:]: ast.parse(open(path).read(), path)' "${python[@]}"
fi

say "checking the form of the C files"
mapfile -t c < <(find Sources Tests bench -name '*.[ch]' -type f | sort)
[ "${#c[@]}" -gt 10 ] || die "found no C files to check"
if clang_format=$(find_linter clang-format); then
    "$clang_format" --dry-run --Werror "${c[@]}"
else
    say "SKIPPED: clang-format, which is not installed; scripts/install-dependencies.sh test installs it"
fi

# Not those before the rule was kept; nor where the history is not there, as in an archive.
since=2a2f192
if git cat-file -e "$since^{commit}" 2>/dev/null; then
    say "checking the subjects of commits"
    git log --no-merges --format='%h %s' "$since..HEAD" | while read -r commit subject; do
        [ "${#subject}" -le 72 ] ||
            die "commit $commit: its subject has ${#subject} characters; say it in 72 (git commit --amend)"
    done
fi
