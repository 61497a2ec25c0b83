import Testing

@testable import Replay

@Suite("output")
struct OutputTests {
    private let trace = Generated.trace(400) { $0 == 200 ? nil : 20_000_000 }

    @Test("JSON has the agreed names, in one line")
    func json() throws {
        let setup = try Replay.Setup(.median, parameter: 0.05)
        let quality = try QualityOfService(of: Replay(trace, setup), of: trace)
        let text = MachineOutput.json(setup, quality)
        let expected = """
            {"detector":"median","parameter":0.05,"td_mean_s":0.17,"td_p99_s":0.17,"td_max_s":0.17,"mistakes":1,\
            "lambda_per_s":0.027777777777777776,"tm_s":0.05,"pa":0.9986111111111111,"duration_s":36.0}
            """
        #expect(text == expected)
    }

    @Test("deadlines have the agreed columns, and are on the clock of the trace")
    func deadlines() throws {
        let rows = (0..<3).map {
            TracedHeartbeat(number: $0 + 7, sent: $0 * 100_000_000 - 50_000_000, arrived: $0 * 100_000_000)
        }
        let trace = Trace(name: "link", arrivals: rows, sentCount: 3, interval: 100_000_000)
        let replay = Replay(trace, try Replay.Setup(.exponential, parameter: 1), limit: 2)
        #expect(MachineOutput.deadlineColumns == "trace,detector,param,k,seq,send_s,recv_s,tau_s")
        #expect(
            MachineOutput.deadlines(of: replay, on: trace) == [
                "link,exponential,1.0,0,7,-0.050000000,0.000000000,0.23025850931",
                "link,exponential,1.0,1,8,0.050000000,0.100000000,0.33025850931",
            ])
    }

    @Test("numbers have the digits asked for, rounded, and no locale")
    func numbers() {
        #expect(DecimalText.fixed(1.005, digits: 1) == "1.0" && DecimalText.fixed(-0.04, digits: 1) == "0.0")
        #expect(
            DecimalText.fixed(-2.55, digits: 0) == "-3" && DecimalText.fixed(12.3456, digits: 3) == "12.346")
        #expect(DecimalText.fixed(.nan, digits: 1) == "-" && DecimalText.fixed(1e300, digits: 2) == "1e+300")
        #expect(DecimalText.significant(0.001234, digits: 2) == "0.0012")
        #expect(
            DecimalText.significant(123.4, digits: 2) == "123" && DecimalText.significant(0, digits: 3) == "0"
        )
        #expect(DecimalText.significant(1e-300, digits: 3) == "1e-300")
        #expect(DecimalText.quotient(-1_500_000_001, unit: 1_000_000_000, digits: 9) == "-1.500000001")
        #expect(DecimalText.quotient(.min, unit: 1_000_000_000, digits: 9) == "-9223372036.854775808")
    }
}
