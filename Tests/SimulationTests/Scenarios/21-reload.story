A reload

A host loads a configuration without one of its peers, and later the former one again. The peer that stays notices nothing; the
removed peer is refused, suspects the host that does not answer, and trusts it as soon as it does.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> reload n1 without=n3
> run 3s
       283 ms  n3 suspects n1: link, suspected
> show
    n1: n2 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 suspected:link, n2 trusted
> reload n1
> run 3s
         1 ms  n3 trusts n1
         2 ms  n1 trusts n3
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted

The same configuration once more changes nothing; a shorter interval and another mode are taken over by the others.

> reload n1
> run 3s
> reload n1 interval=100ms mode=ping
> run 5s
> crash n1
> run 2s
       171 ms  n2 suspects n1: crash, suspected
       171 ms  n3 suspects n1: crash, suspected
       172 ms  n3 and others agree on n1: crash, suspected
       172 ms  n2 and others agree on n1: crash, suspected
