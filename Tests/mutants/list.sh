# The mutants: what each breaks, the file below Sources, and the sed(1) script that breaks it. To be sourced.
#
# A script that changes nothing fails `make test`: when the code it finds has moved, let it find that again.

receiving=FailureDetection/Monitor/MonitorReceiving.swift
judging=FailureDetection/Monitor/MonitorJudging.swift
watch=FailureDetection/Witnesses/SilenceEvidence.swift
isolation=FailureDetection/Isolation/MonitorIsolation.swift
peer=FailureDetection/Peer/Peer.swift
rules=FailureDetection/Verdict/VerdictRules.swift
suspecting=FailureDetection/Verdict/MonitorSuspecting.swift
lesson=FailureDetection/Detectors/Lessons.swift
sending=FailureDetection/Monitor/MonitorSending.swift
health=FailureDetection/Health/MonitorHealth.swift
cohort=FailureDetection/Isolation/SilentCohort.swift
schedule=FailureDetection/Verdict/VerdictSchedule.swift
stored=Records/Store/StoredRecord.swift
merging=Records/Store/RecordStore+Merging.swift
returning=FailureDetection/Monitor/MonitorReturning.swift
assessment=Services/Watch/ServiceWatch+Assessment.swift

mutant "judged before everything that had arrived was read" Simulation/World/World+Turn.swift \
    's/^        hosts.place..endpoint?.beginTurn/        _ = hosts[place].endpoint?.judge(at: instant, into: \&outbox)\n&/'
mutant "a relayed entry counts as a heartbeat" $receiving \
    's/^        indirectNews\[index\] = news/&\n        peers[index].heard(pongAt: news.arrived)\n        schedule(index)/'
mutant "datagrams of a retired incarnation are believed" $receiving \
    's/let known = peers\[index\].epoch, epoch < known {/let known = peers[index].epoch, epoch < known, known.value == 0 {/'
mutant "a pong nobody asked for is believed" $receiving \
    's/\(awaited(nonce: nonce) else { return \).unsolicited }/\1nil }/'
mutant "a number far ahead is the highest for good" $receiving \
    's/guard refutesHighest(reception, of: index) else {/do {/'
mutant "an answer that was held back takes numbers back" $receiving \
    's/return peers.index..receiver.highestArrival < probe.sent/return true/'
mutant "an old number raises no question" $receiving \
    's/if refusal == .outdated, /if refusal == .reflected, /'
mutant "one number that was overtaken raises a question" FailureDetection/Peer/PeerIncarnation.swift \
    's/return former > 0 \&\& number > former/return number > former/'
mutant "incarnations run out for good" FailureDetection/Identity/IncarnationRenewal.swift \
    's/static let period = TimeSpan.seconds(3_600)/static let period = TimeSpan.seconds(360_000_000)/'
mutant "a pong that was held back revives the dead" $receiving \
    's/guard roundTrip <= peers.*//'
mutant "an old number takes the place of the highest" FailureDetection/Link/LinkReceiver.swift \
    's/^            bitmap |= 1 << (highest - 1 - sequence)/&\n            highest = sequence/'
mutant "an old acknowledgement takes the place of the newest" FailureDetection/Link/LinkSender.swift \
    's/guard ack.highest > acknowledged, /guard ack.highest != acknowledged, /'
mutant "copies are believed" $receiving \
    's/case .duplicate: return .duplicate/case .duplicate: break/'
mutant "damaged datagrams are believed" Wire/Messages/Envelope.swift \
    's/return stated == Checksum.crc32c(.*/return stated == 0 ? .malformed : nil/'
mutant "pings go on for ever" $judging \
    's/guard peers.ask(index, { $0.isLastPingOut }) else/guard peers[index].state != .pending else/'
mutant "suspected without a ping" $judging \
    's/guard peers\[index\].settings.mode != .heartbeat else { return suspect/guard peers[index].settings.mode == .ping else { return suspect/'
mutant "an entry may go back" CausalClock/VectorClock+Merging.swift \
    's/guard (epoch, counter) < (entry.epoch, entry.counter) else/guard (epoch, counter) != (entry.epoch, entry.counter) else/'
mutant "a new life keeps the numbers of the old one" $peer \
    's/^            receiver = LinkReceiver(losses: receiver.losses)$//'
mutant "a new life begins with the epoch of the old one" CausalClock/Epoch.swift \
    's/previous.value + 1 : previous.value/previous.value : previous.value/'
mutant "a first life is called a restart" $receiving \
    's/if earlier != nil, earlier != reception.dot.epoch { noteRestart/if earlier != reception.dot.epoch { noteRestart/'
mutant "first heard while pinged, and nobody is told" $receiving \
    's/guard !peers\[index\].wasUnknown else.*//'
mutant "a pause of our own is not forgiven" $judging \
    's/^        forgiveAll(lateness, at: now)//'
mutant "a leave is a silence" $receiving \
    's/if isFresh { noteLeave(of: index, next: [a-z]*.interval, at: now, into: \&effects) }//'
mutant "a peer that is back unheard stays left" $returning \
    's/if isDue || !isBack {/if true {/; s/guard !isDue, isBack else/guard false else/'
mutant "news of a later life is no return" $receiving \
    's/^            returned.append(index)//'
mutant "news of the last life is a return" $receiving \
    's/let known = peers\[index\].epoch, news.dot.epoch > known {/let known = peers[index].epoch, news.dot.epoch >= known {/'
mutant "one liar ends the absence of a peer that left" $returning \
    's/guard count >= 2 || (count == 1 \&\& isDue/guard count >= 1 || (count == 1 \&\& isDue/'
mutant "datagrams that are refused show no return" $returning \
    's/arrived > peers\[index\].stateSince + ReturnSign.copies/false/'
mutant "copies of a goodbye are a return" FailureDetection/Peer/ReturnSign.swift \
    's/static let copies = TimeSpan.seconds(10)/static let copies = TimeSpan.zero/'
mutant "pings alone make a crash of a peer that sends" FailureDetection/Verdict/MonitorVerdict.swift \
    's/^        input.isBeforeNextMessage = .*//'
mutant "what a peer sends that gets no ping vouches for our interval only" FailureDetection/Peer/PeerPatience.swift \
    's/return lastHeard - since > pace + verification/return false/'
mutant "a peer that is back in an earlier incarnation has crashed" Wire/Endpoint/Endpoint+Refusals.swift \
    's/^        case .oldEpoch: self = .incarnation$/        case .oldEpoch: return nil/'
mutant "each heartbeat that is due soon is waited for" $schedule \
    's/ \&\& due <= awaitedHeartbeat ?? .never ? due/ ? due/'
mutant "forged datagrams give a vote on a peer that left" FailureDetection/Verdict/VerdictRules.swift \
    's/ \&\& !input.isBackUnattested//'
mutant "what a silent peer knew before its silence proves that it lives" $watch \
    's/(mark, markedAt) = (next, now)/(mark, markedAt) = (1, now)/'
mutant "that a silent peer knows of us proves that it hears us" $watch \
    's/report.testimony.gotOfYou >= mark, report/report.testimony.knownOfYou >= mark, report/'
mutant "what is said of an earlier life counts for the present one" FailureDetection/Witnesses/MonitorTestifying.swift \
    's/let isCurrent = .*/let isCurrent = true/'
mutant "confirmed although we do not suspect it ourselves" FailureDetection/Opinions/Agreement.swift \
    's/var isQuorum: Bool { includesOwn \&\& /var isQuorum: Bool { /'

# Each rule that puts a verdict off: without it somebody is suspected who lives; without its bound a crash is missed.
mutant "small stalls are forgiven without end" FailureDetection/Health/StallAllowance.swift \
    's/let part = min(away, .*/let part = away/'
mutant "every stall gives a whole interval back" FailureDetection/Health/StallAllowance.swift \
    's/guard hasBegun, away <= total else {/guard hasBegun, away < .zero else {/'
