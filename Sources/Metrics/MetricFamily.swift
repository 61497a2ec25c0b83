/// One metric with all its samples, as Prometheus scrapes it.
package struct MetricFamily: Encodable, Equatable {
    /// What a metric does over time.
    package enum Kind: String, Encodable {
        /// It only grows, until the daemon restarts.
        case counter
        /// It goes up and down.
        case gauge
    }

    /// One value and what it belongs to.
    package struct Sample: Encodable, Equatable {
        /// What distinguishes it from the others of its family, by name; ids and words of fixed sets, so that they
        /// are few.
        package let labels: [String: String]
        /// A decimal number: a float would lose microseconds of the present century.
        package let value: String
    }

    /// The name, with unit and `_total` as Prometheus wants it.
    package let name: String
    /// What it does over time.
    package let type: Kind
    /// One sentence.
    package let help: String
    /// The values; a family without any is not printed.
    package let samples: [Sample]

    /// Describes a metric by its name without `suspectd_`.
    package init(_ name: String, _ type: Kind, _ help: String, _ samples: [Sample]) {
        self.name = "suspectd_\(name)"
        self.type = type
        self.help = help
        self.samples = samples
    }

    /// Describes a metric that has a single value.
    init(_ name: String, _ type: Kind, _ help: String, value: String) {
        self.init(name, type, help, [Sample(labels: [:], value: value)])
    }

    /// The family in the text format 0.0.4.
    package var text: String {
        guard !samples.isEmpty else { return "" }
        let head = "# HELP \(name) \(Self.escaped(help))\n# TYPE \(name) \(type.rawValue)\n"
        return head + samples.map { "\(name)\($0.labelText) \($0.value)\n" }.joined()
    }

    fileprivate static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "\\": "\\\\"
            case "\n", "\r\n": "\\n"
            default: String(character)
            }
        }.joined()
    }
}

extension MetricFamily.Sample {
    /// A truth as Prometheus has it.
    init(_ truth: Bool, _ labels: [String: String] = [:]) {
        self.init(labels: labels, value: truth ? "1" : "0")
    }

    fileprivate var labelText: String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.sorted { $0.key < $1.key }.map { name, value in
            let quoted = MetricFamily.escaped(value).map { $0 == "\"" ? "\\\"" : String($0) }.joined()
            return "\(name)=\"\(quoted)\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }
}

/// Numbers as metrics have them: seconds and ratios.
enum MetricValue {
    /// Microseconds as seconds.
    static func seconds(_ microseconds: Int) -> String {
        FixedDigits.decimal(max(0, microseconds), unit: 1_000_000, digits: 6)
    }

    /// A share of a thousand as a ratio.
    static func ratio(perMille: Int) -> String {
        FixedDigits.decimal(max(0, perMille), unit: 1000, digits: 3)
    }
}
