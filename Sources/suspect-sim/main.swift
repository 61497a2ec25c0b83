internal import SimulatorCommands

SimulatorCommand.runProcess()
