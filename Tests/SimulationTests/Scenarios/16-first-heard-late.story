A host is heard for the first time while it is being asked

n2 cannot be reached for as long as a host that starts is given time, and is pinged already when it is heard. That it is
trusted is told, as if it had been heard at once.

> hosts 2
> isolate n2
> run 2150ms
> rejoin n2
> run 2s
        33 ms  n1 trusts n2
        34 ms  n2 trusts n1
> show
    n1: n2 trusted
    n2: n1 trusted
