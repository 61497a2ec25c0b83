A firewall that rejects

A firewall begins to reject what n1 sends to n2, in the name of n2, and its errors quote what was sent. n1 hears n2 all the
time: that outranks the errors, so it is told that it is not heard, and not that n2 has crashed. n2, which no longer hears
n1, learns from n3 that n1 lives.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> reject n1 n2
> run 5s
       283 ms  n2 suspects n1: inbound, proved
      1280 ms  n1 is not heard by n2: outbound, suspected
> show
    n1: n2 trusted:outbound, n3 trusted
    n2: n1 suspected:inbound, n3 trusted
    n3: n1 trusted, n2 trusted
> accept n1 n2
> run 5s
       113 ms  n2 trusts n1
       114 ms  n1 trusts n2
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted

Errors from elsewhere, as a router sends them, change nothing of that.

> reject n1 n2 elsewhere
> run 5s
       358 ms  n2 suspects n1: inbound, proved
      1280 ms  n1 is not heard by n2: outbound, suspected
> accept n1 n2
> run 5s
       280 ms  n1 trusts n2
       313 ms  n2 suspects n1: unknown, suspected
       513 ms  n2 trusts n1
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted

Nor do forged errors, a hundred a second: no verdict comes from them, and a crash is found as without them.

> forge n1 n2 100
> run 5s
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted
> crash n2
> run 2s
       250 ms  n1 suspects n2: crash, suspected
       250 ms  n3 suspects n2: crash, suspected
       251 ms  n3 and others agree on n2: crash, suspected
       251 ms  n1 and others agree on n2: crash, suspected