mutant "what the kernel dropped is blamed on the peers" $health \
    's/^        forgiveAll(.zero, at: now)//'
mutant "a host in trouble keeps its margin" $peer \
    's/^        deadline = deadline + granted$//'
mutant "a host in trouble waits no longer for pongs" $sending \
    's/score.widened(\(round.*\), at: now)$/\1/'
mutant "the lag score has no limit" FailureDetection/Health/LagScore.swift \
    's/level = min(value(at: now) + 1, Self.maximum)/level = value(at: now) + 1_000/'
mutant "a host that reads late judges as of now" FailureDetection/Monitor/MonitorLookup.swift \
    's/Instant { now - health.reading.bound }/Instant { now }/'
mutant "late reads are never forgotten" FailureDetection/Health/ReceiveLag.swift \
    's/guard now >= windowEnd else { return false }/guard now >= windowEnd, bound == .zero else { return false }/'
mutant "a peer that answers late is not waited for" FailureDetection/Health/AcknowledgementLag.swift \
    's/guard portUnreachable == nil, answerLateness > .zero else/guard false else/'
mutant "a peer that answers late is waited for without end" FailureDetection/Health/AcknowledgementLag.swift \
    's/return min(max(unread - pingTimeout, .zero), .*/return max(unread - pingTimeout, .zero) * 100/'
mutant "the next heartbeat is not waited for" $schedule \
    's/^            case .nextHeartbeat: .*/            case .nextHeartbeat: nil/'
mutant "a peer that others hear is suspected with the rest" $schedule \
    's/^                isPostponedForOthers(index, at: now)$/                false/'
mutant "a suspicion is postponed for as long as others hear the peer" $schedule \
    's/guard peers.ask(index, { $0.postponements..heardByOthers. }) == .zero,$/guard true,/'
mutant "whether most are silent is not waited for" $schedule \
    's/^            case .others: mustWaitForOthers(index, at: now) ? /            case .others: false ? /'
mutant "whether most are silent is waited for without end" $cohort \
    's/judgementTime(at: now) - peers.index..deadline < patienceForOthers(index)/true/'
mutant "when all fall silent the peers are blamed" $isolation \
    's/guard isEveryoneSilent(besides: index, at: now) else/guard false else/'
mutant "when most fall silent the peers are blamed" $cohort \
    's/var isMost: Bool { silent >= 3 .*/var isMost: Bool { false }/'
mutant "when two fall silent we blame ourselves" $cohort \
    's/var isMost: Bool { silent >= 3 .*/var isMost: Bool { silent >= 2 }/'
mutant "an isolation outlives a reload that removes the silent" $isolation \
    's/guard isolation.isUnsupported || (isolatedSince.*/guard isolatedSince == .never,/'
mutant "an isolation is not looked at again" $isolation \
    's/guard isolatedSince != nil, !isBlameFitting(at: now) else { return }/guard false else { return }/'
mutant "a peer whose life is in doubt has no time to answer" FailureDetection/Peer/PeerIncarnation.swift \
    's/^        if settings.mode == .heartbeat, isWatched .*//'
mutant "a peer has no time to start" $peer \
    's/^        deadline = now + settings.startupGrace/        deadline = now/'
mutant "a peer has all the time to start" $peer \
    's/^        deadline = now + settings.startupGrace/        deadline = .never/'
mutant "a refused datagram is a verdict alone" FailureDetection/Verdict/MonitorUnreachable.swift \
    's/^            ping(index, at: now, into: .effects)/            suspect(index, at: now, into: \&effects)/'

# The ranks of evidence: a weaker kind never overrules a stronger one.
mutant "a closed port outranks witnesses" $rules \
    's/if input.isHeardByOthers {/if input.isHeardByOthers, !input.hasClosedPort {/'
mutant "others hear it, so the link is blamed over which its datagrams arrive" $rules \
    's/if input.isSpeaking { return/if input.isSpeaking, !input.isHeardByOthers { return/'
