Restarts that go on

A process is killed, and one that goes on with its life is there a tenth of a second later: nothing is told.
Nor is anything of a planned restart. One that takes two seconds is missed, and trusted as soon as it is heard.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> kill n2
> run 100ms
> resume n2
> run 3s
> suspend n2
> run 150ms
> resume n2
> run 3s
> kill n2
> run 2s
       171 ms  n1 suspects n2: crash, suspected
       171 ms  n3 suspects n2: crash, suspected
       172 ms  n3 and others agree on n2: crash, suspected
       172 ms  n1 and others agree on n2: crash, suspected
> resume n2
> run 3s
         1 ms  n3 trusts n2
         1 ms  n1 trusts n2
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted
