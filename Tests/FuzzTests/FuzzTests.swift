import FuzzTargets
import TestSupport
import Testing

/// What `make fuzz` searches for with more time, searched for a little in every run of the tests.
@Suite("bytes of strangers")
struct FuzzTests {
    @Test("whatever is made of what is right, no promise is broken", arguments: FuzzTarget.allCases)
    func mutants(target: FuzzTarget) {
        let seeds = target.seeds
        #expect(seeds.count >= 3)
        for seed in seeds { target.run(seed) }
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<300 {
            guard let seed = seeds.randomElement(using: &generator) else { return }
            target.run(mutant(of: seed, or: seeds, &generator))
        }
    }

    private func mutant(
        of seed: [UInt8], or others: [[UInt8]], _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = seed
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 0...16, using: &generator))
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 2: bytes.insert(.random(in: 0...255, using: &generator), at: place)
            case 3:
                let other = others.randomElement(using: &generator) ?? []
                bytes.replaceSubrange(
                    place..<end, with: other.prefix(Int.random(in: 0...64, using: &generator)))
            default:
                for index in place..<end { bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator) }
            }
        }
        return bytes
    }

    @Test("bytes that once broke a promise break none", arguments: FoundByFuzzing.all.indices)
    func found(place: Int) {
        let found = FoundByFuzzing.all[place]
        found.target.run(found.bytes)
    }
}