mutant "the link is blamed that was never asked" $rules \
    's/^        if input.isOpen { .*//'
mutant "what this host could not send is held against the peer" $rules \
    's/^        if input.obstacle != nil { .*//'
mutant "a suspicion votes although nothing could be sent" $rules \
    's/ \&\& input.obstacle == nil$//'
mutant "a report that is not verified counts" FailureDetection/Verdict/PortReports.swift \
    's/guard isVerified, !isRefuted/guard !isRefuted/'
mutant "a report that a message refuted counts again" FailureDetection/Verdict/PortReports.swift \
    's/guard isVerified, !isRefuted, /guard isVerified, /'
mutant "a suspect that is heard again keeps its cause" $rules \
    's/^        if input.recovery == .heard { .*//'
mutant "a suspect that is heard again keeps its vote" $rules \
    's/input.recovery != .none || input.isSpeaking/input.isSpeaking/'
mutant "after a relapse a cause is named without a ping" $suspecting \
    's/^            sendPing(to: index, use: .freshness, at: now, into: .effects)//'
mutant "a suspicion is of any later incarnation" FailureDetection/Opinions/Agreement.swift \
    's/return event.epoch >= latestIncarnation(of: index)/return event.counter > 0/'

# What is learnt of a path, and what is promised of it.
mutant "pings follow each other by a round trip" FailureDetection/Peer/PingRound.swift \
    's/: min(timeout, longestSpacing),/: timeout,/'
mutant "the answer to the last ping is waited for no longer than for the next ping" FailureDetection/Peer/PingRound.swift \
    's/number < count ? spacing : lastWait/spacing/'
mutant "the bound forgets the slowest round trip" FailureDetection/Verdict/DetectionTimeBound.swift \
    's/smoothed.map { max($0, peers.index..delays.longest) }/smoothed/'
mutant "the slowest round trip is remembered for ever" FailureDetection/Detectors/Windows/RecentMaximum.swift \
    's/^        if now >= turn {/        if turn.nanoseconds == .min {/'
mutant "an outage teaches the detectors" $lesson \
    's/{ self.overdue = overdue }/{ _ = overdue }/'
mutant "a stall of the sender teaches the detectors" $lesson \
    's/guard sign.sent - previous.sent <= /guard sendable > 0 || sign.sent - previous.sent <= /'
mutant "a pause of our own teaches the detectors" $lesson \
    's/guard !lessons.wasAway, state != .left/guard state != .left/'
mutant "losses that do not choose by size lower the limit" Wire/Endpoint/PayloadLimit.swift \
    's/static let evidence = 12/static let evidence = 2/'
mutant "whatever arrives above a step clears what is larger" Wire/Endpoint/PayloadLimit.swift \
    's/guard size <= bound || size < smallestLost else/guard size <= bound else/'
mutant "the limit goes down to a step, whatever arrives above it" Wire/Endpoint/PayloadLimit.swift \
    's/let largest = max(cases.index..largest, \(Self.bound(.*)\))/let largest = \1/'
mutant "lost large datagrams lower no limit" Wire/Endpoint/PayloadLimit.swift \
    's/static let evidence = 12/static let evidence = 1_000/'
mutant "what went to another address acknowledges the configured one" FailureDetection/Link/DeliveryRecord.swift \
    's/guard !elsewhere else { return }/_ = elsewhere/'
mutant "an isolation outlives its last supporter" FailureDetection/Isolation/IsolationTracker.swift \
    's/var isUnsupported: Bool { since != nil/var isUnsupported: Bool { false/'
mutant "a record of a removed incarnation returns" $merging \
    's/if record.epoch <= authors.index..removedThrough { return .retired }//'
mutant "services of an earlier incarnation stay" $stored \
    's/^        services.removeAll(where: isOutdated)//'
mutant "of two values of one event the later to arrive is kept" $merging \
    's/held.version >= version else/held.version >= version, !held.version.isSameEvent(as: version) else/'
