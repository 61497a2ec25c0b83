#!/usr/bin/env bash
# Breaks the core on purpose, one rule at a time, and checks that it is noticed: by random simulations, else by the
# stories, else by the tests of the core.
#
#   Tests/mutants/run.sh [SEEDS [WORDS]]      how many seeds each mutant is given, 300 unless told;
#                                             only the mutants that have these words in their name
#   Tests/mutants/run.sh --applies            only whether each script changes its file, once; takes a second
#   Tests/mutants/run.sh --compiles [WORDS]   only whether each mutant compiles
#
# Says for each mutant which seed, the first being 1, and which check, or which story or test caught it
# (docs/TESTING.md). With BUDGET=SECONDS no mutant is begun after that time, and those left are counted as skipped.
# Works on a copy of the sources. Its last line is "N passed, N failed[, N skipped]".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
list=$PWD/Tests/mutants/list.sh
passed=0 failed=0 skipped=0
mode=run seeds=300 words=
case ${1:-} in
    --applies) mode=applies ;;
    --compiles) mode=compiles words=${2:-} ;;
    -*) sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"; exit 64 ;;
    *) seeds=${1:-300} words=${2:-} ;;
esac
end=$((SECONDS + ${BUDGET:-1000000}))
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

count() {
    case $1 in ok*) passed=$((passed + 1)) ;; *) failed=$((failed + 1)) ;; esac
    echo "$1"
}

finish() {
    if [ $((passed + failed + skipped)) = 0 ]; then count "not ok - no mutant has \"$words\" in its name"; fi
    echo "$passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
    [ "$failed" = 0 ]
    exit
}

# changes FILE SED-SCRIPT: writes the mutant into the copy; fails, and says why, unless it is another text by then.
changes() {
    [ -f "$1" ] || { echo "there is no $1"; return 1; }
    sed "$2" "$1" >"$copy/mutant" || { echo "sed does not understand the script"; return 1; }
    ! cmp -s "$1" "$copy/mutant" || { echo "the script changes nothing in $1"; return 1; }
}

if [ "$mode" = applies ]; then
    mutant() {
        local why
        if why=$(changes "Sources/$2" "$3"); then count "ok - $1"; else count "not ok - $1: $why"; fi
    }
    . "$list"
    finish
fi

cp -a Package.swift Package.resolved Sources Tests bench "$copy"
cd "$copy" || exit 1

build() { swift build --scratch-path .build -c "$1" --product suspect-sim >build.log 2>&1; }
simulate() { timeout 600 .build/release/suspect-sim run --seeds "1..$seeds" >run.log 2>&1; }
tell() { timeout 600 .build/release/suspect-sim scenario Tests/SimulationTests/Scenarios/*.story >run.log 2>&1; }
# Those of the tests that neither wait nor run a daemon.
filter='^(CausalClock|FailureDetection|Wire|Records|Services|Sealing)Tests'
build_tests() { timeout 1800 swift build --scratch-path .build --build-tests >build.log 2>&1; }
check() { timeout 600 swift test --scratch-path .build --skip-build --disable-xctest --filter "$filter" >run.log 2>&1; }

# Whether the tests find nothing in the core as it is; asked once, when the first mutant FILE survives everything else.
tests_are_sound() {
    if [ ! -e sound ] && [ ! -e unsound ]; then
        mv "$1" broken
        cp -p original "$1"
        if build_tests && check; then touch sound; else touch unsound; fi
        mv broken "$1"
        touch "$1"
    fi
    [ -e sound ]
}

# caught FILE: how the mutant in the copy is noticed; fails if it is not.
caught() {
    if ! simulate; then
        echo "$(grep -m1 -o '^seed [0-9]*' run.log || echo 'it traps or hangs'), $(
            sed -n '2s/^ *[0-9.]* s *\([a-z]*\):.*/\1/p' run.log)"
    elif ! tell; then
        echo "story $(grep -m1 -o '[^/]*\.story' run.log || echo 'it traps or hangs')"
    elif ! tests_are_sound "$1"; then
        echo "nothing else was noticed, and the tests fail on the core as it is"
        return 1
    elif ! build_tests; then
        echo "the tests do not compile: $(grep -m1 error: build.log)"
        return 1
    elif ! check; then
        echo "test $(sed -nE '/^✘ Test .* failed after/{s/^✘ Test (.*) failed after.*/\1/p;q}' run.log)"
    else
        echo "survives $seeds seeds, the stories and the tests"
        return 1
    fi
}

# judge NAME FILE: compiles what is in the copy, and lets it be noticed.
judge() {
    local how
    if [ "$mode" = compiles ]; then
        if build debug; then echo "ok - $1"; else echo "not ok - $1: $(grep -m1 error: build.log)"; fi
    elif ! build release; then
        echo "not ok - $1: does not compile: $(grep -m1 error: build.log)"
    elif how=$(caught "$2"); then
        echo "ok - $1: $how"
    else
        echo "not ok - $1: $how"
    fi
}

# mutant NAME FILE SED-SCRIPT
mutant() {
    local file=Sources/$2 why
    [[ $1 == *"$words"* ]] || return
    if [ "$SECONDS" -ge "$end" ]; then
        skipped=$((skipped + 1))
        echo "SKIPPED: $1: no time is left"
        return
    fi
    if ! why=$(changes "$file" "$3"); then
        count "not ok - $1: $why"
        return
    fi
    cp -p "$file" original
    cat mutant >"$file"
    count "$(judge "$1" "$file")"
    cp -p original "$file"
    touch "$file"
}

# Without this a mutant would be "caught" by whatever is broken anyway.
if [ "$mode" = compiles ]; then
    build debug || { cat build.log; count "not ok - the core as it is does not compile"; finish; }
elif ! build release || ! simulate || ! tell; then
    cat build.log run.log 2>/dev/null
    count "not ok - the core as it is does not pass"
    finish
fi
. "$list"
finish
