internal import SimulatorCommands

await SimulatorCommand.runProcess()