mutant "a record in our own name is believed" $merging \
    's/if stored.record.host == owner, stored.record.key.kind != .removed {/if stored.record.host == owner, false {/'
mutant "of too many services those that came first are kept" $stored \
    's/let oldest = services.indices.min {/let oldest = services.indices.max {/'
mutant "what is acknowledged too late is never sent again" Records/Spread/RecordQueue.swift \
    's/entries.index..sent?.isMissed = true/entries[index].sent?.isMissed = false/'
mutant "an acknowledgement of an earlier version is enough" Records/Spread/RecordQueue.swift \
    's/^            entries.index. = entry$/            let sent = entries[index].sent\n            entries[index] = entry\n            entries[index].sent = sent/'
mutant "an answer waits" Records/RecordExchange.swift \
    's/let isAnswer = store.answersNews(record)/let isAnswer = false/'
mutant "a forged record in our own name is overridden no sooner than a change" Records/RecordExchange.swift \
    's/isAnswer: isOverride || store/isAnswer: store/'
mutant "a delayed record goes back to its sender" Records/RecordExchange.swift \
    's/take(store.stored(record), from: waiting.holders, in: context)/take(store.stored(record), from: [], in: context)/'
mutant "what waits is served in the order of its key" Records/Spread/RecordGate.swift \
    's/let order = queue.indices.sorted.*/let order = Array(queue.indices)/'
mutant "digests are not compared" Wire/Endpoint/Endpoint+Spreading.swift \
    's/if exchange.compare(digests, of: host, at: now) {/if digests.facts == 0, exchange.compare(RecordDigests(), of: host, at: now) {/'
mutant "a host that is not proved gets a whole repair" Wire/Endpoint/Endpoint+Spreading.swift \
    's/isProved: acknowledged(ofPeer: index) != nil/isProved: true/'
mutant "a view counts whoever sends it" Wire/Endpoint/Endpoint+Views.swift \
    's/records.last { $0.host == dot.host && $0.view != nil }/records.last { $0.view != nil }/'
mutant "equal digests vouch for no view" Wire/Endpoint/Endpoint+Views.swift \
    's/^        adopt(held, at: dot, .*//'
mutant "views are not taken again after a reload" Wire/Endpoint/Endpoint.swift \
    's/^        forgetViews()$//'
mutant "suspicions keep the events of an earlier incarnation" FailureDetection/Identity/MonitorIdentity.swift \
    's/^        renumberSuspicions()$//'
mutant "a new suspicion waits for a heartbeat" Records/Spread/RecordSpread.swift \
    's/if record.view != nil, !holders.isEmpty { return 2 }/if record.view != nil { return 2 }/'
mutant "records of events that we have not had are overridden in vain" Wire/Endpoint/Endpoint+Records.swift \
    's/guard !monitor.clock.dot.precedes(record.dot) else {/guard true else {/'
mutant "a new incarnation does not publish again" Wire/Endpoint/Endpoint+Records.swift \
    's/^        for body in own {/        for body in own.prefix(0) {/'
mutant "an exit is a failure before the manager has spoken" $assessment \
    's/Assessment(state: .down, end: isOutOfMemory/Assessment(state: .failed, end: isOutOfMemory/'
mutant "what has ended stays down for good without the manager" $assessment \
    's/case .down, .starting, .stopping, .restarting: return true/case .down, .starting, .stopping, .restarting: return state != .down/'
mutant "the manager's own restart is a planned stop" Services/Watch/ServiceWatch+Facts.swift \
    's/case .restart, .unknown: !awaitsRestart/case .restart, .unknown: true/'
mutant "failed is reported before a restart" $assessment \
    's/if let since = heldSince, since + failureHold > now || isHeldForGood {/if let since = heldSince, since > now || isHeldForGood {/'
mutant "a service is hung before its first call" Services/Watch/ProgressClock.swift \
    's/mutating func restart() { deadline = nil }/mutating func restart() {}/'
