A host loses its power

Three hosts watch each other with the defaults of a local network. When n3 loses its power nobody says a word for it:
both others miss its heartbeat, ping it six times, and suspect it.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> crash n3
> run 5s
       330 ms  n2 suspects n3: crash, suspected
       330 ms  n1 suspects n3: crash, suspected
       331 ms  n1 and others agree on n3: crash, suspected
       331 ms  n2 and others agree on n3: crash, suspected

It comes back. Its new life has a later epoch, so that it is a restart is proved and not guessed.

> start n3
> run 2s
         1 ms  n1 sees that n3 has restarted: crash, proved
         1 ms  n1 trusts n3
         1 ms  n2 sees that n3 has restarted: crash, proved
         1 ms  n2 trusts n3
         2 ms  n3 trusts n1
         2 ms  n3 trusts n2
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted
