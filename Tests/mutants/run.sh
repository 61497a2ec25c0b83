#!/usr/bin/env bash
# Breaks the core on purpose, one rule at a time, and checks that simulations notice: random ones, else the stories.
#
#   Tests/mutants/run.sh [SEEDS [WORDS]]      how many seeds each mutant is given, 300 unless told;
#                                             only the mutants that have these words in their name
#
# Says for each mutant which seed, the first being 1, and which check, or which story caught it (docs/TESTING.md).
# Works on a copy of the sources. Its last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
seeds=${1:-300} words=${2:-}
passed=0 failed=0
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -a Package.swift Package.resolved Sources Tests bench "$copy"
cd "$copy" || exit 1

build() { swift build --scratch-path .build -c release --product suspect-sim >build.log 2>&1; }

tell() { timeout 600 .build/release/suspect-sim scenario Tests/SimulationTests/Scenarios/*.story; }

# mutant NAME FILE SED-SCRIPT: the simulation has to fail when the script has changed the file.
mutant() {
    local name=$1 file=Sources/$2 report
    [[ $name == *"$words"* ]] || return
    cp -p "$file" original
    sed -i "$3" "$file"
    if cmp -s original "$file"; then
        report="not ok - $name: the script changes nothing in $file"
    elif ! build; then
        report="not ok - $name: does not compile: $(grep -m1 error: build.log)"
    elif ! timeout 600 .build/release/suspect-sim run --seeds "1..$seeds" >run.log 2>&1; then
        report="ok - $name: $(grep -m1 -o '^seed [0-9]*' run.log || echo 'it traps or hangs'), $(
            sed -n '2s/^ *[0-9.]* s *\([a-z]*\):.*/\1/p' run.log)"
    elif ! tell >run.log 2>&1; then
        report="ok - $name: story $(grep -m1 -o '[^/]*\.story' run.log || echo 'it traps or hangs')"
    else
        report="not ok - $name: survives $seeds seeds and the stories"
    fi
    cp -p original "$file"
    touch "$file"
    case $report in ok*) passed=$((passed + 1)) ;; *) failed=$((failed + 1)) ;; esac
    echo "$report"
}

if ! build || ! .build/release/suspect-sim run --seeds "1..$seeds" >run.log 2>&1 || ! tell >run.log 2>&1; then
    cat build.log run.log 2>/dev/null
    echo "not ok - the core as it is does not pass"
    echo "0 passed, 1 failed"
    exit 1
fi

receiving=FailureDetection/MonitorReceiving.swift
judging=FailureDetection/MonitorJudging.swift
watch=FailureDetection/SilenceWatch.swift

mutant "judged before everything that had arrived was read" Simulation/World/World+Turn.swift \
    's/^        hosts.place..endpoint?.beginTurn/        _ = hosts[place].endpoint?.judge(at: instant, into: \&outbox)\n&/'
mutant "a relayed entry counts as a heartbeat" $receiving \
    's/^        peers\[index\].relay = relay/&\n        peers[index].heard(pongAt: relay.arrived)\n        schedule(index)/'
mutant "datagrams of a retired life are believed" $receiving \
    's/let known = peers\[index\].epoch, epoch < known {/let known = peers[index].epoch, epoch < known, known.value == 0 {/'
mutant "a pong nobody asked for is believed" $receiving \
    's/guard case .pong(let nonce, _) = reception.body, .*/guard false else {/'
mutant "a pong that was held back revives the dead" $receiving \
    's/guard roundTrip <= peers.*//'
mutant "an old number takes the place of the highest" FailureDetection/LinkReceiver.swift \
    's/^            bitmap |= 1 << (highest - 1 - sequence)/&\n            highest = sequence/'
mutant "an old acknowledgement takes the place of the newest" FailureDetection/LinkSender.swift \
    's/guard ack.highest > acknowledged, /guard ack.highest != acknowledged, /'
mutant "copies are believed" $receiving \
    's/case .duplicate: return .duplicate/case .duplicate: break/'
mutant "damaged datagrams are believed" Wire/Envelope.swift \
    's/return stated == Checksum.crc32c(.*/return stated == 0 ? .malformed : nil/'
mutant "pings go on for ever" $judging \
    's/guard !peers.index..isLastPingOut || mustWaitForOthers(index, at: now) else/guard peers[index].state == .pending else/'
mutant "suspected without a ping" $judging \
    's/guard peers\[index\].settings.mode != .heartbeat else { return suspect/guard peers[index].settings.mode == .ping else { return suspect/'
mutant "an entry may go back" CausalClock/VectorClock+Merging.swift \
    's/guard known.precedes(entry) else { return false }/guard known != entry else { return false }/'
mutant "a new life keeps the numbers of the old one" FailureDetection/Peer.swift \
    's/^            receiver = LinkReceiver()$//'
mutant "a new life begins with the epoch of the old one" CausalClock/Epoch.swift \
    's/previous.value + 1 : previous.value/previous.value : previous.value/'
mutant "a first life is called a restart" $receiving \
    's/if earlier != nil, earlier != reception.dot.epoch { noteRestart/if earlier != reception.dot.epoch { noteRestart/'
mutant "first heard while pinged, and nobody is told" $receiving \
    's/guard !peers\[index\].wasUnknown else.*//'
mutant "a pause of our own is not forgiven" $judging \
    's/^        forgiveAll(lateness, at: now)//'
mutant "a leave is a silence" $receiving \
    's/if isFresh { noteLeave(of: index, at: now, into: \&effects) }//'
mutant "what a silent peer knew before its silence proves that it lives" $watch \
    's/(mark, markedAt) = (next, now)/(mark, markedAt) = (1, now)/'
mutant "that a silent peer knows of us proves that it hears us" $watch \
    's/report.testimony.gotOfYou >= mark, report/report.testimony.knownOfYou >= mark, report/'
mutant "what is said of an earlier life counts for the present one" FailureDetection/MonitorTestifying.swift \
    's/let isCurrent = .*/let isCurrent = true/'
mutant "confirmed although we do not suspect it ourselves" FailureDetection/MonitorOpinions.swift \
    's/let isConfirmed = isOwnOpinion(index) \&\& agreement/let isConfirmed = isolatedSince == nil \&\& agreement/'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