mutant "services of a suspected host are shown as they were" Services/ShownService.swift \
    's/let isKnown = standing == .own || standing == .trusted/let isKnown = standing != .absent/'
mutant "last words outlive a later message" $receiving \
    's/^        peers.index..lastWords.heard(at: reception.arrived)$//'
mutant "a recording of last words counts" FailureDetection/Verdict/MonitorEnding.swift \
    's/return dot.counter <= max(known.*/_ = (known, number); return nil/'
mutant "a relapse in which nothing was sent is held against the peer" \
    FailureDetection/Verdict/MonitorSuspecting.swift 's/^        missPings(ofRelapse: index)$//'
mutant "without pings, what cannot be sent takes no vote" FailureDetection/Monitor/MonitorHandling.swift \
    's/^            weighUnsent(peer, at: now)$//'
mutant "what was known of a peer that is configured again stays forgotten" \
    FailureDetection/Monitor/MonitorRetuning.swift 's/^        clock.restore(settings.id)$//'
mutant "of a peer of which none is known another incarnation is meant" FailureDetection/Opinions/Witness.swift \
    's/ || subjectEpoch == none || incarnation == none$//'
mutant "a reported rival shows that the peer runs" FailureDetection/Identity/MonitorAdmission.swift \
    's/if !peers.index..isRival(reception.dot.epoch) {/if peers.indices.contains(index) {/'
mutant "what waited to be read shows that the peer speaks now" FailureDetection/Verdict/MonitorUnsent.swift \
    's/at: min(arrived + health.reading.bound, now))/at: now)/'
mutant "a peer hears us again when nothing is waited for" $receiving \
    's/wasUnheard ? !$0.sender.delivery.isAnswered : $0.isUnheard/$0.isUnheard/'
mutant "a peer that cannot answer is silent after our restart" $receiving \
    's/^        if requiresFreshness { peers.index..weighTimetable(reception) }$//'
mutant "any message is in the timetable" FailureDetection/Identity/Timetable.swift \
    's/return delay <= limit \&\& .*/return true/'
mutant "a confirmation that is remembered is gone" FailureDetection/Peer/PeerMemory.swift \
    's/if memory.isConfirmed { suspicion.heldUntil = .*//'
mutant "a confirmation that is remembered never ends" FailureDetection/Verdict/MonitorSuspecting.swift \
    's/^        if let end = peers.index..suspicion?.heldUntil, .*//'
mutant "what came while we were away is lost on the way" FailureDetection/Peer/Peer.swift \
    's/^            receiver.noteAway(until: now)$//'
mutant "what a peer that was away did not get is lost on the way" $receiving \
    's/^        if peers.ask(index, { $0.wasAway(before: reception) }).*//'
mutant "daemons that end at once are an isolation" $cohort \
    's/ || peers.index..lastWords.arrived != nil { return true }/ { return true }/'
mutant "last words that come in an isolation do not end it" FailureDetection/Verdict/MonitorEnding.swift \
    's/^        endIsolation(bySignOfLifeFrom: index.*//'
mutant "last words outlive a later incarnation" FailureDetection/Verdict/MonitorVerdict.swift \
    's/return known.epoch > epoch || /return /'
mutant "last words are no restart" FailureDetection/Verdict/MonitorEnding.swift \
    's/^        if peers.index..flaps.ended.*//'
mutant "a process that ended was suspected falsely, since another continues" \
    FailureDetection/Causality/SuspicionLedger.swift 's/let isAfterEnd = .*/let isAfterEnd = false/'
mutant "what may be another process proves a suspicion false" FailureDetection/Causality/SuspicionLedger.swift \
    's/guard !mayBeContinued, !known/guard !known/'
mutant "a witness hears what it suspects" FailureDetection/Verdict/MonitorVerdict.swift \
    's/if isWithdrawn { .*//'
mutant "a quorum confirms a cause that it refutes" FailureDetection/Opinions/MonitorOpinions.swift \
    's/^            adopt(judge(index, at: now), of: index)$//'
