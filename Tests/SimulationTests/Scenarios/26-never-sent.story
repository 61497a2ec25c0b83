What was never sent

The name of n2 ceases to resolve at n1, and then n2 loses its network: n1 cannot ask it, so it knows that n2 is silent, and
not that it has crashed. Its opinion does not count; n3 suspects n2 alone, and confirms nothing.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> unresolve n1 n2
> run 5s
> isolate n2
> run 3s
       167 ms  n2 is isolated: isolated, suspected
       250 ms  n1 suspects n2: unknown, suspected
       250 ms  n3 suspects n2: crash, suspected
> show
    n1: n2 suspected:unknown, n3 trusted
    n2: n1 suspected:isolated, n3 suspected:isolated
    n3: n1 trusted, n2 suspected:crash
> rejoin n2
> resolve n1 n2
> run 5s
        80 ms  n1 trusts n2
        80 ms  n3 trusts n2
        81 ms  n2 is back among the others
        81 ms  n2 trusts n1
        81 ms  n2 trusts n3
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted

The kernel of n1 refuses to send to n2, and then to every peer. n1 hears them all, so it knows that it is the one not heard.

> block n1 n2
> run 5s
       283 ms  n2 suspects n1: inbound, proved
      1280 ms  n1 is not heard by n2: outbound, suspected
> unblock n1 n2
> run 5s
       113 ms  n2 trusts n1
       114 ms  n1 trusts n2
> block n1
> run 5s
       283 ms  n3 suspects n1: crash, suspected
       283 ms  n2 suspects n1: crash, suspected
       284 ms  n2 and others agree on n1: crash, suspected
       284 ms  n3 and others agree on n1: crash, suspected
      1160 ms  n1 is not heard by n3: outbound, suspected
      1280 ms  n1 is not heard by n2: outbound, suspected
> show
    n1: n2 trusted:outbound, n3 trusted:outbound
    n2: n1 suspected:crash, n3 trusted
    n3: n1 suspected:crash, n2 trusted
> unblock n1
> run 5s
       113 ms  n2 suspects n1: unknown, suspected
       113 ms  n3 trusts n1
       114 ms  n1 trusts n3
       280 ms  n1 trusts n2
       513 ms  n2 trusts n1
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted
