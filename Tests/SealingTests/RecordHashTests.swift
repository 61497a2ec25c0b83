import CausalClock
import Records
import Testing

@testable import Sealing

@Suite("the hash of records")
struct RecordHashTests {
    @Test("it is BLAKE2b with 128 bits under a fixed key, of which the first eight bytes are taken")
    func vector() {
        // b2sum has no key: computed with Python, hashlib.blake2b(b"abc", digest_size=16, key=b"suspectd records").
        let value = BLAKE2bHash().hash(Array("abc".utf8).span)
        #expect(value == 0x3EEA_95B9_03B4_F618)
        let empty = BLAKE2bHash().hash([UInt8]().span)
        #expect(empty == 0x3044_9355_2E95_66B3)
    }

    @Test("a store hashes with it, and two hosts that hold the same records have the same digests")
    func store() throws {
        let hosts = ["a", "b", "c"].compactMap { HostID($0) }
        let record = Record(.view(View()), at: Dot(host: hosts[2], epoch: Epoch(5), counter: 7))
        let digests = hosts.prefix(2).map { owner in
            var store = RecordStore(owner: owner, hash: RecordHash(BLAKE2bHash()))
            store.setMembers(hosts)
            let own = Dot(host: owner, epoch: Epoch(1), counter: 0)
            _ = store.merge(record, in: MergeContext(latestCredible: Epoch(9), own: own))
            return store.digests
        }
        #expect(digests[0] == digests[1] && digests[0].facts != 0 && digests[0].members == 0)
    }
}