mutant "a testimony is judged before its turn is over" FailureDetection/Witnesses/MonitorTestifying.swift \
    's/^        peers.subject..hasten(reviewTo: now)$/        reviewSuspicion(of: subject, at: now, into: \&effects)/;s/speaksOfUs: speaksOfUs, at: now)$/speaksOfUs: speaksOfUs, at: now, into: \&effects)/;s/private mutating func take(_ report: WitnessStatement, speaksOfUs: Bool, at now: Instant) {/private mutating func take(_ report: WitnessStatement, speaksOfUs: Bool, at now: Instant, into effects: inout Effects) {/'
mutant "last words of an earlier boot are sent" Daemon/Loop/LastWordsSender.swift \
    's/guard file.boot == LastWordsFile.presentBoot else {/guard file.counter > 0 else {/'
mutant "what cannot be sent in an isolation is judged alone" FailureDetection/Verdict/MonitorSuspecting.swift \
    's/^            !isInSilentCohort(index)$/            true/'
mutant "after a reload a vote is taken only where all records are equal" Wire/Endpoint/Endpoint+Views.swift \
    's/return retakeView(of: index, .*/return/'
mutant "what a longer patience vouched for stays" FailureDetection/Peer/Peer.swift \
    's/^        vouchedUntil = min(vouchedUntil, lastHeard + patience + granted)$/        _ = lastHeard + granted/'
mutant "a message that is read after a pause takes back what the pause granted" FailureDetection/Peer/Peer.swift \
    's/let granted = lastHeard <= forgiven.at ? forgiven.by : .zero/let granted = TimeSpan.zero/'
mutant "a goodbye whose time is over is a crash" $receiving \
    's/ || peers.index..returnDue != nil || peers.index..returnSign != nil$//'
mutant "a restart that could not be witnessed is a crash" $receiving \
    's/let isCrash = !hasLeft \&\& peers.index..lastHeard != nil/let isCrash = !hasLeft/'
mutant "a reload ends an absence" FailureDetection/Monitor/MonitorRetuning.swift \
    's/^        if let absence = link.absence .*//'
mutant "an absence that is over has no grace when it is added again" FailureDetection/Peer/PeerMemory.swift \
    's/due.map { max($0, now + settings.startupGrace) }/due/'
mutant "outbound does not wait for a new acknowledgement" $receiving \
    's/if isUnheard { peers.index..sender.awaitAnswer() } else {/if !isUnheard {/'
mutant "a sealed ping of an incredible epoch is not answered" $receiving \
    's/^        answer(nonce, of: reception, from: index, at: now, into: .*//'
mutant "a replayed ping of an incredible epoch is answered again" FailureDetection/Peer/PeerIncarnation.swift \
    's/^        latestIncredible = (epoch, sequence)$//'
mutant "a cause that no longer holds stays in events" FailureDetection/Verdict/MonitorSuspecting.swift \
    's/^        if peers.index..flaps.heard > 1 .*//'
mutant "messages that come late leave the cause" FailureDetection/Verdict/MonitorAdopting.swift \
    's/ || judgement.rank == .messages$//'
mutant "what others knew before a peer was added is news" FailureDetection/Verdict/MonitorVerdict.swift \
    's/return isOfBefore || isRumour/return isRumour/'
mutant "there is a plan before it is made" FailureDetection/Targets/TargetTuner.swift \
    's/^        guard basis != .configuration else { return settings }$//'
mutant "the nearest plan has the fewest pings" FailureDetection/Targets/ConfigurationProcedure.swift \
    's/(plan.interval, plan.mistakeRecurrence)/plan.interval/'
mutant "a shorter interval is announced, and the deadline stays" FailureDetection/Peer/Peer.swift \
    '/no heartbeat that would set the deadline/{n;s/expectAnew(at: now)//;}'
mutant "votes of an isolation count when it ends" FailureDetection/Isolation/MonitorIsolation.swift \
    's/^            if peers.index..hasReturned { takeVote.*//'
