internal import SuspectControl

SuspectControl.runProcess()
