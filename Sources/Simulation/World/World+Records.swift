internal import FailureDetection
package import Records
internal import Wire

/// What hosts say of themselves to every other.
extension World {
    /// A service of a host changes; it is published in the host's next turn, if it runs.
    package mutating func change(_ service: ServiceName, of place: Int, to report: ServiceFacts) {
        let index = hosts[place].services.firstIndex { $0.name >= service } ?? hosts[place].services.count
        if index < hosts[place].services.count, hosts[place].services[index].name == service {
            hosts[place].services[index].report = report
        } else {
            hosts[place].services.insert((service, report), at: index)
        }
        guard hosts[place].isUp else { return }
        hosts[place].mustPublish = true
        schedule(place, at: now)
    }

    /// Publishes what is to be published of a host, as the daemon does.
    mutating func publish(_ place: Int, at instant: Instant) {
        guard publishesRecords, hosts[place].mustPublish else { return }
        hosts[place].mustPublish = false
        // What another writes of a service that it does not watch it takes back.
        let services = hosts[place].services.map(\.name)
        hosts[place].endpoint?.setServices(services, at: instant, into: &outbox)
        hosts[place].endpoint?.publish(MemberFacts(version: "simulated"), at: instant, into: &outbox)
        for (name, report) in hosts[place].services {
            hosts[place].endpoint?.publish(report, of: name, at: instant, into: &outbox)
        }
    }
}
