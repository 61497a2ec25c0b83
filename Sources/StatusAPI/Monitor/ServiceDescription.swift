extension MonitorInterface {
    /// What services do: types of the interface in Varlink's own language.
    static let serviceTypes = """
        # down: its main process has ended, the cause is to follow. failed: it has ended and is not being restarted. hung: it runs
        # and makes no progress. unknown: its host is suspected, or its unit is not known there.
        type ServiceState (
          up, starting, reloading, stopping, stopped, down, failed, hung, restarting, unknown
        )

        # What is known of a service.
        type Service (
          host: string,
          # Its name on that host
          service: string,
          # unknown while its host is suspected, whatever was reported last
          state: ServiceState,
          # exit, signal, core, oom, watchdog, start-limit, frozen, planned or progress; empty when there is nothing to explain
          cause: string,
          # proved is what the kernel reported
          certainty: Certainty,
          # The status or the signal in words, or empty
          detail: string,
          # How many activations the daemon of its host has seen
          generation: int,
          # How many of them followed an end that was not planned
          restarts: int,
          # When it entered the reported state, by the clock of its host
          sinceUSec: int,
          # What this daemon says of its host; trusted for this host itself
          hostState: State,
          # direct: this daemon watches its host; reported: others do
          observed: string,
          # The last state that its host reported
          reported: ServiceState
        )

        # What one layer of evidence says of a service: host, process, manager, cgroup, progress or finding.
        type Layer (layer: string, finding: string)

        """
}
